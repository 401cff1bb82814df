import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { containerdSocket, criClient } from './cri.ts';
import { RpcError, rpcErrorText } from './grpc.ts';
import type { ClusterConfig, NodeConfig } from './kubeadm-config.ts';
import { components, imageList, manifestDir } from './kubeadm-manifests.ts';
import { Exit, print, warn } from './program.ts';
import { resolve4 } from './resolve.ts';

/** What a check found: its name, as `--ignore-preflight-errors` takes it, and the words. */
interface Finding {
  readonly name: string;
  readonly text: string;
  readonly isWarning?: boolean;
}
type Check = () => Promise<readonly Finding[]>;

const found = (name: string, text: string, isWarning = false): readonly Finding[] => [{ name, text, isWarning }];

/** Whether something listens, on whatever address: the real one tries to bind the same way. */
function portFree(port: number): Check {
  return () =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(found(`Port-${port}`, `Port ${port} is in use`)));
      server.listen(port, '::', () => server.close(() => resolve([])));
    });
}

const label = (path: string): string => path.replaceAll('/', '-');

const fileFree =
  (path: string): Check =>
  async () =>
    existsSync(path) ? found(`FileAvailable-${label(path)}`, `${path} already exists`) : [];

const directoryEmpty =
  (path: string): Check =>
  async () =>
    existsSync(path) && readdirSync(path).length > 0
      ? found(`DirAvailable-${label(path)}`, `${path} is not empty`)
      : [];

const fileHolds =
  (path: string, wanted: string): Check =>
  async () =>
    existsSync(path) && readFileSync(path, 'utf8').trim() === wanted
      ? []
      : found(`FileContent-${label(path)}`, `${path} contents are not set to ${wanted}`);

const runtime: Check = async () => {
  const cri = criClient();
  try {
    await cri.version();
    return [];
  } catch (error) {
    const endpoint = `unix://${containerdSocket}`;
    const why = error instanceof RpcError ? rpcErrorText(error) : String(error);
    return found(
      'CRI',
      `could not connect to the container runtime: failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint "${endpoint}": ${why}`,
    );
  } finally {
    cri.close();
  }
};

const swap: Check = async () =>
  readFileSync('/proc/swaps', 'utf8').trim().split('\n').length > 1
    ? found('Swap', 'swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap.', true)
    : [];

const cgroups: Check = async () =>
  existsSync('/sys/fs/cgroup/cgroup.controllers')
    ? []
    : found('SystemVerification', 'cgroups v1 support is in maintenance mode, please migrate to cgroups v2', true);

const hostname =
  (name: string): Check =>
  async () =>
    (await resolve4(name)) === undefined ? found('Hostname', `hostname "${name}" could not be reached`, true) : [];

const kubeletEnabled: Check = async () =>
  spawnSync('systemctl', ['is-enabled', 'kubelet'], { encoding: 'utf8' }).stdout.trim() === 'enabled'
    ? []
    : found('Service-Kubelet', "kubelet service is not enabled, please run 'systemctl enable kubelet.service'", true);

const common = (node: NodeConfig): readonly Check[] => [
  runtime,
  swap,
  cgroups,
  hostname(node.nodeName),
  kubeletEnabled,
  portFree(10250),
];
const forwarding = fileHolds('/proc/sys/net/ipv4/ip_forward', '1');

const controlPlanePorts = (node: NodeConfig): readonly Check[] => [node.bindPort, 10259, 10257].map(portFree);
const manifestsFree = [...components, 'etcd'].map((name) => fileFree(`${manifestDir}/${name}.yaml`));
const etcdFree = (cluster: ClusterConfig): readonly Check[] => [
  portFree(2379),
  portFree(2380),
  directoryEmpty(cluster.etcdDataDir),
];

export function initChecks(cluster: ClusterConfig, node: NodeConfig): readonly Check[] {
  return [...controlPlanePorts(node), ...manifestsFree, ...common(node), forwarding, ...etcdFree(cluster)];
}

export function joinChecks(node: NodeConfig, isControlPlane: boolean): readonly Check[] {
  const own = ['/etc/kubernetes/kubelet.conf', '/etc/kubernetes/bootstrap-kubelet.conf'].map(fileFree);
  return [...own, ...common(node), ...(isControlPlane ? [] : [fileFree('/etc/kubernetes/pki/ca.crt')]), forwarding];
}

/** What a control plane that joins checks once it has read the cluster's configuration. */
export function joinControlPlaneChecks(cluster: ClusterConfig, node: NodeConfig): readonly Check[] {
  return [...controlPlanePorts(node), ...manifestsFree, ...etcdFree(cluster)];
}

/** Runs the checks and refuses when one that may not be ignored has failed: all of them in one list. */
export async function preflight(checks: readonly Check[], ignore: readonly string[]): Promise<void> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check()));
  const isIgnored = (one: Finding): boolean => ignore.includes('all') || ignore.includes(one.name.toLowerCase());
  const errors = findings.filter((one) => one.isWarning !== true && !isIgnored(one));
  for (const one of findings) if (!errors.includes(one)) warn(`\t[WARNING ${one.name}]: ${one.text}`);
  if (errors.length === 0) return;
  warn('[preflight] Some fatal errors occurred:');
  for (const one of errors) warn(`\t[ERROR ${one.name}]: ${one.text}`);
  warn(
    '[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`',
  );
  throw phaseError('preflight', 'preflight checks failed');
}

/** How kubeadm ends when a phase fails. */
export function phaseError(phase: string, why: string): Exit {
  return new Exit(
    1,
    `error: error execution phase ${phase}: ${why}\nTo see the stack trace of this error execute with --v=5 or higher`,
  );
}

/** The images of the control plane must be there: a lab has no registry. CoreDNS and kube-proxy are nobody's part here. */
export async function pullImages(cluster: ClusterConfig): Promise<void> {
  print('[preflight] Pulling images required for setting up a Kubernetes cluster');
  print('[preflight] This might take a minute or two, depending on the speed of your internet connection');
  print("[preflight] You can also perform this action beforehand using 'kubeadm config images pull'");
  const missing = await missingImages(cluster);
  if (missing.length === 0) return;
  warn('[preflight] Some fatal errors occurred:');
  for (const image of missing) warn(`\t[ERROR ImagePull]: failed to pull image ${image}: the lab has no registry`);
  throw phaseError('preflight', 'preflight checks failed');
}

export async function missingImages(cluster: ClusterConfig): Promise<readonly string[]> {
  const cri = criClient();
  try {
    const wanted = imageList(cluster).filter((image) => !/kube-proxy|coredns/.test(image));
    const there = await Promise.all(wanted.map((image) => cri.imageStatus(image)));
    return wanted.filter((_, at) => there[at] === undefined);
  } finally {
    cri.close();
  }
}
