import { describe, expect, it } from 'vitest';
import { variablesOfNode } from '../../../src/vars/variables.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';
import { told } from './fixture.ts';

const compile = (text: string, level: Parameters<typeof variablesOfNode>[1] = 'play') =>
  variablesOfNode(parseYaml({ path: 'it.yml', text }).root, level, 'play');

describe('variables', () => {
  it('know their level, origin and place', () => {
    const variable = compile('# first\nx: 1\n').variables.get('x');
    expect(variable).toMatchObject({ level: 'play', origin: 'play', term: { kind: 'constant', value: 1n } });
    expect(variable?.term.at.start).toBe(11);
  });

  it('have names that expressions can use', () => {
    const text = 'a-b: 1\n2x: 1\n"not": 1\né: 1\n_ok1: 1\nclass: 1\n';
    expect(told(compile(text).diagnostics)).toEqual([
      'error vars/invalid-name 1:1 "a-b" is not a name that an expression can use',
      'error vars/invalid-name 2:1 "2x" is not a name that an expression can use',
      'error vars/invalid-name 3:1 "not" is not a name that an expression can use',
      'error vars/invalid-name 4:1 "é" is not a name that an expression can use',
    ]);
    expect(compile(text).diagnostics.map((one) => one.help)).toEqual([
      'Use letters, digits and "_", such as "a_b"',
      'Use letters, digits and "_", such as "_2x"',
      'Use letters, digits and "_", such as "not_"',
      'Use letters, digits and "_", such as "_"',
    ]);
  });

  it('of files may have other names, with a warning', () => {
    expect(compile('a-b: 1\n', 'inventory-host-vars').diagnostics.map((one) => one.severity)).toEqual(['warning']);
    expect(compile('a-b: 1\n', 'inventory-host-vars').variables.has('a-b')).toBe(true);
  });

  it('warn of names that hlb sets and of keywords', () => {
    expect(told(compile('inventory_hostname: a\nport: 1\n').diagnostics)).toEqual([
      'warning vars/magic-name 1:1 "inventory_hostname" is set by hlb, so that this value is never read',
      'warning vars/reserved-name 2:1 "port" is also a keyword of playbooks, which is easily confused',
    ]);
  });

  it('are read as Ansible reads them, with a warning', () => {
    expect(told(compile('a: yes\nb: "yes"\nc: 0644\n').diagnostics)).toEqual([
      'warning vars/yaml11-boolean 1:4 "yes" without quotes is true in Ansible\'s YAML, and is taken so',
      'warning vars/yaml11-number 3:4 "0644" without quotes is the number 420 in Ansible\'s YAML, and is taken so',
    ]);
  });

  it('are a mapping or nothing', () => {
    expect(compile('# nothing\n')).toEqual({ variables: new Map(), diagnostics: [] });
    expect(told(compile('- 1\n').diagnostics)).toEqual([
      'error vars/not-a-mapping 1:1 Expected variables as "name: value", found a list',
    ]);
  });
});
