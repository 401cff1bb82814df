import { describe, expect, it } from 'vitest';
import { variablesOfNode } from '../../../src/vars/variables.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';
import { said } from './harness.ts';
import { gatherInventory } from './inventory.ts';

const schema = `
- hosts: web
  gather_facts: false
  vars_schema:
    port: {type: int, required: true, description: Where it listens}
    mode: {type: str, choices: [tcp, http]}
    peers: {type: list, elements: dict, options: {name: {type: str, required: true}, weight: {type: int}}}
  tasks:
    - ping:
`;

function saidWith(vars: Readonly<Record<string, string>>, extra = ''): readonly string[] {
  const { root } = parseYaml({ path: 'extra.yml', text: extra });
  const extraVars = variablesOfNode(root, 'extra', '-e').variables;
  return said(schema, { inventory: gatherInventory(['web'], vars), extraVarNames: [...extraVars.keys()], extraVars });
}

describe('Variables that a play declares', () => {
  it('are fine where every host has them as declared', () => {
    expect(saidWith({ web: 'port: 80\nmode: tcp\npeers: [{name: a, weight: 1}]' })).toEqual([]);
    expect(saidWith({ web1: 'port: "80"', web2: 'port: "{{ 80 + 1 }}"' })).toEqual([]);
  });

  it('are missed on each host that does not have them', () => {
    expect(saidWith({ web1: 'port: 80' })).toEqual([
      'site.yml:5:11 args/missing-parameter: The play needs "port", which web2 does not have (Define it in the inventory, in vars or with -e)',
    ]);
  });

  it('are held against their type, choices and parts, where the value stands', () => {
    expect(saidWith({ web: 'port: many\nmode: tpc\npeers: [{nam: a}]' })).toEqual([
      'hosts.yml:1:7 args/bad-value: "port" expects a whole number',
      'hosts.yml:2:7 args/bad-value: "mode" expects one of "tcp", "http", found "tpc" (Did you mean "tcp"?)',
      'hosts.yml:3:10 args/unknown-parameter: "peers" has no "nam" (Did you mean "name"?)',
      'hosts.yml:3:9 args/missing-parameter: "peers" needs "name" (Add "name: ...")',
    ]);
  });

  it('count as -e gives them, whatever the inventory says', () => {
    expect(saidWith({ web: 'port: many' }, 'port: "80"')).toEqual([]);
    expect(saidWith({ web: 'port: 80' }, 'port: many')).toEqual([
      'extra.yml:1:7 args/bad-value: "port" expects a whole number',
    ]);
  });

  it('are looked at with what the strongest place says for a host', () => {
    expect(saidWith({ web: 'port: many', web1: 'port: 80', web2: 'port: 81' })).toEqual([]);
  });

  it('are declared in the language of argument_specs', () => {
    const wrong = schema.replace('type: int, required', 'typ: int, required');
    expect(said(wrong, { inventory: gatherInventory(['web'], { web: 'port: 80' }) })[0]).toContain('Unknown key "typ"');
  });
});
