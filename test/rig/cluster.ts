import { setTimeout as sleep } from 'node:timers/promises';
import type { Ran } from '../../src/lab/run.ts';
import type { TestLab } from './lab.ts';

/** What the seed puts on every node, with hlb's safe settings; the balancer's image is the lab's newest. */
function haproxyConfig(servers: readonly string[], version: string): string {
  return `global
  log stdout format raw local0
  maxconn 2100
  noreuseport
  hard-stop-after 10m
  stats socket /run/haproxy-apiserver-lb/admin.sock mode 660 level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 15m
  timeout server 15m
  retries 2
  option redispatch
frontend health
  bind 127.0.0.1:16444
  mode http
  monitor-uri /healthz
  monitor fail if { nbsrv(apiservers) lt 1 }
  http-request return status 200 content-type text/plain string "${version}" if { path /hlb-config }
frontend api
  bind 127.0.0.1:16443
  default_backend apiservers
backend apiservers
  balance leastconn
  option httpchk
  http-check send meth GET uri /readyz
  http-check expect status 200
  default-server inter 1s fastinter 300ms downinter 1s fall 2 rise 1 check check-ssl verify none
${servers.map((address, at) => `  server cp${at + 1} ${address}:6443\n`).join('')}`;
}

/** The static pod of the balancer: the configuration as a mounted directory, or as a single file where a test asks for it. */
export function balancerManifest(options: { readonly checksum?: string; readonly fileMount?: boolean } = {}): string {
  const file = options.fileMount === true;
  return `apiVersion: v1
kind: Pod
metadata:
  name: haproxy-apiserver-lb
  namespace: kube-system
  annotations: {hlb/checksum: "${options.checksum ?? 'v1'}"}
spec:
  hostNetwork: true
  priorityClassName: system-node-critical
  priority: 2000001000
  terminationGracePeriodSeconds: 5
  containers:
  - name: haproxy
    image: docker.io/library/haproxy:lts
    imagePullPolicy: IfNotPresent
    volumeMounts:
    - {name: config, mountPath: /usr/local/etc/haproxy${file ? '/haproxy.cfg' : ''}, readOnly: true}
    - {name: run, mountPath: /run/haproxy-apiserver-lb}
  volumes:
  - name: config
    hostPath: {path: /etc/kubernetes/haproxy${file ? '/haproxy.cfg' : ''}, type: ${file ? 'File' : 'Directory'}}
  - name: run
    hostPath: {path: /run/haproxy-apiserver-lb, type: Directory}
`;
}

const dropIn = '/etc/systemd/system/kubelet.service.d/20-standalone.conf';

/** A test's view of a lab in which a cluster is made. */
export interface Cluster {
  readonly lab: TestLab;
  /** Runs a script and expects it to succeed; gives its stdout. */
  readonly ok: (host: string, script: string) => Promise<string>;
  readonly run: (host: string, script: string) => Promise<Ran>;
  /** Writes a file by rename in its directory. */
  readonly write: (host: string, path: string, text: string) => Promise<void>;
  readonly writeConfig: (host: string, version: string, servers?: readonly string[]) => Promise<void>;
  /** Balancer and standalone kubelet, as the seed makes them. */
  readonly seed: (host: string) => Promise<void>;
  readonly unseed: (host: string) => Promise<void>;
  readonly init: (host: string, endpoint?: string) => Promise<Ran>;
  /** The line that joins, and with a key that joins a control plane. */
  readonly joinLine: () => Promise<string>;
  readonly certificateKey: () => Promise<string>;
  readonly joinWorker: (host: string) => Promise<Ran>;
  readonly joinControlPlane: (host: string) => Promise<Ran>;
  readonly etcdctl: (host: string, words: string) => Promise<Ran>;
  readonly kubectl: (words: string, host?: string) => Promise<Ran>;
  /** The code that an API server, or what stands before it, answers on a path. */
  readonly status: (host: string, url: string) => Promise<number>;
  readonly address: (host: string) => string;
  /** Makes doubles take this share of the observed times; real binaries do not know of it. */
  readonly quicken: (scale: number) => Promise<void>;
}

