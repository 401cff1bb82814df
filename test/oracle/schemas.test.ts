import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtinModules } from '../../src/modules/registry.ts';
import { debianPython } from '../rig/python.ts';
import { fences, project } from '../unit/docs/pages.ts';

/**
 * The schemas by Python's jsonschema: they accept everything that `hlb check` accepts, and find the mistakes that an
 * editor can find.
 */

type Kind = 'playbook' | 'tasks' | 'handlers' | 'inventory';
interface Case {
  readonly name: string;
  readonly kind: Kind;
  readonly value: unknown;
}

/** Prints, for each case of a file, what is wrong with it, or an empty line. */
const driver = `
import json, sys
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
validators = {}
for case in json.load(open(sys.argv[1])):
    kind = case["kind"]
    if kind not in validators:
        validators[kind] = Draft7Validator(json.load(open(sys.argv[2] + "/" + kind + ".json")))
    found = best_match(validators[kind].iter_errors(case["value"]))
    print(json.dumps("" if found is None else "/".join(map(str, found.absolute_path)) + ": " + found.message[:200]))
`;

let python: string;
beforeAll(async () => {
  python = await debianPython(['jsonschema']);
});

function said(cases: readonly Case[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-schema-'));
  try {
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases));
    const args = ['-c', driver, join(folder, 'cases.json'), join(project, 'schemas')];
    const out = execFileSync(python, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(text: string): unknown {
  return parse(text, { logLevel: 'silent', merge: true });
}

function yamlBelow(folder: string): readonly string[] {
  if (!existsSync(join(project, folder))) return [];
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => join(folder, path))
    .sort();
}

/** What a file is by its place and content; absent for variables and the like. */
function kindOf(path: string, value: unknown): Kind | undefined {
  if (/\/handlers\//.test(path)) return 'handlers';
  if (!Array.isArray(value)) return undefined;
  const isPlay = (one: unknown): boolean =>
    typeof one === 'object' && one !== null && Object.keys(one).some((key) => /^hosts$|import_playbook$/.test(key));
  return value.some(isPlay) ? 'playbook' : 'tasks';
}

const written: readonly Case[] = [
  ...['playbooks', 'test/fixtures/playbooks'].flatMap(yamlBelow).flatMap((path): readonly Case[] => {
    const value = read(readFileSync(join(project, path), 'utf8'));
    const kind = /\/(hosts|inventory)\.yml$/.test(path) ? 'inventory' : kindOf(path, value);
    return kind === undefined || /\/(vars|defaults|meta|group_vars|host_vars)\//.test(path)
      ? []
      : [{ name: path, kind, value }];
  }),
  ...fences
    .filter(({ language, kind }) => language === 'yaml' && ['', 'inventory'].includes(kind))
    .map(({ place, kind, text }): Case => {
      const value = read(text);
      return { name: place, kind: kind === 'inventory' ? 'inventory' : (kindOf(place, value) ?? 'tasks'), value };
    }),
  ...builtinModules.flatMap(({ name, examples }) =>
    examples.map((text, index): Case => {
      const value = read(text);
      return { name: `example ${index + 1} of ${name}`, kind: 'tasks', value: Array.isArray(value) ? value : [value] };
    }),
  ),
  {
    name: 'inventory/example.yml',
    kind: 'inventory',
    value: read(readFileSync(join(project, 'inventory/example.yml'), 'utf8')),
  },
];

const wrong: readonly (readonly [Kind, string])[] = [
  ['playbook', '[]'],
  ['playbook', '- tasks: []'],
  ['playbook', '- hosts: all\n  task: []'],
  ['playbook', '- hosts: all\n  gather_facts: maybe'],
  ['playbook', '- hosts: all\n  strategy: linar'],
  ['playbook', '- hosts: all\n  serial: [1, half]'],
  ['playbook', '- hosts: all\n  roles: [{when: x}]'],
  ['playbook', '- hosts: all\n  rolling: {batches: 1}'],
  ['playbook', '- hosts: all\n  vars_prompt: [{prompt: "Which?"}]'],
  ['playbook', '- import_playbook: a.yml\n  tasks: []'],
  ['tasks', '- copy: {dest: /a, contents: x}'],
  ['tasks', '- copy: {dest: /a, content: x}\n  whenn: true'],
  ['tasks', '- ansible.builtin.service: {name: x, state: start}'],
  ['tasks', '- service: {name: x, enabled: maybe}'],
  ['tasks', '- wait_for: {port: high}'],
  ['tasks', '- haproxy_config: {servers: [{nam: cp1, address: 192.0.2.1}]}'],
  ['tasks', '- debug: {msg: x}\n  loop: three'],
  ['tasks', '- debug: {msg: x}\n  loop: [1]\n  loop_control: {labl: x}'],
  ['tasks', '- debug: {msg: x}\n  with_item: [1]'],
  ['tasks', '- block:\n    - debug: {mgs: x}'],
  ['tasks', '- block: []\n  register: x'],
  ['tasks', '- include_role: {nam: x}'],
  ['tasks', '- debug: {msg: x}\n  debugger: always'],
  ['tasks', '- debug: {msg: x}\n  listen: topic'],
  ['tasks', 'debug: {msg: x}'],
  ['inventory', 'web: {host: {a: }}'],
  ['inventory', 'web: [a, b]'],
  ['inventory', 'plugin: aws_ec2'],
];

describe('the schemas', () => {
  it('accept everything that is in this repository', () => {
    expect(written.length).toBeGreaterThan(150);
    const found = said(written).flatMap((text, index) => (text === '' ? [] : [`${written[index]?.name}: ${text}`]));
    expect(found).toEqual([]);
  });

  it('find what an editor can find', () => {
    const cases = wrong.map(([kind, text]): Case => ({ name: text, kind, value: read(text) }));
    expect(said(cases).flatMap((text, index) => (text === '' ? [cases[index]?.name] : []))).toEqual([]);
  });
});
