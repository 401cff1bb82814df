import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, clusterOn, until } from '../rig/cluster.ts';
import { labFor, labGone, noLabReason } from '../rig/lab.ts';

// What was observed of a running control plane (API server, etcd, kubectl), held against whatever the lab runs (see
// contract-kubelet.test.ts). The tests are one story on one cluster, in this order.

const name = 'contract-b';
const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: the control plane's contract: ${reason}\n`);

describe.skipIf(reason !== undefined)('a control plane', () => {
  let cluster: Cluster;
  const own = (host: string): string => `https://${cluster.address(host)}:6443`;
  const ready = (host: string): Promise<number> => cluster.status(host, `${own(host)}/readyz`);
  const members = async (): Promise<readonly string[]> =>
    (await cluster.etcdctl('cp1', 'member list 2>/dev/null')).stdout.trim().split('\n');
  const idOf = async (host: string): Promise<string> =>
    (await members())
      .find((line) => line.includes(`${cluster.address(host)}:2380`))
      ?.split(',')[0]
      ?.trim() ?? '';

  beforeAll(async () => {
    cluster = clusterOn(await labFor(name, { shape: { controlPlanes: 3, workers: 1 }, fresh: true }));
    await cluster.quicken(0.2);
    await Promise.all(cluster.lab.hosts.map((host) => cluster.seed(host.name)));
    await Promise.all(cluster.lab.hosts.map((host) => cluster.unseed(host.name)));
    for (const host of ['cp1', 'cp2', 'cp3', 'w1']) {
      if (host !== 'cp1')
        await until(
          'the balancer',
          30_000,
          async () => (await cluster.status(host, 'https://127.0.0.1:16443/readyz')) === 200,
        );
      const made = await (host === 'cp1'
        ? cluster.init(host)
        : host === 'w1'
          ? cluster.joinWorker(host)
          : cluster.joinControlPlane(host));
      expect({ host, ...made }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('at ') });
    }
    for (const host of ['cp1', 'cp2', 'cp3'])
      await until(`the API server of ${host}`, 30_000, async () => (await ready(host)) === 200);
  });
  afterAll(() => labGone(name));

  it('lists its members in lines and in JSON whose numbers JavaScript cannot hold (27)', async () => {
    const lines = await members();
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/^[0-9a-f]{1,16}, started, cp\d, https:\/\/[\d.]+:2380, https:\/\/[\d.]+:2379, false$/);
    const json = (await cluster.etcdctl('cp1', 'member list -w json 2>/dev/null')).stdout;
    const ids = [...json.matchAll(/"ID":(\d+)/g)].map((match) => BigInt(match[1] ?? 0).toString(16));
    expect(new Set(ids)).toEqual(new Set(lines.map((line) => line.split(',')[0])));
    const health = await cluster.etcdctl('cp1', 'endpoint health --cluster');
    expect(health.code).toBe(0);
    expect(
      `${health.stdout}${health.stderr}`.match(/is healthy: successfully committed proposal: took = /g),
    ).toHaveLength(3);
  });

  it('has no shell in the containers of the control plane', async () => {
    const shell = await cluster.run('cp1', "crictl exec $(crictl ps -q --name '^etcd$') sh -c true");
    expect(shell).toMatchObject({ code: 1, stderr: expect.stringContaining('executable file not found in $PATH') });
  });

  it('answers to kubectl as observed, also what it refuses (28)', async () => {
    const missing = await cluster.kubectl('get node nosuch');
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Error from server (NotFound): nodes "nosuch" not found'),
    });
    expect(await cluster.kubectl('delete node nosuch')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nodes "nosuch" not found'),
    });
    const path = await cluster.kubectl('get --raw /nosuch');
    expect(path).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Error from server (NotFound): the server could not find the requested resource'),
    });
    const refused = await cluster.kubectl('--server https://127.0.0.1:1 get nodes');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
    );
    expect(refused.stderr.match(/memcache\.go:\d+\]/g)).toHaveLength(5);
    expect((await cluster.kubectl("get --raw '/readyz?verbose'")).stdout).toMatch(
      /^\[\+\]ping ok\n[\s\S]*\nreadyz check passed\n?$/,
    );
    expect((await cluster.kubectl('get --raw /livez')).stdout).toBe('ok');
  });

  it('cordons and drains twice without complaint, and leaves static pods where they are', async () => {
    expect((await cluster.kubectl('cordon w1')).stdout).toBe('node/w1 cordoned\n');
    expect(await cluster.kubectl('cordon w1')).toMatchObject({ code: 0, stdout: 'node/w1 already cordoned\n' });
    expect(
      (await cluster.kubectl('drain w1 --ignore-daemonsets --delete-emptydir-data --timeout=60s')).stdout,
    ).toContain('node/w1 drained');
    expect((await cluster.kubectl('drain w1 --ignore-daemonsets')).code).toBe(0);
    expect((await cluster.kubectl('get nodes')).stdout).toMatch(/^w1 +NotReady,SchedulingDisabled +<none> /m);
    expect(await cluster.ok('w1', "crictl ps -q --name '^haproxy$' 2>/dev/null")).not.toBe('');
    expect((await cluster.kubectl('uncordon w1')).stdout).toBe('node/w1 uncordoned\n');
  });

  it('serves a new certificate without a restart (25)', async () => {
    const before = await cluster.ok('cp2', "crictl ps -q --name '^kube-apiserver$' 2>/dev/null");
    await cluster.ok(
      'cp2',
      `mkdir -p /root/old; mv /etc/kubernetes/pki/apiserver.crt /etc/kubernetes/pki/apiserver.key /root/old/
cat > /root/c.yaml <<X
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: ${cluster.address('cp2')}}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: ${/v\d+\.\d+\.\d+/.exec(await cluster.ok('cp2', 'kubeadm version -o short'))?.[0] ?? ''}
controlPlaneEndpoint: 127.0.0.1:16443
apiServer: {certSANs: [127.0.0.1, localhost, lb.example.test]}
X
kubeadm init phase certs apiserver --config /root/c.yaml`,
    );
    await until('the new name', 5000, async () =>
      (
        await cluster.run(
          'cp2',
          `echo | openssl s_client -connect ${cluster.address('cp2')}:6443 2>/dev/null | openssl x509 -noout -ext subjectAltName`,
        )
      ).stdout.includes('lb.example.test'),
    );
    expect(await cluster.ok('cp2', "crictl ps -q --name '^kube-apiserver$' 2>/dev/null")).toBe(before);
  });

  it('says 500 before it refuses when it is stopped by moving its manifest away, and comes back (26)', async () => {
    await cluster.ok('cp3', 'mv /etc/kubernetes/manifests/kube-apiserver.yaml /root/');
    const seen: number[] = [];
    await until('the API server to refuse', 10_000, async () => {
      seen.push(await ready('cp3'));
      return seen.at(-1) === 0;
    });
    expect(seen).toContain(500);
    expect(await cluster.status('w1', 'https://127.0.0.1:16443/readyz')).toBe(200);
    await until(
      'the container to go',
      60_000,
      async () => (await cluster.ok('cp3', "crictl ps -q --name '^kube-apiserver$' 2>/dev/null")) === '',
    );
    await cluster.ok('cp3', 'mv /root/kube-apiserver.yaml /etc/kubernetes/manifests/');
    await until('the API server', 60_000, async () => (await ready('cp3')) === 200);
  });

  it('is killed at once by crictl stop without a time-out, and restarted by its kubelet (11)', async () => {
    const before = (await cluster.ok('cp3', "crictl ps -q --name '^kube-apiserver$' 2>/dev/null")).trim();
    const begun = Date.now();
    await cluster.ok('cp3', `crictl stop ${before}`);
    expect(Date.now() - begun).toBeLessThan(5000);
    await until('the API server', 60_000, async () => (await ready('cp3')) === 200);
    expect((await cluster.ok('cp3', "crictl ps -q --name '^kube-apiserver$' 2>/dev/null")).trim()).not.toBe(before);
  });

  it('loses a member that is removed: its etcd ends for good, a second removal says so (27)', async () => {
    const id = await idOf('cp3');
    expect((await cluster.etcdctl('cp1', `member remove ${id}`)).stdout).toMatch(/removed from cluster/);
    expect(await cluster.etcdctl('cp1', `member remove ${id}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Error: etcdserver: member not found'),
    });
    await until(
      'its etcd to end',
      20_000,
      async () =>
        (await cluster.ok('cp3', "crictl ps -a --name '^etcd$' 2>/dev/null | grep -c Exited || true")) !== '0\n',
    );
    await until('its API server to be sick', 20_000, async () => (await ready('cp3')) === 500);
    const reset = await cluster.run('cp3', 'kubeadm reset -f');
    expect(reset.code).toBe(0);
    expect(await cluster.ok('cp3', 'ls -A /etc/kubernetes/manifests')).toBe('');
    expect((await cluster.kubectl('get nodes -o name')).stdout).toContain('node/cp3');
    expect((await cluster.kubectl('delete node cp3')).stdout).toBe('node "cp3" deleted\n');
    expect(await members()).toHaveLength(2);
  });

  it('answers 500 on every health path without a quorum, and etcd nothing but its own status (24, 27, 28)', async () => {
    await cluster.ok(
      'cp2',
      'systemctl stop kubelet; crictl stop $(crictl ps -q --name "^(etcd|kube-apiserver)$" 2>/dev/null)',
    );
    await until('the loss of quorum to show', 30_000, async () => (await ready('cp1')) === 500);
    expect(await cluster.status('cp1', `${own('cp1')}/livez`)).toBe(500);
    const begun = Date.now();
    const listed = await cluster.etcdctl('cp1', 'member list');
    expect(listed).toMatchObject({ code: 1, stderr: expect.stringContaining('context deadline exceeded') });
    expect(Date.now() - begun).toBeGreaterThan(4500);
    const status = await cluster.etcdctl('cp1', 'endpoint status -w table');
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('etcdserver: no leader') });
    await until(
      'the balancer to have nobody',
      10_000,
      async () => (await cluster.status('cp1', 'http://127.0.0.1:16444/healthz')) === 503,
    );
    const asked = await cluster.kubectl('get nodes');
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('Unable to connect to the server: EOF') });
  });

  it('heals by itself when the second member returns', async () => {
    await cluster.ok('cp2', 'systemctl start kubelet');
    await until('quorum', 120_000, async () => (await ready('cp1')) === 200 && (await ready('cp2')) === 200);
    await sleep(1000);
    expect((await cluster.etcdctl('cp1', 'endpoint health --cluster')).code).toBe(0);
  });
});
