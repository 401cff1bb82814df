import { describe, expect, it } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';

const inventory = lines('[web]', 'w[1:2] http_port=80', '', '[all:vars]', 'region=eu');

describe('hlb inventory', () => {
  it('prints the JSON of ansible-inventory', async () => {
    const { hlb } = await setupHlb({ hosts: inventory });
    const { code, stdout, stderr } = await hlb(['inventory', '-i', 'hosts', '--list']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      _meta: { hostvars: { w1: { http_port: 80, region: 'eu' }, w2: { http_port: 80, region: 'eu' } } },
      all: { children: ['ungrouped', 'web'] },
      web: { hosts: ['w1', 'w2'] },
    });
  });

  it('prints the tree, of a group too, and the variables of a host', async () => {
    const { hlb } = await setupHlb({ hosts: inventory });
    expect(await hlb(['inventory', '--graph'], { HLB_INVENTORY: 'hosts' })).toEqual({
      code: 0,
      stderr: '',
      stdout: lines('@all:', '  |--@ungrouped:', '  |--@web:', '  |  |--w1', '  |  |--w2'),
    });
    expect((await hlb(['inventory', '-i', 'hosts', '--graph', 'web'])).stdout).toBe(
      lines('@web:', '  |--w1', '  |--w2'),
    );
    const host = await hlb(['inventory', '-i', 'hosts', '--host', 'w2']);
    expect(JSON.parse(host.stdout)).toEqual({ http_port: 80, region: 'eu' });
  });

  it('says what is not there', async () => {
    const { hlb } = await setupHlb({ hosts: inventory });
    expect(await hlb(['inventory', '-i', 'hosts', '--host', 'w22'])).toEqual({
      code: 5,
      stdout: '',
      stderr: lines(
        'error cli/unknown-host: The inventory has no host "w22"',
        '  help: Did you mean "w2"?',
        '',
        '1 error',
      ),
    });
    expect((await hlb(['inventory', '-i', 'hosts', '--graph', 'wbe'])).stderr).toBe(
      lines('error cli/unknown-group: The inventory has no group "wbe"', '  help: Did you mean "web"?', '', '1 error'),
    );
    expect((await hlb(['inventory', '--list'])).stderr).toBe(
      lines('error cli/no-inventory: No inventory was given', '  help: Name one with -i', '', '1 error'),
    );
    expect((await hlb(['inventory', '-i', 'hosts'])).stderr).toBe(
      lines('error: expected one of --list, --graph and --host', '(--help shows what there is)'),
    );
  });
});
