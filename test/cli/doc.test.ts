import { describe, expect, it } from 'vitest';
import { setupHlb } from '../rig/hlb.ts';

describe('hlb doc', () => {
  it('prints the reference of a module under any of its names', async () => {
    const { hlb } = await setupHlb();
    const { code, stdout, stderr } = await hlb(['doc', 'ping']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^ping\n\n.+\.\n\nAlso .*ansible\.builtin\.ping/);
    expect((await hlb(['doc', 'ansible.builtin.ping'])).stdout).toBe(stdout);
  });

  it('prints everything that bears a name', async () => {
    const { hlb } = await setupHlb();
    const { stdout } = await hlb(['doc', 'vars']);
    expect(stdout).toContain('keyword vars\n');
    expect(stdout).toContain('lookup vars');
    expect((await hlb(['doc', 'default'])).stdout).toMatch(/^filter default, d\(/);
  });

  it('lists all names, and says which is near to one that is not there', async () => {
    const { hlb } = await setupHlb();
    const all = await hlb(['doc']);
    for (const name of ['copy', 'become', 'api_backends', 'regex_replace', 'defined', 'pipe', 'range'])
      expect(all.stdout).toContain(`\n  ${name}\n`);
    const unknown = await hlb(['doc', 'regex_replac']);
    expect([unknown.code, unknown.stderr]).toEqual([
      5,
      'error cli/unknown-name: Nothing of hlb is called "regex_replac"\n  help: Did you mean "regex_replace"?\n\n1 error\n',
    ]);
  });
});

describe('hlb schema', () => {
  it('prints the schema of each kind of file', async () => {
    const { hlb } = await setupHlb();
    for (const kind of ['playbook', 'tasks', 'handlers', 'inventory', 'vars']) {
      const { code, stdout } = await hlb(['schema', kind]);
      expect([kind, code]).toEqual([kind, 0]);
      expect(JSON.parse(stdout)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
    }
  });
});
