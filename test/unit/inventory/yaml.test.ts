import { describe, expect, it } from 'vitest';
import { load, told } from './fixture.ts';

describe('a YAML inventory', () => {
  it('tells all its mistakes at once, each with its place', async () => {
    const { diagnostics } = await load({
      'hosts.yml': [
        'web:',
        '  host:',
        '    a:',
        '  vars: [1]',
        'db:',
        '  hosts:',
        '    10:',
        '    on:',
        '    b: text',
        '    n[5:1]:',
        '  children:',
        '    web: {}',
        '    yes: {}',
        'web2: nothing',
      ].join('\n'),
    });
    expect(told(diagnostics)).toEqual([
      'inventory/unknown-key 2:3 A group has no "host"',
      'inventory/not-a-mapping 4:9 Expected the vars of the group "web" to be a mapping, found a list',
      'inventory/host-name 7:5 Expected the name of a host, found "10", which is no text',
      'inventory/host-name 8:5 Expected the name of a host, found "on", which is no text',
      'inventory/not-a-mapping 9:8 Expected the host "b" to hold variables or nothing, found "text"',
      'inventory/range 10:5 The range "[5:1]" ends before it begins',
      'inventory/not-a-mapping 13:5 Expected the name of a group, found "yes", which is no text',
      'inventory/not-a-mapping 14:7 Expected the group "web2" to be a mapping of hosts, children and vars, found "nothing"',
    ]);
    expect(diagnostics[0]?.help).toBe('Did you mean "hosts"?');
  });

  it.each([
    ['a list', '- a\n', 'inventory/not-a-mapping 1:1 Expected a mapping of groups, found a list'],
    [
      'a plugin',
      'plugin: constructed\n',
      'inventory/plugin 1:9 Inventory plugins such as "constructed" do not run in hlb',
    ],
    ['two documents', 'a:\n---\nb:\n', 'inventory/documents 3:1 Expected one YAML document, found several'],
  ])('that is %s is refused', async (_, text, message) => {
    const { diagnostics } = await load({ 'hosts.yml': text });
    expect(told(diagnostics)).toContain(message);
  });

  it('refuses a group below itself', async () => {
    const { diagnostics } = await load({ 'hosts.yml': 'a:\n  children:\n    b:\n      children:\n        a:\n' });
    expect(told(diagnostics)).toEqual([
      'inventory/group-cycle 3:5 The group "b" cannot be a child of "a", which is below it already',
    ]);
  });

  it('warns of every word and number that YAML 1.1 reads in another way', async () => {
    const { diagnostics } = await load({
      'hosts.yml': 'all:\n  vars:\n    a: yes\n    b: 0644\n    c: 12:30\n    d: "no"\n    e: 08\n',
    });
    expect(told(diagnostics.filter((one) => one.code !== 'inventory/no-hosts'))).toEqual([
      'vars/yaml11-boolean 3:8 "yes" without quotes is true in Ansible\'s YAML, and is taken so',
      'vars/yaml11-number 4:8 "0644" without quotes is the number 420 in Ansible\'s YAML, and is taken so',
      'vars/yaml11-number 5:8 "12:30" without quotes is the number 750 in Ansible\'s YAML, and is taken so',
      'vars/yaml11-number 7:8 "08" without quotes is a text in Ansible\'s YAML, and is taken so',
    ]);
  });

  it('says what is wrong with its YAML', async () => {
    const { diagnostics } = await load({ 'hosts.yml': 'all:\n  hosts:\n    a: {x: "1}\n' });
    expect(diagnostics.map((one) => one.code)).toContain('yaml/unclosed-quote');
  });
});
