import { describe, expect, it } from 'vitest';
import { lineText, placeText } from '../../../src/core/source.ts';
import { load, told } from './fixture.ts';

describe('an INI inventory', () => {
  it('tells all its mistakes at once, each with its place', async () => {
    const { diagnostics } = await load({
      hosts: [
        'web[3:1]',
        'a b',
        'c "x=1',
        'd:',
        '[web:hosts:x]',
        '[web:vras]',
        'ignored here',
        '[ db ]',
        '[web:vars]',
        'no value',
        '1st=1',
        'ansible_group_priority=high',
        '[web:children]',
        'db db',
        'nowhere',
        '[other:vars]',
        'x=1',
      ].join('\n'),
    });
    expect(told(diagnostics)).toEqual([
      'inventory/range 1:1 The range "[3:1]" ends before it begins',
      'inventory/host-line 2:3 Expected a variable as name=value, found "b"',
      'inventory/host-line 3:3 The quote " is never closed',
      'inventory/host-line 4:1 A host cannot end in ":", found "d:"',
      'inventory/section 5:1 "[web:hosts:x]" is not a section',
      'inventory/section 6:6 Unknown kind of section "vras"',
      'inventory/section 8:1 "[ db ]" is not a section',
      'inventory/host-line 10:1 Expected name=value below [web:vars], found "no value"',
      'vars/invalid-name 11:1 "1st" is not a name that an expression can use',
      'inventory/group-priority 12:24 Expected ansible_group_priority to be a whole number',
      'inventory/host-line 14:1 Expected the name of a group below [web:children], found "db db"',
      'inventory/undefined-group 15:1 The group "nowhere", a child of "web", is nowhere declared',
      'inventory/undefined-group 16:1 [other:vars] belongs to the group "other", which is nowhere declared',
    ]);
  });

  it('asks whether another name was meant', async () => {
    const { diagnostics } = await load({ hosts: '[workers]\na\n[top:children]\nworkerz\n[top:childern]\nx\n' });
    expect(diagnostics.map((one) => one.help)).toEqual(['Did you mean "children"?', 'Did you mean "workers"?']);
  });

  it('refuses groups that contain each other, and keeps the rest', async () => {
    const { inventory, diagnostics } = await load({
      hosts: '[a:children]\nb\n[b:children]\nc\n[c:children]\na\n[d:children]\nd\n[e]\nh\n',
    });
    expect(told(diagnostics)).toEqual([
      'inventory/group-cycle 6:1 The group "a" cannot be a child of "c", which is below it already',
      'inventory/group-cycle 8:1 The group "d" cannot be its own child',
    ]);
    expect(inventory.groups.get('e')?.hosts).toEqual(['h']);
  });

  it('knows the place of a value inside of quotes', async () => {
    const { inventory } = await load({ hosts: `[web]\na x="two words" y='z'\n` });
    const at = inventory.hosts.get('a')?.vars[0]?.get('y')?.term.at;
    if (at === undefined) throw new Error('y is not there');
    expect(placeText(at)).toMatch(/hosts:2:20$/);
    expect(at.source.text.slice(at.start, at.end)).toBe('z');
    expect(lineText(at.source, 2)).toContain('two words');
  });

  it('warns of a group that no template can name', async () => {
    const { diagnostics } = await load({ hosts: '[k8s-cluster]\na\n' });
    expect(diagnostics.map((one) => [one.code, one.severity, one.help])).toEqual([
      [
        'inventory/group-name',
        'warning',
        'Name it with letters, digits and "_", such as "k8s_cluster", so that groups.k8s_cluster works',
      ],
    ]);
  });

  it('warns of a host with the name of a group', async () => {
    const { diagnostics } = await load({ hosts: '[web]\nweb\n' });
    expect(told(diagnostics)).toEqual(['inventory/name-clash 2:1 "web" is both a host and a group']);
  });
});
