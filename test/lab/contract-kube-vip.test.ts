import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, clusterOn, until } from '../rig/cluster.ts';
import { labFor, labGone, noLabReason } from '../rig/lab.ts';

// What was observed of kube-vip in ARP mode, held against whatever the lab runs (see contract-kubelet.test.ts).

const name = 'contract-v';
const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: kube-vip's contract: ${reason}\n`);

const manifestPath = '/etc/kubernetes/manifests/kube-vip.yaml';

function manifest(vip: string): string {
  const env = Object.entries({
    vip_arp: 'true',
    port: '6443',
    vip_interface: 'host0',
    vip_subnet: '32',
    cp_enable: 'true',
    cp_namespace: 'kube-system',
    vip_leaderelection: 'true',
    vip_leasename: 'plndr-cp-lock',
    vip_leaseduration: '5',
    vip_renewdeadline: '3',
    vip_retryperiod: '1',
    address: vip,
  }).map(([key, value]) => `    - {name: ${key}, value: "${value}"}\n`);
  return `apiVersion: v1
kind: Pod
metadata: {name: kube-vip, namespace: kube-system}
spec:
  containers:
  - args: [manager]
    env:
    - {name: vip_nodename, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
${env.join('')}    image: ghcr.io/kube-vip/kube-vip:v1.0.2
    imagePullPolicy: IfNotPresent
    name: kube-vip
    securityContext: {capabilities: {add: [NET_ADMIN, NET_RAW], drop: [ALL]}}
    volumeMounts:
    - {mountPath: /etc/kubernetes/admin.conf, name: kubeconfig}
  hostAliases:
  - {hostnames: [kubernetes], ip: 127.0.0.1}
  hostNetwork: true
  volumes:
  - {hostPath: {path: /etc/kubernetes/admin.conf}, name: kubeconfig}
`;
}

describe.skipIf(reason !== undefined)('kube-vip', () => {
  let cluster: Cluster;
  let vip = '';
  const holds = async (host: string): Promise<boolean> =>
    (await cluster.ok(host, 'ip -br addr show host0')).includes(`${vip}/32`);

  beforeAll(async () => {
    cluster = clusterOn(await labFor(name, { shape: { controlPlanes: 2, workers: 1 }, fresh: true }));
    vip = cluster.address('cp1').replace(/\d+$/, '250');
    for (const host of cluster.lab.hosts) await cluster.ok(host.name, 'sysctl -qw net.ipv4.ip_forward=1');
  });
  afterAll(() => labGone(name));

  it('leads once kubeadm has made the cluster that it is the endpoint of', async () => {
    await cluster.write('cp1', manifestPath, manifest(vip));
    const done = await cluster.init('cp1', `${vip}:6443`);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(await holds('cp1')).toBe(true);
    expect(await cluster.status('w1', `https://${vip}:6443/readyz`)).toBe(200);
    const logs = await cluster.ok('cp1', "crictl logs $(crictl ps -q --name '^kube-vip$') 2>&1");
    expect(logs).toMatch(
      /leases\.coordination\.k8s\.io "plndr-cp-lock" is forbidden: User "kubernetes-admin"|New leader leader=cp1/,
    );
  });

  it('moves when its manifest leaves the leader', async () => {
    expect(await cluster.joinControlPlane('cp2')).toMatchObject({ code: 0 });
    await cluster.write('cp2', manifestPath, manifest(vip));
    await until(
      'kube-vip on cp2',
      40_000,
      async () => (await cluster.ok('cp2', "crictl ps -q --name '^kube-vip$' 2>/dev/null")) !== '',
    );
    await cluster.ok('cp1', `mv ${manifestPath} /root/`);
    await until('the address on cp2', 60_000, () => holds('cp2'));
    expect(await holds('cp1')).toBe(false);
    await until(
      'the API server behind it',
      10_000,
      async () => (await cluster.status('w1', `https://${vip}:6443/readyz`)) === 200,
    );
  });

  it('makes a directory of a file that does not exist yet, when its hostPath has no type', async () => {
    await cluster.seed('w1');
    await cluster.write('w1', manifestPath, manifest(vip));
    await until(
      'the directory',
      30_000,
      async () => (await cluster.run('w1', 'test -d /etc/kubernetes/admin.conf')).code === 0,
    );
    await until('its container to fail', 30_000, async () =>
      (await cluster.ok('w1', "crictl ps -a --name '^kube-vip$' 2>/dev/null")).includes('Exited'),
    );
  });
});
