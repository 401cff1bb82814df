import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ran } from '../../src/lab/run.ts';
import { type Cluster, clusterOn, identity, until } from '../rig/cluster.ts';
import { labFor, labGone, noLabReason } from '../rig/lab.ts';

// What was observed of a real kubeadm 1.34, held against whatever the lab runs (see contract-kubelet.test.ts). The tests
// are one story: a cluster is made, joined, interrupted, reset and joined again, in this order.

const name = 'contract-a';
const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: kubeadm's contract: ${reason}\n`);

/** The errors of a preflight, by name, in the order in which they are printed. */
const errorsOf = (ran: Ran): readonly string[] =>
  [...ran.stderr.matchAll(/^\t\[ERROR ([^\]]+)\]: /gm)].map((match) => match[1] ?? '');

const wrongPin = `sha256:${'0'.repeat(64)}`;

describe.skipIf(reason !== undefined)('kubeadm', () => {
  let cluster: Cluster;
  let pin = '';
  let balancer = '';

  /** A JoinConfiguration with the discovery time-out that everybody should set. */
  const joinWith = (host: string, options: { endpoint?: string; token?: string; pin?: string }): Promise<Ran> =>
    cluster.run(
      host,
      `cat > /root/join.yaml <<X
apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery:
  bootstrapToken:
    token: ${options.token ?? 'abcdef.0123456789abcdef'}
    apiServerEndpoint: ${options.endpoint ?? '127.0.0.1:16443'}
    caCertHashes: ["${options.pin ?? pin}"]
timeouts: {discovery: 30s, tlsBootstrap: 30s}
X
touch /tmp/stamp; kubeadm join --config /root/join.yaml`,
    );
  const written = (host: string): Promise<string> =>
    cluster.ok(host, 'find /etc/kubernetes /var/lib/kubelet -newer /tmp/stamp -type f');

  beforeAll(async () => {
    cluster = clusterOn(await labFor(name, { shape: { controlPlanes: 3, workers: 2 }, fresh: true }));
    await cluster.quicken(0.1);
    for (const host of cluster.lab.hosts) await cluster.ok(host.name, 'sysctl -qw net.ipv4.ip_forward=1');
  });
  afterAll(() => labGone(name));

  it('says its version in one line, from which the number can be taken', async () => {
    expect(await cluster.ok('cp1', 'kubeadm version -o short 2>/dev/null')).toMatch(/^v1\.\d+\.\d+\S*\n$/);
    const { clientVersion } = JSON.parse(await cluster.ok('cp1', 'kubeadm version -o json 2>/dev/null'));
    expect(clientVersion).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) });
  });

  it('refuses to begin while the standalone kubelet holds its port (13)', async () => {
    await cluster.seed('cp1');
    balancer = await cluster.ok('cp1', identity);
    const refused = await cluster.init('cp1');
    expect(refused.code).toBe(1);
    expect(errorsOf(refused)).toEqual(['Port-10250']);
    expect(refused.stderr).toContain('error: error execution phase preflight: preflight checks failed');
    await cluster.unseed('cp1');
  });

  it('makes a control plane whose balancer stays the same container (14)', async () => {
    const done = await cluster.init('cp1');
    expect(done).toMatchObject({ code: 0 });
    const phases = [...done.stdout.matchAll(/^\[([a-z-]+)\]/gm)].map((match) => match[1]);
    expect([...new Set(phases)]).toEqual([
      'init',
      'preflight',
      'certs',
      'kubeconfig',
      'etcd',
      'control-plane',
      'kubelet-start',
      'patches',
      'wait-control-plane',
      'kubelet-check',
      'control-plane-check',
      'upload-config',
      'kubelet',
      'upload-certs',
      'mark-control-plane',
      'bootstrap-token',
      'kubelet-finalize',
      'addons',
    ]);
    expect(done.stdout).toMatch(
      /^kubeadm join 127\.0\.0\.1:16443 --token [a-z0-9]{6}\.[a-z0-9]{16} \\\n\t--discovery-token-ca-cert-hash sha256:[0-9a-f]{64} $/m,
    );
    expect(done.stdout).toMatch(/\[upload-certs\] Using certificate key:\n[0-9a-f]{64}\n/);
    expect(await cluster.status('cp1', `https://${cluster.address('cp1')}:6443/readyz`)).toBe(200);
    expect(await cluster.ok('cp1', identity)).toBe(balancer);
    pin = /sha256:[0-9a-f]{64}/.exec(done.stdout)?.[0] ?? '';
  });

  it('leaves the observed files with the observed modes (14, 20)', async () => {
    const modes = await cluster.ok(
      'cp1',
      'cd /etc/kubernetes && find . -type f ! -path "./haproxy/*" -printf "%m %p\\n" | sort -k2',
    );
    const expected = [
      ...['admin.conf', 'controller-manager.conf', 'kubelet.conf', 'scheduler.conf', 'super-admin.conf'].map(
        (name) => `600 ./${name}`,
      ),
      ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
        (name) => `600 ./manifests/${name}.yaml`,
      ),
      ...[
        'apiserver',
        'apiserver-etcd-client',
        'apiserver-kubelet-client',
        'ca',
        'front-proxy-ca',
        'front-proxy-client',
      ].flatMap((name) => [`644 ./pki/${name}.crt`, `600 ./pki/${name}.key`]),
      ...['ca', 'healthcheck-client', 'peer', 'server'].flatMap((name) => [
        `644 ./pki/etcd/${name}.crt`,
        `600 ./pki/etcd/${name}.key`,
      ]),
      '600 ./pki/sa.key',
      '600 ./pki/sa.pub',
    ];
    const seen = modes
      .trim()
      .split('\n')
      .filter((line) => !/kubeadm-config|haproxy-apiserver-lb/.test(line));
    expect(seen.sort()).toEqual(expected.sort());
    expect(
      await cluster.ok(
        'cp1',
        'stat -c %a /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/instance-config.yaml',
      ),
    ).toBe('644\n644\n644\n');
    expect(await cluster.ok('cp1', 'stat -c %a /var/lib/etcd/member')).toBe('700\n');
    const own = `https://${cluster.address('cp1')}:6443`;
    const server = async (name: string): Promise<string> =>
      (await cluster.ok('cp1', `sed -n 's/^ *server: //p' /etc/kubernetes/${name}.conf`)).trim();
    expect(
      await Promise.all(['admin', 'super-admin', 'kubelet', 'controller-manager', 'scheduler'].map(server)),
    ).toEqual(['https://127.0.0.1:16443', 'https://127.0.0.1:16443', own, own, own]);
    expect(await cluster.ok('cp1', 'cat /etc/kubernetes/kubelet.conf')).toContain(
      'client-key: /var/lib/kubelet/pki/kubelet-client-current.pem',
    );
  });

  it('has made a node that is not ready before there is a network (14, 29)', async () => {
    const [node] = JSON.parse((await cluster.kubectl('get nodes -o json 2>/dev/null')).stdout).items;
    expect(node.metadata.labels).toMatchObject({
      'node-role.kubernetes.io/control-plane': '',
      'kubernetes.io/hostname': 'cp1',
    });
    expect(node.spec.taints).toContainEqual({ effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' });
    expect(node.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False' }));
    await cluster.write(
      'cp1',
      '/etc/cni/net.d/10-b.conflist',
      '{"cniVersion":"0.4.0","name":"b","plugins":[{"type":"bridge","bridge":"cni0"}]}',
    );
    await until('the node to be ready', 40_000, async () =>
      / Ready /.test((await cluster.kubectl('get nodes')).stdout),
    );
  });

  it('lists everything that stands in the way of a second init, the balancer not among it (12, 15)', async () => {
    const again = await cluster.run('cp1', 'kubeadm init --config /etc/kubernetes/kubeadm-config.yaml');
    expect(again.code).toBe(1);
    expect(errorsOf(again)).toEqual([
      'Port-6443',
      'Port-10259',
      'Port-10257',
      'FileAvailable--etc-kubernetes-manifests-kube-apiserver.yaml',
      'FileAvailable--etc-kubernetes-manifests-kube-controller-manager.yaml',
      'FileAvailable--etc-kubernetes-manifests-kube-scheduler.yaml',
      'FileAvailable--etc-kubernetes-manifests-etcd.yaml',
      'Port-10250',
      'Port-2379',
      'Port-2380',
      'DirAvailable--var-lib-etcd',
    ]);
  });

  it('prints tokens, join lines and keys as observed (22)', async () => {
    const line = await cluster.ok('cp1', 'kubeadm token create --print-join-command 2>/dev/null');
    expect(line).toMatch(
      /^kubeadm join 127\.0\.0\.1:16443 --token [a-z0-9]{6}\.[a-z0-9]{16} --discovery-token-ca-cert-hash sha256:[0-9a-f]{64} \n$/,
    );
    expect(line).toContain(pin);
    const [first, second] = [await cluster.certificateKey(), await cluster.certificateKey()];
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).not.toBe(first);
    const withKey = await cluster.ok(
      'cp1',
      `kubeadm token create --print-join-command --certificate-key ${second} 2>/dev/null`,
    );
    expect(withKey.trim()).toMatch(new RegExp(` --control-plane --certificate-key ${second}$`));
    const table = await cluster.ok('cp1', 'kubeadm token list 2>/dev/null');
    expect(table).toMatch(/^TOKEN +TTL +EXPIRES +USAGES +DESCRIPTION +EXTRA GROUPS\n/);
    expect(table).toMatch(/<none> +Proxy for managing TTL for the kubeadm-certs secret +<none>/);
    expect(table).toMatch(/23h .*authentication,signing +<none> +system:bootstrappers:kubeadm:default-node-token/);
  });

  it('does nothing for a certificate that is there (23)', async () => {
    const before = await cluster.ok('cp1', 'sha256sum /etc/kubernetes/pki/apiserver.crt');
    const done = await cluster.run(
      'cp1',
      'kubeadm init phase certs apiserver --config /etc/kubernetes/kubeadm-config.yaml',
    );
    expect(done).toMatchObject({ code: 0, stdout: '[certs] Using existing apiserver certificate and key on disk\n' });
    expect(await cluster.ok('cp1', 'sha256sum /etc/kubernetes/pki/apiserver.crt')).toBe(before);
  });

  it('does not join where nothing listens, and writes nothing (16)', async () => {
    const failed = await joinWith('w1', { endpoint: '127.0.0.1:16443' });
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain(
      "couldn't validate the identity of the API Server: failed to request the cluster-info ConfigMap: ",
    );
    expect(failed.stderr).toContain('dial tcp 127.0.0.1:16443: connect: connection refused');
    expect(await written('w1')).toBe('');
  });

  it('refuses a wrong pin at once, and a token that nobody knows only after the time-out (16)', async () => {
    const endpoint = `${cluster.address('cp1')}:6443`;
    const token = /--token (\S+)/.exec(await cluster.joinLine())?.[1] ?? '';
    const begun = Date.now();
    const wrong = await joinWith('w1', { endpoint, token, pin: wrongPin });
    expect(Date.now() - begun).toBeLessThan(2900);
    expect(wrong.stderr).toContain(
      `cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "${pin}" are pinned`,
    );
    const unknown = await joinWith('w1', { endpoint, token: 'abcdef.0123456789abcdef' });
    expect(unknown.stderr).toContain(
      'could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"',
    );
    expect([wrong.code, unknown.code]).toEqual([1, 1]);
    expect(await written('w1')).toBe('');
    expect((await cluster.run('w1', 'systemctl is-enabled kubelet')).stdout.trim()).toBe('enabled');
  });

  it('says that it was cut off where a balancer has no server (16)', async () => {
    await cluster.seed('w1');
    await cluster.writeConfig('w1', 'nobody', ['198.18.255.1']);
    await cluster.ok('w1', "kill -USR2 $(crictl inspect -o go-template --template '{{.info.pid}}' $(crictl ps -q))");
    await until(
      'the balancer to have no server',
      10_000,
      async () => (await cluster.status('w1', 'http://127.0.0.1:16444/healthz')) === 503,
    );
    await cluster.unseed('w1');
    const failed = await joinWith('w1', {});
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain(
      'client rate limiter Wait returned an error: context deadline exceeded - error from a previous attempt: EOF',
    );
    await cluster.writeConfig('w1', 'v2');
    await cluster.ok('w1', "kill -USR2 $(crictl inspect -o go-template --template '{{.info.pid}}' $(crictl ps -q))");
    await until(
      'the balancer',
      10_000,
      async () => (await cluster.status('w1', 'https://127.0.0.1:16443/readyz')) === 200,
    );
  });

  it('joins a worker, whose balancer stays the same container and whose kubelet goes through it (20)', async () => {
    const before = await cluster.ok('w1', identity);
    const done = await cluster.joinWorker('w1');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('This node has joined the cluster:') });
    expect(await cluster.ok('w1', identity)).toBe(before);
    expect(await cluster.ok('w1', 'cd /etc/kubernetes && ls')).toBe('haproxy\nkubelet.conf\nmanifests\npki\n');
    expect(await cluster.ok('w1', 'sed -n "s/^ *server: //p" /etc/kubernetes/kubelet.conf')).toBe(
      'https://127.0.0.1:16443\n',
    );
    expect(await cluster.ok('w1', 'stat -c "%a %n" /etc/kubernetes/kubelet.conf /etc/kubernetes/pki/ca.crt')).toBe(
      '600 /etc/kubernetes/kubelet.conf\n644 /etc/kubernetes/pki/ca.crt\n',
    );
    expect((await cluster.kubectl('get nodes')).stdout).toMatch(/^w1 +NotReady +<none> /m);
    const again = await cluster.joinWorker('w1');
    expect(again.code).toBe(1);
    expect(errorsOf(again)).toEqual([
      'FileAvailable--etc-kubernetes-kubelet.conf',
      'Port-10250',
      'FileAvailable--etc-kubernetes-pki-ca.crt',
    ]);
  });

  it('joins a control plane: certificates, manifests, kubelet, learner, promotion, taint, in this order (17)', async () => {
    await cluster.seed('cp2');
    await until(
      'the balancer',
      15_000,
      async () => (await cluster.status('cp2', 'https://127.0.0.1:16443/readyz')) === 200,
    );
    await cluster.unseed('cp2');
    const before = await cluster.ok('cp2', identity);
    const done = await cluster.joinControlPlane('cp2');
    expect(done).toMatchObject({ code: 0 });
    const phases = [...done.stdout.matchAll(/^\[([a-z-]+)\]/gm)]
      .map((match) => match[1])
      .filter((name) => name !== 'patches');
    expect(phases.filter((name, at) => name !== phases[at - 1])).toEqual([
      'preflight',
      'download-certs',
      'certs',
      'kubeconfig',
      'control-plane',
      'check-etcd',
      'kubelet-start',
      'etcd',
      'kubelet-check',
      'kubelet-start',
      'mark-control-plane',
      'control-plane-check',
    ]);
    expect(await cluster.ok('cp2', identity)).toBe(before);
    expect(await cluster.ok('cp2', 'cd /etc/kubernetes && ls *.conf')).toBe(
      'admin.conf\ncontroller-manager.conf\nkubelet.conf\nscheduler.conf\n',
    );
    expect(await cluster.ok('cp2', 'sed -n "s/^ *server: //p" /etc/kubernetes/kubelet.conf')).toBe(
      `https://${cluster.address('cp2')}:6443\n`,
    );
    expect(await cluster.ok('cp2', 'stat -c %a /etc/kubernetes/pki/sa.pub')).toBe('644\n');
    await until(
      'the own API server',
      20_000,
      async () => (await cluster.status('cp2', `https://${cluster.address('cp2')}:6443/readyz`)) === 200,
    );
    const members = (await cluster.etcdctl('cp1', 'member list 2>/dev/null')).stdout.trim().split('\n');
    expect(members).toHaveLength(2);
    for (const line of members)
      expect(line).toMatch(/^[0-9a-f]{1,16}, started, cp[12], https:\/\/[\d.]+:2380, https:\/\/[\d.]+:2379, false$/);
    const again = await cluster.joinControlPlane('cp2');
    expect(errorsOf(again)).toEqual(['FileAvailable--etc-kubernetes-kubelet.conf', 'Port-10250']);
  });

  it('refuses a control plane with a wrong certificate key', async () => {
    await cluster.seed('cp3');
    await until(
      'the balancer',
      15_000,
      async () => (await cluster.status('cp3', 'https://127.0.0.1:16443/readyz')) === 200,
    );
    await cluster.unseed('cp3');
    const refused = await cluster.run(
      'cp3',
      `${await cluster.joinLine()} --control-plane --certificate-key ${'0'.repeat(64)} --apiserver-advertise-address ${cluster.address('cp3')}`,
    );
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cipher: message authentication failed'),
    });
    await cluster.ok('cp3', 'rm -rf /etc/kubernetes/pki');
  });

  it('dies when nobody reads it any more, and leaves an announced learner and a running kubelet (18, 30)', async () => {
    const line = `${await cluster.joinLine()} --control-plane --certificate-key ${await cluster.certificateKey()} --apiserver-advertise-address ${cluster.address('cp3')}`;
    // The reader goes away at kubelet-start, as an ssh client that was killed does; sed stops reading there.
    await cluster.run('cp3', `${line} 2>&1 | sed '/Starting the kubelet/q' > /dev/null`);
    await until('the end of kubeadm', 20_000, async () => (await cluster.run('cp3', 'pgrep -x kubeadm')).code !== 0);
    expect((await cluster.run('cp3', 'systemctl is-active kubelet')).stdout.trim()).toBe('active');
    expect(await cluster.ok('cp3', 'cd /etc/kubernetes && ls *.conf manifests')).toMatch(
      /bootstrap-kubelet\.conf[\s\S]*kube-apiserver\.yaml/,
    );
    expect((await cluster.run('cp3', 'ls /etc/kubernetes/manifests/etcd.yaml')).code).not.toBe(0);
    const members = (await cluster.etcdctl('cp1', 'member list 2>/dev/null')).stdout;
    expect(members).toMatch(
      new RegExp(`^[0-9a-f]+, unstarted, , https://${cluster.address('cp3')}:2380, , true$`, 'm'),
    );
    await until(
      'the kubelet',
      20_000,
      async () => (await cluster.run('cp3', 'curl -sf 127.0.0.1:10248/healthz')).code === 0,
    );
    const again = await cluster.run('cp3', line);
    expect(errorsOf(again)).toEqual([
      'FileAvailable--etc-kubernetes-kubelet.conf',
      'FileAvailable--etc-kubernetes-bootstrap-kubelet.conf',
      'Port-10250',
    ]);
  });

  it('resets to nothing but its directories, removes the balancer too, and leaves what it cannot know (21)', async () => {
    const done = await cluster.run('cp3', 'kubeadm reset -f');
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('nodes "cp3" not found') });
    expect(done.stderr).toContain('No kubeadm config, using etcd pod spec to get data directory');
    expect(await cluster.ok('cp3', 'ls /etc/kubernetes')).toBe('haproxy\nmanifests\npki\n');
    expect(
      await cluster.ok('cp3', 'ls -A /etc/kubernetes/manifests /var/lib/etcd /etc/kubernetes/pki /var/lib/kubelet'),
    ).not.toMatch(/\.yaml|member|\.crt|config/);
    expect(await cluster.ok('cp3', 'crictl ps -a -q 2>/dev/null')).toBe('');
    expect((await cluster.run('cp3', 'systemctl is-active kubelet')).stdout.trim()).toBe('inactive');
    expect((await cluster.run('cp3', 'systemctl is-enabled kubelet')).stdout.trim()).toBe('enabled');
    expect((await cluster.etcdctl('cp1', 'member list 2>/dev/null')).stdout).toContain(
      `${cluster.address('cp3')}:2380`,
    );
  });

  it('leaves an API server that answers 403 to everybody when it is killed in the etcd step (18, 24)', async () => {
    await cluster.seed('cp3');
    await until(
      'the balancer',
      15_000,
      async () => (await cluster.status('cp3', 'https://127.0.0.1:16443/readyz')) === 200,
    );
    await cluster.unseed('cp3');
    const line = `${await cluster.joinLine()} --control-plane --certificate-key ${await cluster.certificateKey()} --apiserver-advertise-address ${cluster.address('cp3')}`;
    await cluster.run(
      'cp3',
      `${line} > /tmp/join.log 2>&1 & until [ -e /etc/kubernetes/manifests/etcd.yaml ]; do sleep 0.02; done; kill -9 $(pgrep -x kubeadm)`,
    );
    const own = `https://${cluster.address('cp3')}:6443`;
    await until(
      'the half-joined API server',
      30_000,
      async () => (await cluster.status('cp3', `${own}/readyz`)) === 403,
    );
    for (const path of ['livez', 'healthz', 'version']) expect(await cluster.status('cp3', `${own}/${path}`)).toBe(403);
    expect(await cluster.ok('cp3', `curl -sk ${own}/readyz`)).toContain(
      'forbidden: User \\"system:anonymous\\" cannot get path \\"/readyz\\"',
    );
    const asked = await cluster.kubectl(`--server ${own} get nodes`, 'cp1');
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain(
      'Error from server (Forbidden): nodes is forbidden: User "kubernetes-admin" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    expect((await cluster.etcdctl('cp1', 'member list 2>/dev/null')).stdout).toMatch(/started, cp3, .*, true$/m);
    const health = await cluster.etcdctl('cp1', 'endpoint health --cluster');
    expect(health).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('etcdserver: rpc not supported for learner'),
    });
  });

  it('joins again after reset and removal of the learner (18, 21, 27)', async () => {
    expect((await cluster.run('cp3', 'kubeadm reset -f')).code).toBe(0);
    const id =
      /^([0-9a-f]+), [^,]+, [^,]*, https:\/\/\S+:2380, [^,]*, true$/m.exec(
        (await cluster.etcdctl('cp1', 'member list 2>/dev/null')).stdout,
      )?.[1] ?? '';
    expect((await cluster.etcdctl('cp1', `member remove ${id}`)).stdout).toMatch(
      /^Member +[0-9a-f]+ removed from cluster [0-9a-f]+$/m,
    );
    expect(await cluster.etcdctl('cp1', `member remove ${id}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Error: etcdserver: member not found'),
    });
    await cluster.seed('cp3');
    await until(
      'the balancer',
      15_000,
      async () => (await cluster.status('cp3', 'https://127.0.0.1:16443/readyz')) === 200,
    );
    await cluster.unseed('cp3');
    expect(await cluster.joinControlPlane('cp3')).toMatchObject({ code: 0 });
    expect(
      (await cluster.etcdctl('cp1', 'member list 2>/dev/null')).stdout.match(/, started, cp\d, .*, false$/gm),
    ).toHaveLength(3);
  });

  it('hangs on a kubelet that a left-over drop-in keeps from starting, then gives up (19)', async () => {
    await cluster.seed('w2');
    await until(
      'the balancer',
      15_000,
      async () => (await cluster.status('w2', 'https://127.0.0.1:16443/readyz')) === 200,
    );
    const before = await cluster.ok('w2', identity);
    await cluster.quicken(0.03);
    await cluster.ok('w2', 'systemctl stop kubelet');
    const failed = await cluster.joinWorker('w2');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('[kubelet-check] The kubelet is not healthy after 4m0.');
    expect(failed.stderr).toContain(
      'error: error execution phase kubelet-wait-bootstrap: failed while waiting for the kubelet to start',
    );
    expect((await cluster.run('w2', 'systemctl is-active kubelet')).stdout.trim()).toBe('activating');
    expect(await cluster.ok('w2', 'ls /etc/kubernetes /etc/kubernetes/pki')).not.toContain('bootstrap-kubelet.conf');
    expect(errorsOf(await cluster.joinWorker('w2'))).toEqual(['FileAvailable--etc-kubernetes-pki-ca.crt']);
    await cluster.unseed('w2');
    await cluster.ok('w2', 'rm -f /etc/kubernetes/pki/ca.crt');
    expect(await cluster.joinWorker('w2')).toMatchObject({ code: 0 });
    expect(await cluster.ok('w2', identity)).toBe(before);
  });
});
