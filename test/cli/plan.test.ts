import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiServer, balancer } from '../rig/answering.ts';
import { type HlbRig, lines, setupHlb } from '../rig/hlb.ts';
import { takeTurns } from '../rig/machine-balancer.ts';

const restart = lines(
  '- name: Restart the API servers',
  '  hosts: control_plane',
  '  gather_facts: false',
  '  rolling:',
  '    batch: 2',
  '    guard:',
  '      - api_backends: {patience: 0}',
  '  tasks:',
  '    - name: Restart it',
  '      command: touch {{ folder }}/{{ inventory_hostname }}.ran',
  '      disrupts: [api_server]',
  '    - name: Leave a note',
  '      copy: {dest: "{{ folder }}/{{ inventory_hostname }}.note", content: x}',
);

const names = ['cp1', 'cp2', 'cp3'];
const all = 'cp1=1 cp2=1 cp3=1';

interface Cluster extends HlbRig {
  readonly plan: (...args: readonly string[]) => ReturnType<HlbRig['hlb']>;
  readonly untouched: () => boolean;
}

/** Three control planes and a worker on this machine, each with an API server or a balancer of its own. */
async function cluster(worker = all, playbook = restart): Promise<Cluster> {
  const hosts: string[] = [];
  for (const [index, name] of names.entries()) {
    const address = `127.0.0.${index + 1}`;
    const [api, lists] = [await apiServer(address), await balancer(all)];
    hosts.push(`${name} node_address=${address} api_port=${api.port} lb_health_port=${lists.port}`);
  }
  const rig = await setupHlb({
    'site.yml': playbook,
    hosts: lines(
      '[control_plane]',
      ...hosts,
      '[workers]',
      `w1 lb_health_port=${(await balancer(worker)).port}`,
      '[all:vars]',
      'ansible_connection=local',
    ),
  });
  return {
    ...rig,
    plan: (...args) => rig.hlb(['plan', 'site.yml', '-i', 'hosts', '-e', `folder=${rig.dir}`, ...args]),
    untouched: () =>
      names.every((name) => ['ran', 'note'].every((end) => !existsSync(join(rig.dir, `${name}.${end}`)))),
  };
}

takeTurns();

