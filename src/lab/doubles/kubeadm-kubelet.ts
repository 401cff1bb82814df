import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Json } from './json.ts';
import { authority, writeNew } from './kubeadm-certs.ts';
import type { NodeConfig } from './kubeadm-config.ts';
import { pauseTag } from './kubeadm-manifests.ts';
import { phaseError } from './kubeadm-preflight.ts';
import { embedded, kubeconfigText } from './kubeconfig.ts';
import { Exit, print } from './program.ts';
import { scaled } from './timing.ts';
import { certify, newKeyPair } from './x509.ts';

export function systemctl(...words: readonly string[]): void {
  spawnSync('systemctl', words, { stdio: 'ignore' });
}

export const bootstrapConf = '/etc/kubernetes/bootstrap-kubelet.conf';

interface KubeconfigUser {
  readonly user: string;
  readonly organizations: readonly string[];
  readonly endpoint: 'cluster' | 'local';
  readonly renewed: string;
}

/** The kubeconfig files that kubeadm writes, in the order in which init does. */
export const kubeconfigUsers: Readonly<Record<string, KubeconfigUser>> = {
  'admin.conf': {
    user: 'kubernetes-admin',
    organizations: ['kubeadm:cluster-admins'],
    endpoint: 'cluster',
    renewed: 'certificate embedded in the kubeconfig file for the admin to use and for kubeadm itself',
  },
  'super-admin.conf': {
    user: 'kubernetes-super-admin',
    organizations: ['system:masters'],
    endpoint: 'cluster',
    renewed: 'certificate embedded in the kubeconfig file for the super-admin',
  },
  'controller-manager.conf': {
    user: 'system:kube-controller-manager',
    organizations: [],
    endpoint: 'local',
    renewed: 'certificate embedded in the kubeconfig file for the controller manager to use',
  },
  'scheduler.conf': {
    user: 'system:kube-scheduler',
    organizations: [],
    endpoint: 'local',
    renewed: 'certificate embedded in the kubeconfig file for the scheduler manager to use',
  },
};

/** Writes one of them with a certificate of its own. */
export function writeKubeconfig(
  name: string,
  servers: { readonly cluster: string; readonly local: string },
  own?: KubeconfigUser,
): void {
  const wish = own ?? kubeconfigUsers[name];
  if (wish === undefined) throw new Exit(1, `error: unknown kubeconfig file "${name}"`);
  const ca = authority('ca');
  const { privatePem, publicPem } = newKeyPair();
  const subject = { commonName: wish.user, organizations: wish.organizations };
  const certificate = certify({ subject, publicPem, use: 'client', days: 365 }, ca);
  const text = kubeconfigText({
    server: servers[wish.endpoint],
    ca: ca.certificate,
    user: wish.user,
    credentials: embedded(certificate, privatePem),
    style: 'kubeadm',
  });
  writeNew(`/etc/kubernetes/${name}`, text, 0o600);
}

export function writeInstanceConfig(): void {
  print('[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/instance-config.yaml"');
  writeNew(
    '/var/lib/kubelet/instance-config.yaml',
    'containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock"\n',
    0o644,
  );
  print('[patches] Applied patch of type "application/strategic-merge-patch+json" to target "kubeletconfiguration"');
}

export function writeKubeletConfig(config: Json): void {
  print('[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"');
  writeNew('/var/lib/kubelet/config.yaml', stringify(config), 0o644);
}

export function writeKubeletFlags(node: NodeConfig): void {
  print('[kubelet-start] Writing kubelet environment file with flags to file "/var/lib/kubelet/kubeadm-flags.env"');
  const extra = Object.entries(node.kubeletExtraArgs).map(([name, value]) => ` --${name}=${value}`);
  const words = `--pod-infra-container-image=registry.k8s.io/pause:${pauseTag}${extra.join('')}`;
  writeNew('/var/lib/kubelet/kubeadm-flags.env', `KUBELET_KUBEADM_ARGS="${words}"\n`, 0o644);
}

export function startKubelet(): void {
  print('[kubelet-start] Starting the kubelet');
  systemctl('restart', 'kubelet');
}

function healthz(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sent = request('http://127.0.0.1:10248/healthz', { timeout: 1000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? undefined : `HTTP status ${answer.statusCode}`);
    });
    sent.on('timeout', () => sent.destroy(new Error('context deadline exceeded')));
    sent.on('error', () => resolve('dial tcp 127.0.0.1:10248: connect: connection refused'));
    sent.end();
  });
}

const healthTimeoutMs = 240_000;

/** Waits for the kubelet's own word that it is well; four minutes, then the phase has failed. */
export async function waitForKubelet(phase: string, beforeFailing: () => void = () => undefined): Promise<void> {
  print('[kubelet-check] Waiting for a healthy kubelet at http://127.0.0.1:10248/healthz. This can take up to 4m0s');
  const begun = Date.now();
  for (;;) {
    const why = await healthz();
    if (why === undefined) return print(`[kubelet-check] The kubelet is healthy after ${Date.now() - begun}.0ms`);
    if (Date.now() - begun > scaled(healthTimeoutMs)) {
      print('[kubelet-check] The kubelet is not healthy after 4m0.000000000s');
      print(`
Unfortunately, an error has occurred, likely caused by:
	- The kubelet is not running
	- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)

If you are on a systemd-powered system, you can try to troubleshoot the error with the following commands:
	- 'systemctl status kubelet'
	- 'journalctl -xeu kubelet'
`);
      beforeFailing();
      throw phaseError(
        phase,
        `failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL http://127.0.0.1:10248/healthz' returned error: Get "http://127.0.0.1:10248/healthz": ${why}\n`,
      );
    }
    await sleep(200);
  }
}

/** Waits until the kubelet has a certificate and the cluster its node; then the bootstrap's own credentials go. */
export async function waitForBootstrap(hasNode: () => Promise<boolean>): Promise<void> {
  print('[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap');
  const begun = Date.now();
  for (;;) {
    const hasCertificate =
      existsSync('/var/lib/kubelet/pki/kubelet-client-current.pem') && existsSync('/etc/kubernetes/kubelet.conf');
    if (hasCertificate && (await hasNode())) break;
    if (Date.now() - begun > healthTimeoutMs) {
      throw phaseError('kubelet-wait-bootstrap', 'timed out waiting for the condition');
    }
    await sleep(200);
  }
  rmSync(bootstrapConf, { force: true });
}

/** kubelet.conf of a node whose certificate came from init: from now on the kubelet renews it. */
export function kubeletConfUsesRotation(): boolean {
  return readFileSync('/etc/kubernetes/kubelet.conf', 'utf8').includes('kubelet-client-current.pem');
}
