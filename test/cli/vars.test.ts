import { describe, expect, it } from 'vitest';
import { lines, setupHlb } from '../rig/hlb.ts';

const files = {
  hosts: lines(
    'all:',
    '  vars: { http_port: 80, base: "{{ http_port }}0", ansible_password: geheim99 }',
    'web:',
    '  vars: { http_port: 8080 }',
    '  hosts:',
    '    w1: { http_port: 9090 }',
    '    w2:',
  ),
  'host_vars/w1.yml': 'title: "{{ inventory_hostname }}-{{ missing }}"\n',
};
const of = (...args: readonly string[]): readonly string[] => ['vars', '-i', 'hosts.yml', ...args];

async function setup() {
  const { hosts, ...others } = files;
  return setupHlb({ 'hosts.yml': hosts, ...others });
}

describe('hlb vars', () => {
  it('says what a variable is, where it stands, and what it hides, the strongest first', async () => {
    const { hlb } = await setup();
    const { code, stdout, stderr } = await hlb(of('w1', 'http_port'));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      lines(
        'http_port: 9090',
        '  from host w1, hosts.yml:6:22',
        '  over 8080 from group web, hosts.yml:4:22',
        '  over 80 from group all, hosts.yml:2:22',
      ),
    );
    const extra = await hlb(of('w1', 'http_port', '-e', 'http_port=1'));
    expect(extra.stdout).toMatch(/^http_port: "1"\n {2}from -e, -e:1:11\n {2}over 9090 from host w1/);
  });

  it('shows templates evaluated and as they are written', async () => {
    const { hlb } = await setup();
    expect((await hlb(of('w2', 'base'))).stdout).toBe(
      lines('base: "80800"', '  written "{{ http_port }}0"', '  from group all, hosts.yml:2:32'),
    );
    expect((await hlb(of('w1', 'title'))).stdout).toMatch(/^title: cannot be known: .*missing/);
  });

  it('lists all variables of a host, with passwords hidden unless they are asked for', async () => {
    const { hlb } = await setup();
    const all = await hlb(of('w2'));
    expect(all.stdout.match(/^\w+(?=:)/gm)).toEqual(['ansible_password', 'base', 'http_port']);
    expect(all.stdout).toContain('ansible_password: "********"');
    expect(all.stdout).not.toContain('geheim99');
    expect((await hlb(of('w2', '--show-secrets'))).stdout).toContain('ansible_password: "geheim99"');
  });

  it('prints the same as JSON', async () => {
    const { hlb } = await setup();
    const { stdout } = await hlb(of('w1', 'http_port', '--json'));
    expect(JSON.parse(stdout)).toMatchObject({
      http_port: {
        value: 9090,
        level: 'inventory-host',
        origin: 'host w1',
        place: { path: 'hosts.yml', line: 6 },
        shadows: [{ written: 8080 }, { written: 80 }],
      },
    });
  });

  it('names what is near to a host or variable that is not there', async () => {
    const { hlb } = await setup();
    expect((await hlb(of('w9x'))).stderr).toContain('error cli/unknown-host: The inventory has no host "w9x"\n');
    const name = await hlb(of('w1', 'htp_port'));
    expect([name.code, name.stderr]).toEqual([5, expect.stringContaining('Did you mean "http_port"?')]);
  });
});
