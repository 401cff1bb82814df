import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ApiClient, ApiError, apiClient } from './api-client.ts';
import { type Json, objectAt, textAt } from './json.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { ending, program, warn } from './program.ts';

/** `ip` and `arping` have a root of their own in the image, with its libraries. */
function tool(path: string, ...args: readonly string[]): void {
  const env = { LD_LIBRARY_PATH: '' };
  const loader = '/tools/lib64/ld-linux-x86-64.so.2';
  const libraries = '/tools/lib/x86_64-linux-gnu:/tools/usr/lib/x86_64-linux-gnu';
  spawnSync(loader, ['--library-path', libraries, `/tools${path}`, ...args], { env, stdio: 'ignore', timeout: 5000 });
}

interface Settings {
  readonly address: string;
  readonly interface: string;
  readonly subnet: string;
  readonly node: string;
  readonly lease: string;
  readonly leaseSeconds: number;
  readonly retrySeconds: number;
}

function settings(): Settings {
  const of = (name: string, otherwise: string): string => process.env[name] ?? otherwise;
  return {
    address: of('address', ''),
    interface: of('vip_interface', ''),
    subnet: of('vip_subnet', '32').replace('/', ''),
    node: of('vip_nodename', ''),
    lease: of('vip_leasename', 'plndr-cp-lock'),
    leaseSeconds: Number(of('vip_leaseduration', '5')),
    retrySeconds: Number(of('vip_retryperiod', '1')),
  };
}

const log = (text: string): void =>
  warn(`${new Date().toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')} INFO ${text}`);

/** Takes or renews the lease; gives whether this node leads. */
async function lead(api: ApiClient, { lease, node, leaseSeconds }: Settings): Promise<boolean> {
  const collection = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
  const now = new Date().toISOString();
  const spec: Json = { holderIdentity: node, leaseDurationSeconds: leaseSeconds, renewTime: now };
  const found = await api.find(`${collection}/${lease}`);
  if (found === undefined) {
    await api.send('POST', collection, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: lease },
      spec,
    });
    return true;
  }
  const holder = textAt(found, 'spec', 'holderIdentity');
  const isFree =
    holder === '' || Date.now() - Date.parse(textAt(found, 'spec', 'renewTime') ?? now) > leaseSeconds * 1000;
  if (holder !== node && !isFree) return false;
  await api.send('PUT', `${collection}/${lease}`, { ...objectAt(found), spec });
  return true;
}

async function release(api: ApiClient, { lease }: Settings): Promise<void> {
  await api.send('PATCH', `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${lease}`, {
    spec: { holderIdentity: '' },
  });
}

program('kube-vip', async () => {
  const wanted = settings();
  const cidr = `${wanted.address}/${wanted.subnet}`;
  let isLeading = false;
  const drop = (): void => {
    if (isLeading) tool('/usr/bin/ip', 'addr', 'del', cidr, 'dev', wanted.interface);
    isLeading = false;
  };
  // With hostAliases the name "kubernetes" is the node itself: the real one too asks its own API server.
  const config = readKubeconfig(readFileSync('/etc/kubernetes/admin.conf', 'utf8'));
  const api = apiClient({ ...config, server: 'https://kubernetes:6443' }, 2000);
  const life = ending();
  process.once('SIGTERM', life.end);
  log(`cluster membership namespace=kube-system lock=${wanted.lease} id=${wanted.node}`);
  let renewed = Date.now();
  while (!life.signal.aborted) {
    try {
      const leads = await lead(api, wanted);
      renewed = Date.now();
      if (leads && !isLeading) {
        isLeading = true;
        log(`New leader leader=${wanted.node}`);
        tool('/usr/bin/ip', 'addr', 'replace', cidr, 'dev', wanted.interface);
        tool('/usr/bin/arping', '-c', '3', '-w', '3', '-U', '-I', wanted.interface, wanted.address);
      }
      if (!leads) drop();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 409)
        warn(`error retrieving resource lock kube-system/${wanted.lease}: ${String(error)}`);
      if (Date.now() - renewed > wanted.leaseSeconds * 1000) drop();
    }
    await life.wait(wanted.retrySeconds * 1000);
  }
  if (isLeading) await release(api, wanted).catch((error: unknown) => warn(String(error)));
  drop();
});
