import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadInventory } from '../../src/inventory/load.ts';
import { hostJson, inventoryGraph, inventoryJson } from '../../src/inventory/print.ts';
import type { RunProgram } from '../../src/inventory/program.ts';
import { type InventoryCase, inventoryCases, refusedCases } from './inventory-cases.ts';
import { type Answer, askAnsible } from './inventory-driver.ts';

const root = mkdtempSync(join(tmpdir(), 'hlb-inventory-'));
afterAll(() => rmSync(root, { recursive: true }));

const runProgram: RunProgram = (path, args) =>
  new Promise((resolve) => {
    execFile(path, [...args], (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, stdout, stderr }));
  });

function write(one: InventoryCase, index: number) {
  const folder = join(root, String(index));
  for (const [name, text] of Object.entries(one.files)) {
    const path = join(folder, name.replace(/!$/, ''));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (name.endsWith('!')) chmodSync(path, 0o755);
  }
  const sources = one.sources.map((source) => (source.includes(',') ? source : join(folder, source)));
  return {
    sources,
    playbookDir: one.playbookDir === undefined ? undefined : join(folder, one.playbookDir),
    hosts: one.hosts ?? [],
  };
}

const written = [...inventoryCases, ...refusedCases].map(write);
/** What `--list`, `--graph` and `--host` of each host printed. */
const asked = await askAnsible(written, root);
const answers = typeof asked === 'string' ? [] : asked;

const load = async (index: number) => {
  const { sources = [], playbookDir } = written[index] ?? {};
  return loadInventory({ sources, playbookDirs: playbookDir === undefined ? [] : [playbookDir], runProgram });
};

describe.skipIf(typeof asked === 'string')(`an inventory${typeof asked === 'string' ? ` (${asked})` : ''}`, () => {
  it.each(inventoryCases.map((one, index) => ({ name: one.name, index })))(
    'is what ansible-inventory makes of it: $name',
    async ({ index }) => {
      const { inventory, diagnostics } = await load(index);
      expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
      const [list, graph, ...hosts] = (answers[index] ?? []).map(printed);
      expect(inventoryJson(inventory)).toEqual(withoutProfile(JSON.parse(list ?? '')));
      expect(`${inventoryGraph(inventory)}\n`).toEqual(graph);
      const named = written[index]?.hosts ?? [];
      expect(named.map((host) => hostJson(inventory, host))).toEqual(hosts.map((text): unknown => JSON.parse(text)));
    },
  );

  it.each(refusedCases.map((one, index) => ({ name: one.name, index: inventoryCases.length + index })))(
    'is refused where Ansible refuses it: $name',
    async ({ index }) => {
      expect(answers[index]?.[0]).toMatchObject({ error: expect.any(String) });
      const { diagnostics } = await load(index);
      expect(diagnostics.filter((one) => one.severity === 'error').length).toBeGreaterThan(0);
    },
  );
});

function printed(answer: Answer): string {
  if (typeof answer === 'string') return answer;
  throw new Error(`Ansible refuses it: ${JSON.stringify(answer)}`);
}

/** Since 2.19 Ansible says how it serialized the variables, which matters to Ansible alone. */
function withoutProfile(list: { readonly _meta: { readonly hostvars: unknown } }) {
  return { ...list, _meta: { hostvars: list._meta.hostvars } };
}
