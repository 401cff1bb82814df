import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balancerManifest, type Cluster, clusterOn, identity, until } from '../rig/cluster.ts';
import { labFor, labGone, noLabReason } from '../rig/lab.ts';

// What was observed of a real kubelet and a real balancer, held against whatever the lab runs: the doubles, or with
// HLB_K8S_DIR the real binaries. The numbers are those of the list in the recordings' notes.

const name = 'contract-k';
const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: the kubelet's contract: ${reason}\n`);

describe.skipIf(reason !== undefined)('a kubelet', () => {
  let cluster: Cluster;
  const manifest = '/etc/kubernetes/manifests/haproxy-apiserver-lb.yaml';
  const idOf = async (): Promise<string> => cluster.ok('w1', identity);
  const masterPid = async (): Promise<string> =>
    (
      await cluster.ok(
        'w1',
        `crictl inspect -o go-template --template '{{.info.pid}}' $(crictl ps -q --name '^haproxy$')`,
      )
    ).trim();
  const served = async (): Promise<string> =>
    (await cluster.run('w1', 'curl -s -m1 127.0.0.1:16444/hlb-config')).stdout;
  const listens = async (): Promise<boolean> =>
    (await cluster.run('w1', 'bash -c "exec 3<>/dev/tcp/127.0.0.1/16443"')).code === 0;

  beforeAll(async () => {
    const shape = { controlPlanes: 0, workers: 1, balancers: 0 };
    cluster = clusterOn(await labFor(name, { shape, fresh: true }));
  });
  afterAll(() => labGone(name));

  it('ends at once without its configuration, and systemd starts it again and again (1)', async () => {
    expect((await cluster.run('w1', 'systemctl is-active kubelet')).stdout.trim()).toBe('activating');
    expect((await cluster.run('w1', 'systemctl is-enabled kubelet')).stdout.trim()).toBe('enabled');
    expect(await cluster.ok('w1', 'journalctl -u kubelet -o cat --no-pager')).toContain(
      'failed to load kubelet config file, path: /var/lib/kubelet/config.yaml',
    );
    expect(await cluster.ok('w1', 'systemctl cat kubelet')).toContain('10-kubeadm.conf');
  });

  it('shows nothing, in the observed shapes, where nothing runs (11)', async () => {
    expect(JSON.parse(await cluster.ok('w1', 'crictl ps -o json 2>/dev/null'))).toEqual({ containers: [] });
    expect(JSON.parse(await cluster.ok('w1', 'crictl pods -o json 2>/dev/null'))).toEqual({ items: [] });
    expect(await cluster.ok('w1', 'crictl ps -q 2>/dev/null')).toBe('');
    const table = await cluster.ok('w1', 'crictl ps -a 2>/dev/null');
    expect(table).toBe(
      'CONTAINER           IMAGE               CREATED             STATE               NAME                ATTEMPT             POD ID              POD                 NAMESPACE\n',
    );
  });

  it('runs the balancer without an API server, holds port 10250 and answers on 10248 (3, 8)', async () => {
    await cluster.seed('w1');
    expect(await cluster.ok('w1', 'curl -s 127.0.0.1:10248/healthz')).toBe('ok');
    expect(await cluster.ok('w1', 'bash -c "exec 3<>/dev/tcp/127.0.0.1/10250" && echo taken')).toBe('taken\n');
    expect(await listens()).toBe(true);
    await until(
      'the balancer to say that nobody is there',
      10_000,
      async () => (await cluster.status('w1', 'http://127.0.0.1:16444/healthz')) === 503,
    );
    expect(await served()).toBe('v1');
  });

  it('names pod and container as observed (11)', async () => {
    const { containers } = JSON.parse(await cluster.ok('w1', 'crictl ps -o json 2>/dev/null'));
    const { items } = JSON.parse(await cluster.ok('w1', 'crictl pods -o json 2>/dev/null'));
    expect(containers).toHaveLength(1);
    expect(containers[0]).toMatchObject({
      podSandboxId: items[0].id,
      metadata: { name: 'haproxy', attempt: 0 },
      state: 'CONTAINER_RUNNING',
      createdAt: expect.stringMatching(/^\d{19}$/),
      labels: {
        'io.kubernetes.container.name': 'haproxy',
        'io.kubernetes.pod.name': 'haproxy-apiserver-lb-w1',
        'io.kubernetes.pod.namespace': 'kube-system',
        'io.kubernetes.pod.uid': items[0].metadata.uid,
      },
      annotations: { 'io.kubernetes.container.restartCount': '0', 'io.kubernetes.pod.terminationGracePeriod': '5' },
    });
    expect(items[0]).toMatchObject({
      state: 'SANDBOX_READY',
      annotations: {
        'hlb/checksum': 'v1',
        'kubernetes.io/config.hash': items[0].metadata.uid,
        'kubernetes.io/config.source': 'file',
      },
    });
    expect(items[0].metadata.uid).toMatch(/^[0-9a-f]{32}$/);
  });

  it('shows the host pid of the master, which is uid 99 (11)', async () => {
    const pid = await masterPid();
    expect(pid).toMatch(/^\d+$/);
    expect(await cluster.ok('w1', `cat /proc/${pid}/comm; grep Uid /proc/${pid}/status`)).toBe(
      'haproxy\nUid:\t99\t99\t99\t99\n',
    );
  });

  it('filters by a regular expression, and refuses what is not there (11)', async () => {
    expect((await cluster.ok('w1', "crictl ps -q --name '^hap' 2>/dev/null")).trim()).toMatch(/^[0-9a-f]{64}$/);
    expect(await cluster.ok('w1', "crictl ps -q --name '^hap$' 2>/dev/null")).toBe('');
    expect((await cluster.run('w1', 'crictl inspect ""')).stderr).toContain('ID cannot be empty');
    expect((await cluster.run('w1', "crictl inspect --name '^nosuch$'")).stderr).toContain(
      'No IDs provided or nothing found per filter',
    );
    const failed = await cluster.run('w1', 'crictl exec $(crictl ps -q 2>/dev/null) haproxy -c -f /nosuch');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/command terminated with exit code 1$/m);
    const valid = await cluster.run(
      'w1',
      'crictl exec $(crictl ps -q 2>/dev/null) haproxy -c -V -f /usr/local/etc/haproxy/haproxy.cfg',
    );
    expect(valid).toMatchObject({ code: 0, stdout: expect.stringContaining('Configuration file is valid') });
  });

  it('keeps the container over its own stop and start, and over one of containerd (3, 5)', async () => {
    const before = await idOf();
    await cluster.ok('w1', 'systemctl stop kubelet');
    expect(await listens()).toBe(true);
    await cluster.ok('w1', 'systemctl start kubelet && systemctl restart containerd');
    await sleep(3000);
    expect(await idOf()).toBe(before);
    expect(await listens()).toBe(true);
  });

  it('reloads by SIGUSR2: the new configuration is served by the same container (9, 10)', async () => {
    const before = await idOf();
    await cluster.writeConfig('w1', 'v2');
    expect(await served()).toBe('v1');
    await cluster.ok('w1', `kill -USR2 ${await masterPid()}`);
    await until('the new configuration', 5000, async () => (await served()) === 'v2');
    expect(await idOf()).toBe(before);
  });

  it('keeps serving after a reload of a broken configuration (9)', async () => {
    await cluster.ok('w1', 'cp /etc/kubernetes/haproxy/haproxy.cfg /root/good.cfg');
    await cluster.ok(
      'w1',
      'sed "s/balance leastconn/balance nonsense/; s/v2/v3/" /root/good.cfg > /etc/kubernetes/haproxy/haproxy.cfg',
    );
    const pid = await masterPid();
    await cluster.ok('w1', `kill -USR2 ${pid}`);
    await sleep(1500);
    expect(await served()).toBe('v2');
    expect(await cluster.ok('w1', 'crictl logs --tail 8 $(crictl ps -q) 2>&1')).toMatch(
      /exited with code 1|Fatal errors found/,
    );
    expect(await masterPid()).toBe(pid);
    await cluster.ok('w1', `cp /root/good.cfg /etc/kubernetes/haproxy/haproxy.cfg && kill -USR2 ${pid}`);
    await until('the good configuration', 5000, async () => (await served()) === 'v2');
  });

  it('ignores files whose name begins with a dot (4)', async () => {
    const before = await idOf();
    await cluster.write('w1', '/etc/kubernetes/manifests/.other.yaml', balancerManifest({ checksum: 'v9' }));
    await sleep(2500);
    expect(await idOf()).toBe(before);
    await cluster.ok('w1', 'rm /etc/kubernetes/manifests/.other.yaml');
  });

  it('starts a dead container again at once, then waits, and begins anew with a new kubelet (6)', async () => {
    const attempt = async (): Promise<string> => (await cluster.run('w1', `${identity} | grep attempt`)).stdout.trim();
    const sandbox = async (): Promise<string> => (await cluster.ok('w1', 'crictl pods -q 2>/dev/null')).trim();
    const before = await sandbox();
    await cluster.ok('w1', `kill -9 ${await masterPid()}`);
    await until('the first restart', 8000, async () => (await attempt()) === '"attempt":1');
    await cluster.ok('w1', `kill -9 ${await masterPid()}`);
    await sleep(4000);
    expect(await attempt()).toBe('');
    expect(await cluster.ok('w1', 'journalctl -u kubelet -o cat --no-pager')).toContain(
      'back-off 10s restarting failed container=haproxy',
    );
    await until('the second restart', 15_000, async () => (await attempt()) === '"attempt":2');
    expect(await cluster.ok('w1', 'crictl ps -a 2>/dev/null | grep -c Exited')).toMatch(/^[12]\n$/);
    await cluster.ok('w1', `kill -9 ${await masterPid()} && sleep 1.5 && systemctl restart kubelet`);
    await until('the restart by a new kubelet', 8000, async () => (await attempt()) === '"attempt":3');
    expect(await sandbox()).toBe(before);
  });

  it('restarts nothing while it is stopped (5)', async () => {
    await cluster.ok('w1', `systemctl stop kubelet; kill -9 ${await masterPid()}`);
    await sleep(3000);
    expect(await listens()).toBe(false);
    await cluster.ok('w1', 'systemctl start kubelet');
    await until('the balancer', 8000, listens);
  });

  it('replaces the pod when its manifest changes, with the listener gone for longer than the grace (4)', async () => {
    const before = await idOf();
    const uid = (await cluster.ok('w1', 'crictl pods -o json 2>/dev/null | grep -m1 config.hash')).trim();
    await cluster.write('w1', manifest, balancerManifest({ checksum: 'v2' }));
    const begun = Date.now();
    await until('the listener to go', 4000, async () => !(await listens()));
    await sleep(3000);
    expect(await listens()).toBe(false);
    await until('the successor', 40_000, listens);
    expect(Date.now() - begun).toBeGreaterThan(6000);
    expect(await idOf()).not.toBe(before);
    expect((await cluster.ok('w1', 'crictl pods -o json 2>/dev/null | grep -m1 config.hash')).trim()).not.toBe(uid);
    expect(await idOf()).toContain('"attempt":0');
  });

  it('does not show a renamed file to a container that mounts the file itself (10)', async () => {
    await cluster.writeConfig('w1', 'v1');
    await cluster.write('w1', manifest, balancerManifest({ fileMount: true }));
    await until('the listener to go', 4000, async () => !(await listens()));
    await until('the balancer with a file mount', 40_000, listens);
    await cluster.writeConfig('w1', 'v5');
    await cluster.ok('w1', `kill -USR2 ${await masterPid()}`);
    await sleep(1500);
    expect(await served()).toBe('v1');
  });

  it('shows a crash loop as running for a moment, with itself well (7)', async () => {
    await cluster.ok('w1', `rm ${manifest}`);
    await until('the pod to go', 40_000, async () => (await cluster.ok('w1', 'crictl pods -q 2>/dev/null')) === '');
    await cluster.ok('w1', 'chown 0:0 /run/haproxy-apiserver-lb; chmod 755 /run/haproxy-apiserver-lb');
    await cluster.write('w1', manifest, balancerManifest());
    await until('an exited container', 40_000, async () =>
      (await cluster.ok('w1', 'crictl ps -a 2>/dev/null')).includes('Exited'),
    );
    expect((await cluster.run('w1', 'systemctl is-active kubelet')).stdout.trim()).toBe('active');
    expect(await cluster.ok('w1', 'curl -s 127.0.0.1:10248/healthz')).toBe('ok');
    expect(await cluster.ok('w1', 'crictl logs $(crictl ps -a -q | head -1) 2>&1')).toContain('Permission denied');
  });

  it('refuses webhook authentication without a kubeconfig (2)', async () => {
    await cluster.ok(
      'w1',
      'sed -i "s/webhook: {enabled: false}/webhook: {enabled: true}/; s/AlwaysAllow/Webhook/" /var/lib/kubelet/config.yaml; systemctl restart kubelet',
    );
    await until('the refusal', 8000, async () =>
      (await cluster.ok('w1', 'journalctl -u kubelet -o cat --no-pager')).includes(
        'no client provided, cannot use webhook authentication',
      ),
    );
    expect((await cluster.run('w1', 'systemctl is-active kubelet')).stdout.trim()).toBe('activating');
  });
});
