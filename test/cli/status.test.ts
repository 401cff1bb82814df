import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { apiServer, balancer, servedHash } from '../rig/answering.ts';
import { lines, setupHlb } from '../rig/hlb.ts';
import { takeTurns } from '../rig/machine-balancer.ts';

const hasScript = spawnSync('script', ['--version']).status === 0;

/** This machine as a control plane and a worker; nothing listens on the API's port. */
const inventory = (healthPort: number, ...more: readonly string[]): string =>
  lines(
    '[control_plane]',
    'cp1 node_address=127.0.0.1 api_port=1',
    '[workers]',
    'w1',
    ...more,
    '[all:vars]',
    'ansible_connection=local',
    `lb_health_port=${healthPort}`,
  );

takeTurns();

describe('hlb status', () => {
  it('shows what each balancer has loaded, and the numbers of the cluster', async () => {
    const { hlb } = await setupHlb({ hosts: inventory((await balancer('cp1=1 old=0')).port) });
    const { code, stdout, stderr } = await hlb(['status', '-i', 'hosts']);
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'node  backend  state  weight  sessions  check  config                    haproxy  container',
      "cp1   cp1      UP                              c663323a, file not hlb's",
      '      old      DOWN',
      "w1    cp1      UP                              c663323a, file not hlb's",
      '      old      DOWN',
    ]);
    expect(stdout).toMatch(/^API {7}cp1 does not answer \(.*\)$/m);
    expect(stdout).toMatch(/^etcd {6}not known: cp1: /m);
    expect(stdout).toContain('margin    weakest node cp1 keeps 0 of 2 backends (none), needs 1\n');
    expect(code).toBe(3);
  });

  it('ends well where every node keeps enough', async () => {
    const [api, lists] = [await apiServer(), await balancer('cp1=1')];
    const { hlb } = await setupHlb({ hosts: inventory(lists.port).replace('api_port=1', `api_port=${api.port}`) });
    const well = await hlb(['status', '-i', 'hosts']);
    expect(well.stdout).toContain('API       cp1 ready\n');
    expect(well.stdout).toContain('margin    weakest node cp1 keeps 1 of 1 backends (cp1), needs 1\n');
    expect(well.code).toBe(0);
    api.say(403);
    const half = await hlb(['status', '-i', 'hosts']);
    expect(half.stdout).toContain('API       cp1 answers 403\n');
    expect(half.code).toBe(3);
  });

  it('gives the same as one line of JSON', async () => {
    const { hlb } = await setupHlb({ hosts: inventory((await balancer('cp1=1 old=0')).port) });
    const { code, stdout } = await hlb(['status', '-i', 'hosts', '--json', '--min', '2']);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const status: unknown = JSON.parse(stdout);
    expect(status).toMatchObject({
      verdict: 'violated',
      margin: { needs: 2, safe: false, weakest: { node: 'cp1', keeps: [], listed: 2 } },
      nodes: [
        {
          node: 'cp1',
          placement: 'static_pod',
          running: true,
          config: { served: servedHash, file: null, loaded: false, reload_failed: false },
          backends: [
            { server: 'cp1', name: 'cp1', up: true, status: 'UP', weight: null },
            { server: 'old', name: 'old', up: false },
          ],
        },
        { node: 'w1' },
      ],
      api_servers: [{ name: 'cp1', address: '127.0.0.1', port: 1, ready: false, status: null }],
      etcd: { members: [], voting: null },
      vip: null,
      unreachable: [],
    });
    expect(code).toBe(3);
  });

  it('has a row with the reason for a host that cannot be asked', async () => {
    const more = ['w2 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1'];
    const { hlb } = await setupHlb({
      hosts: lines(
        '[control_plane]',
        'cp1 ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1',
        '[workers]',
        ...more,
      ),
    });
    const { code, stdout } = await hlb(['status', '-i', 'hosts']);
    expect(stdout).toMatch(/^w2 {4}cannot be asked: .*127\.0\.0\.1/m);
    expect(stdout).toContain('node cp1 cannot be asked and counts as having nothing to spare; 1 needed');
    expect(code).toBe(4);
  });

  it('prints one table after the other where nobody watches a terminal, until it is interrupted', async () => {
    const { start } = await setupHlb({ hosts: inventory((await balancer('cp1=1')).port) });
    const { child, ended } = start(['status', '-i', 'hosts', '--watch', '--interval', '1', '--json']);
    let seen = '';
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (bytes: Buffer) => {
        seen += bytes.toString();
        if (seen.split('\n').length > 2) resolve();
      });
    });
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('margin');
  });

  // util-linux has it; elsewhere there is no way to give a test a terminal.
  it.skipIf(!hasScript)('draws over a terminal, and gives it back as it was at Ctrl-C', async () => {
    const { onTerminal } = await setupHlb({ hosts: inventory((await balancer('cp1=1')).port) });
    const { child, said, ended } = onTerminal(['status', '-i', 'hosts', '--watch', '--interval', '1']);
    await said('margin');
    child.stdin?.write('\u0003');
    const { stdout } = await ended;
    const enter = stdout.indexOf('\u001b[?1049h');
    const leave = stdout.lastIndexOf('\u001b[?7h\u001b[?25h\u001b[?1049l');
    expect(enter).toBeGreaterThan(-1);
    expect(leave).toBeGreaterThan(enter);
    expect(stdout.slice(leave)).toContain('margin');
  });

  it('refuses an inventory that describes no cluster, before it asks anybody', async () => {
    const { hlb } = await setupHlb({
      none: lines('[web]', 'w1'),
      wrong: lines('[control_plane]', 'cp1', '[all:vars]', 'lb_placement=daemonset'),
    });
    const none = await hlb(['status', '-i', 'none']);
    expect(none).toMatchObject({ code: 5, stdout: '' });
    expect(none.stderr).toContain('ha/no-control-plane: The inventory has no host in the group "control_plane"');
    const wrong = await hlb(['status', '-i', 'wrong']);
    expect(wrong.code).toBe(5);
    expect(wrong.stderr).toMatch(
      /^wrong:4:\d+ error ha\/variable: "lb_placement" of host "cp1": .* found "daemonset"$/m,
    );
    expect((await hlb(['status'])).stderr).toContain('cli/no-inventory');
  });
});
