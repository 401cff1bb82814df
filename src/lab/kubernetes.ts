import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { runtimeDir } from './doubles/name.ts';
import { doublesRuntime } from './doubles-runtime.ts';
import type { LabPlaces } from './places.ts';
import { problem } from './problem.ts';

/** Where a host's Kubernetes comes from: a folder of the machine that it sees read-only. */
export interface Kubernetes {
  readonly kind: 'doubles' | 'real';
  /** On the machine; has bin/. */
  readonly folder: string;
}

const programs = ['kubelet', 'kubeadm', 'kubectl', 'crictl'] as const;

/** Where hosts see the folder. */
export function kubernetesDir(kind: Kubernetes['kind']): string {
  return kind === 'doubles' ? runtimeDir : '/opt/hlb-k8s';
}

/** A folder of real binaries, checked and absolute. */
export function kubernetesFolder(k8sDir: string): string {
  const folder = resolve(k8sDir);
  const missing = programs.filter((name) => !existsSync(join(folder, 'bin', name)));
  if (missing.length === 0) return folder;
  throw problem(
    'lab/bad-k8s-dir',
    `Expected "${folder}" to have bin/ with ${programs.join(', ')}, but ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    'Put the release binaries into bin/ and the image tars into images/, or leave --k8s-dir away to get test doubles',
  );
}

/** The given folder; else the doubles, laid out in the lab's own directory, which stays the same for its life. */
export async function kubernetesFor(places: LabPlaces, home: string, k8sDir: string | undefined): Promise<Kubernetes> {
  if (k8sDir !== undefined) return { kind: 'real', folder: kubernetesFolder(k8sDir) };
  const folder = join(home, 'doubles');
  mirror(await doublesRuntime(places), folder);
  return { kind: 'doubles', folder };
}

/** Makes `to` hold the files of `from` by hard links; a file that is the same already stays, so that running programs do. */
function mirror(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  const wanted = new Set(readdirSync(from));
  for (const name of readdirSync(to)) if (!wanted.has(name)) rmSync(join(to, name), { recursive: true });
  for (const name of wanted) {
    const [source, target] = [join(from, name), join(to, name)];
    if (statSync(source).isDirectory()) {
      mirror(source, target);
      continue;
    }
    if (existsSync(target)) {
      if (statSync(target).ino === statSync(source).ino) continue;
      rmSync(target);
    }
    try {
      linkSync(source, target);
    } catch {
      cpSync(source, target);
    }
  }
}

const kubeletService = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`;

const kubeadmDropIn = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

const unit = '/usr/lib/systemd/system/kubelet.service';

/** The files of Kubernetes' Debian packages that are text, by path. */
const packageFiles: Readonly<Record<string, string>> = {
  [unit]: kubeletService,
  [`${unit}.d/10-kubeadm.conf`]: kubeadmDropIn,
  '/etc/crictl.yaml': 'runtime-endpoint: unix:///run/containerd/containerd.sock\n',
};

function packageLinks(kind: Kubernetes['kind']): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(programs.map((name) => [`/usr/bin/${name}`, `${kubernetesDir(kind)}/bin/${name}`])),
    '/etc/systemd/system/multi-user.target.wants/kubelet.service': '/lib/systemd/system/kubelet.service',
  };
}

/** Lays a host's files out as Kubernetes' Debian packages do: programs in /usr/bin, the unit and kubeadm's drop-in, enabled. */
export function installKubernetes(root: string, kind: Kubernetes['kind']): void {
  for (const [path, text] of Object.entries(packageFiles)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const [path, target] of Object.entries(packageLinks(kind))) {
    rmSync(join(root, path), { force: true });
    symlinkSync(target, join(root, path));
  }
  mkdirSync(join(root, 'etc/kubernetes/manifests'), { recursive: true });
}

/** The same as a script that runs on a host, which then also imports the images once containerd is there. */
export function installScript(kind: Kubernetes['kind']): string {
  const files = Object.entries(packageFiles).map(
    ([path, text]) => `mkdir -p ${dirname(path)}\ncat > ${path} <<'HLB_FILE'\n${text}HLB_FILE\n`,
  );
  const links = Object.entries(packageLinks(kind)).map(
    ([path, target]) => `mkdir -p ${dirname(path)} && ln -sfn ${target} ${path}\n`,
  );
  return `set -e
${files.join('')}${links.join('')}mkdir -p /etc/kubernetes/manifests
systemctl daemon-reload
if command -v ctr > /dev/null; then
  for image in ${kubernetesDir(kind)}/images/*.tar; do [ -e "$image" ] && ctr --namespace k8s.io images import "$image"; done
fi
true
`;
}