describe('hlb plan', () => {
  it('shows every batch with its numbers, and what alone would stop it; nothing is changed', async () => {
    const { plan, untouched } = await cluster();
    const { code, stdout, stderr } = await plan();
    expect(stderr).toBe('');
    expect(stdout).toBe(
      lines(
        'PLAN [Restart the API servers]  3 hosts  site.yml:5:5',
        'guards: api_backends; hosts that may fail: 0',
        '',
        'batch 1: cp1, cp2',
        '  cp1 is without its API server for a while',
        '  cp2 is without its API server for a while',
        '  api_backends passes: while cp1, cp2 are away: weakest node cp1 keeps 1 of 3 backends (cp3), needs 1',
        '',
        'batch 2: cp3',
        '  cp3 is without its API server for a while',
        '  api_backends passes: while cp3 is away: weakest node cp1 keeps 2 of 3 backends (cp1, cp2), needs 1',
        '',
        'What would stop it, each alone:',
        '  the API server of cp3 dies, before batch 1: api_backends refuses: while cp1, cp2 are away: node cp1 keeps 0 of 3 backends (cp1 would be taken away, cp2 would be taken away, cp3 does not answer (supposed to be down)); node cp2 keeps 0 of 3 backends (cp1 would be taken away, cp2 would be taken away, cp3 does not answer (supposed to be down)); node cp3 keeps 0 of 3 backends (cp1 would be taken away, cp2 would be taken away, cp3 does not answer (supposed to be down)); node w1 keeps 0 of 3 backends (cp1 would be taken away, cp2 would be taken away, cp3 does not answer (supposed to be down)); needs 1',
        '    done by then: no host; not touched: cp1, cp2, cp3',
        '  one of cp1, cp2, cp3, w1 cannot be asked, before any batch: api_backends refuses: while cp1, cp2 are away: node cp1 cannot be asked (its balancer does not say what it has loaded) and counts as having nothing to spare; needs 1',
        '    done by then: no host; not touched: cp1, cp2, cp3',
      ),
    );
    expect(code).toBe(0);
    expect(untouched()).toBe(true);
  });

  it('makes batches as small as the guards allow, and says so', async () => {
    const { plan, untouched } = await cluster('cp1=1 cp2=1');
    const { code, stdout } = await plan();
    expect(stdout).toContain(
      'batch 1: cp1\n  you asked for 2 at a time, api_backends allows 1: while cp1, cp2 are away: node w1 keeps 0 of 2 backends',
    );
    expect(stdout).toContain('batch 2: cp2\n');
    expect(stdout).toContain('batch 3: cp3\n');
    expect(code).toBe(0);
    expect(untouched()).toBe(true);
  });

  it('finds in a second roll the lists that the first will have loaded', async () => {
    const roll = (list: string): readonly string[] => [
      '    - rolling: {batch: 4, guard: [{api_backends: {servers: "{{ wanted }}", patience: 0}}]}',
      '      block:',
      `        - haproxy_config: {servers: "{{ ${list} }}"}`,
    ];
    const server = (name: string): string =>
      `{name: ${name}, address: "{{ hostvars.${name}.node_address }}", port: "{{ hostvars.${name}.api_port }}"}`;
    const variables = [`    old: ${server('cp1')}`, `    wanted: [${server('cp2')}, ${server('cp3')}]`];
    const { plan } = await cluster(
      'cp1=1',
      lines(
        '- hosts: all',
        '  gather_facts: false',
        '  vars:',
        ...variables,
        '  tasks:',
        ...roll('[old] + wanted'),
        ...roll('wanted'),
      ),
    );
    const { code, stdout, stderr } = await plan();
    expect(stderr).toBe('');
    const rolls = stdout.split('\n\nPLAN ');
    expect(rolls, stdout).toHaveLength(2);
    expect(rolls[1]).toContain('w1 loads cp2, cp3\n');
    expect(code).toBe(0);
  });

  it('is refused as the play would be, with the node, the servers and the numbers', async () => {
    const { plan, hlb, dir, untouched } = await cluster('cp2=1');
    const { code, stdout } = await plan();
    expect(stdout).toContain(
      'api_backends refuses: while cp2 is away: node w1 keeps 0 of 1 backends (cp2 would be taken away); needs 1',
    );
    expect(stdout).toContain('It would be refused before batch 2\n  done by then: cp1; not touched: cp2, cp3\n');
    expect(code).toBe(3);
    expect(untouched()).toBe(true);
    const played = await hlb(['play', 'site.yml', '-i', 'hosts', '-e', `folder=${dir}`]);
    expect(played.stdout).toContain(
      'guard api_backends: refuse: while cp2 is away: node w1 keeps 0 of 1 backends (cp2 would be taken away); needs 1',
    );
    expect(played.code).toBe(3);
    expect(existsSync(join(dir, 'cp1.ran'))).toBe(true);
    expect(existsSync(join(dir, 'cp2.ran'))).toBe(false);
  });

  it('supposes what --what-if says', async () => {
    const { plan } = await cluster();
    const down = await plan('--what-if', 'cp3=down', '--json');
    const told: unknown = JSON.parse(down.stdout);
    expect(told).toMatchObject({
      refused: true,
      rolls: [
        {
          asked: [['cp1', 'cp2'], ['cp3']],
          batches: [{ hosts: ['cp1'], refused: true, guards: [{ guard: 'api_backends', verdict: 'refuse' }] }],
          untouched: names,
          would_stop: [],
        },
      ],
    });
    expect(down.stdout).toContain('node cp3 cannot be asked (supposed to be down)');
    expect(down.code).toBe(3);
    expect((await plan('--what-if', 'cp3=down', '--what-if', 'cp3=up')).code).toBe(0);
  });

  it('names a host that --what-if does not find, and the one that was meant, before anything is asked', async () => {
    const { hlb } = await setupHlb({ 'site.yml': restart, hosts: '[control_plane]\ncp1\n' });
    const args = [
      'plan',
      'site.yml',
      '-i',
      'hosts',
      '-e',
      'folder=x',
      '--what-if',
      'cp11=down',
      '--what-if',
      'cp1=sick',
    ];
    const { code, stderr } = await hlb(args);
    expect(stderr).toContain('cli/unknown-host: --what-if: the inventory has no host "cp11"');
    expect(stderr).toContain('Did you mean "cp1"?');
    expect(stderr).toContain('cli/what-if: Expected "NAME=down" or "NAME=up" after --what-if, found "cp1=sick"');
    expect(code).toBe(5);
  });

  it('says where there is no roll to plan', async () => {
    const { plan } = await cluster(all, lines('- hosts: all', '  gather_facts: false', '  tasks: [ping:]'));
    expect(await plan()).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('cli/no-roll') });
  });
});