/** Waits until a check gives something; fails with what it was waiting for. */
export async function until<T>(what: string, limitMs: number, check: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms for ${what}`);
    await sleep(150);
  }
}

/** What the balancer's container is, for comparing before and after. */
export const identity =
  'crictl ps --name \'^haproxy$\' -o json 2>/dev/null | tr -d \' \\n\' | grep -oE \'"(id|podSandboxId|createdAt)":"[^"]*"|"attempt":[0-9]+\' | head -4';

export function clusterOn(lab: TestLab): Cluster {
  const controlPlanes = lab.hosts.filter((host) => host.group === 'control_plane').map((host) => host.address);
  const address = (host: string): string => lab.hosts.find((one) => one.name === host)?.address ?? '';
  const run = (host: string, script: string): Promise<Ran> => lab.sh(host, script);
  const ok: Cluster['ok'] = async (host, script) => {
    const ran = await run(host, script);
    if (ran.code !== 0) throw new Error(`${host}: ${script}\nexit code ${ran.code}\n${ran.stdout}\n${ran.stderr}`);
    return ran.stdout;
  };
  const write: Cluster['write'] = async (host, path, text) => {
    const at = path.lastIndexOf('/');
    const [dir, name] = [path.slice(0, at), path.slice(at + 1)];
    const wrote = await lab.sh(host, `mkdir -p ${dir} && cat > ${dir}/.new.${name} && mv ${dir}/.new.${name} ${path}`, {
      input: text,
    });
    if (wrote.code !== 0) throw new Error(`${host}: ${path}: ${wrote.stderr}`);
  };
  const writeConfig: Cluster['writeConfig'] = (host, version, servers = controlPlanes) =>
    write(host, '/etc/kubernetes/haproxy/haproxy.cfg', haproxyConfig(servers, version));
  const seed: Cluster['seed'] = async (host) => {
    await ok(
      host,
      'mkdir -p /run/haproxy-apiserver-lb && chown 99:99 /run/haproxy-apiserver-lb && sysctl -qw net.ipv4.ip_forward=1',
    );
    await writeConfig(host, 'v1');
    await write(host, '/etc/kubernetes/manifests/haproxy-apiserver-lb.yaml', balancerManifest());
    const driver = (await run(host, 'test -e /sys/fs/cgroup/cgroup.controllers')).code === 0 ? 'systemd' : 'cgroupfs';
    await write(
      host,
      '/var/lib/kubelet/config.yaml',
      `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: ${driver}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
staticPodPath: /etc/kubernetes/manifests
failSwapOn: false
localStorageCapacityIsolation: false
`,
    );
    await write(
      host,
      dropIn,
      '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet --config=/var/lib/kubelet/config.yaml\n',
    );
    await ok(host, 'systemctl daemon-reload && systemctl restart kubelet');
    await until(
      `the balancer of ${host}`,
      60_000,
      async () => (await run(host, 'curl -sf -m1 127.0.0.1:16444/hlb-config')).code === 0,
    );
  };
  const unseed: Cluster['unseed'] = async (host) => {
    await ok(host, `systemctl stop kubelet; rm -f ${dropIn} /var/lib/kubelet/config.yaml; systemctl daemon-reload`);
  };
  const init: Cluster['init'] = async (host, endpoint = '127.0.0.1:16443') => {
    await write(
      host,
      '/etc/kubernetes/kubeadm-config.yaml',
      `apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: ${address(host)}, bindPort: 6443}
nodeRegistration: {criSocket: "unix:///run/containerd/containerd.sock", imagePullPolicy: IfNotPresent}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: ${/v\d+\.\d+\.\d+/.exec(await ok(host, 'kubeadm version -o short'))?.[0] ?? ''}
controlPlaneEndpoint: ${endpoint}
apiServer: {certSANs: [127.0.0.1, localhost, ${controlPlanes.join(', ')}]}
networking: {podSubnet: 10.244.0.0/16}
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cgroupDriver: ${(await run(host, 'test -e /sys/fs/cgroup/cgroup.controllers')).code === 0 ? 'systemd' : 'cgroupfs'}
failSwapOn: false
localStorageCapacityIsolation: false
`,
    );
    return run(
      host,
      'kubeadm init --config /etc/kubernetes/kubeadm-config.yaml --upload-certs --skip-phases=addon/kube-proxy',
    );
  };
  const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const joinLine = async (): Promise<string> =>
    lastLine(await ok('cp1', 'kubeadm token create --print-join-command 2>/dev/null'));
  const certificateKey = async (): Promise<string> =>
    lastLine(await ok('cp1', 'kubeadm init phase upload-certs --upload-certs 2>/dev/null'));
  return {
    lab,
    ok,
    run,
    write,
    writeConfig,
    seed,
    unseed,
    init,
    joinLine,
    certificateKey,
    joinWorker: async (host) => run(host, await joinLine()),
    joinControlPlane: async (host) =>
      run(
        host,
        `${await joinLine()} --control-plane --certificate-key ${await certificateKey()} --apiserver-advertise-address ${address(host)}`,
      ),
    etcdctl: (host, words) =>
      run(
        host,
        `crictl exec $(crictl ps -q --name '^etcd$' 2>/dev/null) etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key ${words}`,
      ),
    kubectl: (words, host = 'cp1') => run(host, `KUBECONFIG=/etc/kubernetes/admin.conf kubectl ${words}`),
    status: async (host, url) =>
      Number((await run(host, `curl -sk -m3 -o /dev/null -w '%{http_code}' ${url}`)).stdout || 0),
    address,
    quicken: async (scale) => {
      for (const host of lab.hosts) await ok(host.name, `mkdir -p /etc/hlb-lab && echo ${scale} > /etc/hlb-lab/scale`);
    },
  };
}
