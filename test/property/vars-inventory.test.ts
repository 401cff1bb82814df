import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Json, toJson } from '../../src/core/value.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { hostJson, inventoryJson } from '../../src/inventory/print.ts';
import { groupsOf } from '../../src/inventory/relations.ts';
import { constantOf } from '../../src/vars/constant.ts';
import type { Term } from '../../src/vars/term.ts';

const folder = mkdtempSync(join(tmpdir(), 'hlb-forms-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Shape {
  readonly groups: readonly {
    readonly name: string;
    readonly hosts: readonly { readonly name: string; readonly vars: Readonly<Record<string, Json>> }[];
    readonly vars: Readonly<Record<string, Json>>;
    /** Only groups behind it, so that there is no circle. */
    readonly children: readonly string[];
  }[];
}

const values: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: fc.constantFrom(...`ab1 .:"'\\#=[]{}-é`.split('')) }).filter((text) => !/\{[{%#]/.test(text)),
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('k', 'l'), fc.integer({ min: 0, max: 9 }), { maxKeys: 2, noNullPrototype: true }),
);
const vars = fc.dictionary(fc.constantFrom('x', 'y', 'z'), values, { maxKeys: 3, noNullPrototype: true });
const names = ['g0', 'g1', 'g2', 'g3'] as const;

const shapes: fc.Arbitrary<Shape> = fc
  .tuple(
    ...names.map((name, index) =>
      fc.record({
        name: fc.constant(name),
        hosts: fc.uniqueArray(fc.record({ name: fc.constantFrom('h1', 'h2', 'h3.example.org'), vars }), {
          maxLength: 3,
          selector: (host) => host.name,
        }),
        vars,
        children: fc.subarray(names.slice(index + 1)),
      }),
    ),
  )
  .map((groups) => ({ groups }));

/** As a Python literal, which INI reads. */
function literal(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value).replaceAll('null', 'None');
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;

function asIni({ groups }: Shape): string {
  return groups
    .flatMap(({ name, hosts, vars, children }) => [
      `[${name}]`,
      ...hosts.map((host) =>
        [host.name, ...Object.entries(host.vars).map(([key, value]) => `${key}=${quoted(literal(value))}`)].join(' '),
      ),
      `[${name}:vars]`,
      ...Object.entries(vars).map(([key, value]) => `${key} = ${literal(value)}`),
      `[${name}:children]`,
      ...children,
    ])
    .join('\n');
}

const plainShape = ({ groups }: Shape) =>
  Object.fromEntries(
    groups.map(({ name, hosts, vars, children }) => [
      name,
      {
        hosts: Object.fromEntries(hosts.map((host) => [host.name, host.vars])),
        vars,
        children: Object.fromEntries(children.map((child) => [child, null])),
      },
    ]),
  );

async function read(name: string, text: string) {
  writeFileSync(join(folder, name), text, { mode: 0o755 });
  return loadInventory({
    sources: [join(folder, name)],
    playbookDirs: [],
    runProgram: () => Promise.resolve({ code: 0, stdout: text.replace(/^#!.*\n/, ''), stderr: '' }),
  });
}

/** Children that are named before their own section come in another order in INI; what they are is the same. */
const unordered = (json: Json): Json =>
  Array.isArray(json) && json.every((item) => typeof item === 'string')
    ? [...json].sort()
    : json !== null && typeof json === 'object' && !Array.isArray(json)
      ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, unordered(value)]))
      : json;

describe('an inventory', () => {
  it('is the same in INI, in YAML and from a program', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const ini = await read('ini', asIni(shape));
        const yaml = await read('it.yml', JSON.stringify(plainShape(shape), undefined, 2));
        const printed = Object.fromEntries(
          shape.groups.map(({ name, hosts, vars, children }) => [
            name,
            { hosts: hosts.map((host) => host.name), vars, children },
          ]),
        );
        const hostvars = shape.groups
          .flatMap(({ hosts }) => hosts)
          .reduce<Record<string, Readonly<Record<string, Json>>>>(
            (all, host) => ({ ...all, [host.name]: { ...all[host.name], ...host.vars } }),
            {},
          );
        const program = await read('program', `#!/bin/sh\n${JSON.stringify({ ...printed, _meta: { hostvars } })}`);
        for (const { diagnostics } of [ini, yaml, program])
          expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
        expect(unordered(inventoryJson(yaml.inventory))).toEqual(unordered(inventoryJson(ini.inventory)));
        expect(unordered(inventoryJson(program.inventory))).toEqual(unordered(inventoryJson(ini.inventory)));
      }),
      { numRuns: 60 },
    );
  });

  it('gives a host the value of its nearest group, or its own', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const { inventory } = await read('it.yml', JSON.stringify(plainShape(shape)));
        for (const host of inventory.hosts.values()) {
          const merged: Record<string, Json> = {};
          for (const group of groupsOf(inventory, host.name))
            Object.assign(merged, shape.groups.find(({ name }) => name === group.name)?.vars);
          for (const { hosts } of shape.groups)
            Object.assign(merged, hosts.find(({ name }) => name === host.name)?.vars);
          expect(hostJson(inventory, host.name)).toEqual(merged);
          const depths = groupsOf(inventory, host.name).map((group) => group.name);
          for (const { name, children } of shape.groups) {
            for (const child of children)
              if (depths.includes(child)) expect(depths.indexOf(name)).toBeLessThan(depths.indexOf(child));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('merges sources so that the later one wins and nothing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, shapes, async (first, second) => {
        await read('one.yml', JSON.stringify(plainShape(first)));
        await read('two.yml', JSON.stringify(plainShape(second)));
        const { inventory } = await loadInventory({
          sources: [join(folder, 'one.yml'), join(folder, 'two.yml')],
          playbookDirs: [],
          runProgram: () => Promise.reject(new Error('there is no program')),
        });
        for (const host of inventory.hosts.values()) {
          const expected: Record<string, Json> = {};
          for (const { hosts } of [...first.groups, ...second.groups]) {
            Object.assign(expected, hosts.find(({ name }) => name === host.name)?.vars);
          }
          const own = [...(host.vars[0] ?? [])].filter(([name]) => !name.startsWith('inventory_'));
          expect(Object.fromEntries(own.map(([name, { term }]) => [name, jsonOf(term)]))).toEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  });
});

function jsonOf(term: Term): Json | undefined {
  const value = constantOf(term);
  return value === undefined ? undefined : toJson(value);
}
