import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, ConnectionError } from './api-client.ts';
import { criClient } from './cri.ts';
import { isOn, type Parsed } from './flags.ts';
import { klogHead } from './go-time.ts';
import { listAt, textAt } from './json.ts';
import { apiOf, controlPlaneAddresses, etcdOf, fetchConfig } from './kubeadm-cluster.ts';
import { systemctl } from './kubeadm-kubelet.ts';
import { manifestDir } from './kubeadm-manifests.ts';
import { phaseError } from './kubeadm-preflight.ts';
import { print, warn } from './program.ts';

const directories = [manifestDir, '/var/lib/kubelet', '/etc/kubernetes/pki'];
const files = [
  'admin.conf',
  'super-admin.conf',
  'kubelet.conf',
  'bootstrap-kubelet.conf',
  'controller-manager.conf',
  'scheduler.conf',
].map((name) => `/etc/kubernetes/${name}`);

function empty(dir: string): void {
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true, force: true });
}

async function confirm(): Promise<void> {
  print("W [reset] WARNING: Changes made to this host by 'kubeadm init' or 'kubeadm join' will be reverted.");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question('[reset] Are you sure you want to proceed? [y/N]: ');
  lines.close();
  if (!/^(y|yes)$/i.test(answer.trim())) throw phaseError('preflight', 'aborted reset operation');
}

/** The node's address as the cluster knows it; undefined, with the reason said, when the cluster or the node cannot be read. */
async function ownAddress(): Promise<string | undefined> {
  const conf = '/etc/kubernetes/admin.conf';
  const cannot = (why: string): undefined => {
    warn(`${klogHead('W', 'reset.go:141')}[reset] Unable to fetch the kubeadm-config ConfigMap from cluster: ${why}`);
    return undefined;
  };
  if (!existsSync(conf)) return undefined;
  print('[reset] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...');
  print("[reset] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.");
  try {
    const api = apiOf(conf);
    await fetchConfig(api);
    const name = hostname().toLowerCase();
    const node = await api.find(`/api/v1/nodes/${name}`);
    if (node === undefined)
      return cannot(`failed to get node registration: failed to get corresponding node: nodes "${name}" not found`);
    const own = listAt(node, 'status', 'addresses').find((one) => textAt(one, 'type') === 'InternalIP');
    return textAt(own, 'address');
  } catch (error) {
    if (error instanceof ApiError || error instanceof ConnectionError)
      return cannot(`failed to get config map: ${error.message}`);
    throw error;
  }
}

/** Takes this node out of etcd, unless it is the last member. */
async function removeMember(address: string): Promise<void> {
  const etcd = etcdOf([...(await controlPlaneAddresses(apiOf()))]);
  const members = await etcd.members();
  const own = members.find((one) => one.peerUrls.includes(`https://${address}:2380`));
  if (own !== undefined && members.length > 1) await etcd.remove(own.id);
}

/** The data directory that the pod of etcd mounts. */
function etcdDataDir(): string {
  const manifest = readFileSync(`${manifestDir}/etcd.yaml`, 'utf8');
  return /--data-dir=(\S+)/.exec(manifest)?.[1] ?? '/var/lib/etcd';
}

/** kubeadm, too, tries each pod five times: a container that is just being started cannot be removed. */
async function tried(times: number, work: () => Promise<void>): Promise<void> {
  for (let left = times - 1; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(200);
    }
  }
}

async function removePods(): Promise<void> {
  const cri = criClient();
  try {
    for (const { id } of await cri.sandboxes()) {
      const remove = async (): Promise<void> => {
        await cri.stopSandbox(id);
        await cri.removeSandbox(id);
      };
      await tried(5, remove);
    }
  } catch (error) {
    warn(`${klogHead('W', 'cleanupnode.go:99')}[reset] Failed to remove containers: ${String(error)}`);
  } finally {
    cri.close();
  }
}

/** `kubeadm reset`: succeeds whatever it finds, and removes every pod and manifest, also those that are not kubeadm's. */
export async function reset(flags: Parsed): Promise<void> {
  const address = await ownAddress();
  if (!isOn(flags, 'force')) await confirm();
  print('[preflight] Running pre-flight checks');
  if (address === undefined) {
    warn(
      `${klogHead('W', 'removeetcdmember.go:105')}[reset] No kubeadm config, using etcd pod spec to get data directory`,
    );
  }
  if (existsSync(`${manifestDir}/etcd.yaml`)) {
    const dataDir = etcdDataDir();
    if (address !== undefined) {
      await removeMember(address).catch((error: unknown) =>
        warn(
          `${klogHead('W', 'removeetcdmember.go:86')}[reset] Failed to remove etcd member: ${String(error)}, please manually remove this etcd member using etcdctl`,
        ),
      );
    }
    rmSync(`${manifestDir}/etcd.yaml`);
    empty(dataDir);
    print(`[reset] Deleted contents of the etcd data directory: ${dataDir}`);
  }
  print('[reset] Stopping the kubelet service');
  systemctl('stop', 'kubelet');
  print('[reset] Unmounting mounted directories in "/var/lib/kubelet"');
  await removePods();
  print(`[reset] Deleting contents of directories: [${directories.join(' ')}]`);
  for (const dir of directories) empty(dir);
  print(`[reset] Deleting files: [${files.join(' ')}]`);
  for (const file of files) rmSync(file, { force: true });
  empty('/var/lib/etcd');
  print(`
The reset process does not perform cleanup of CNI plugin configuration,
network filtering rules and kubeconfig files.

For information on how to perform this cleanup manually, please see:
    https://k8s.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/
`);
}
