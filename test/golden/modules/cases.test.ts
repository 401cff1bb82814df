import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRegistry } from '../../../src/module/registry.ts';
import { builtinModules } from '../../../src/modules/registry.ts';
import { type Came, Case, runCase } from '../../unit/modules/case.ts';

const registry = createRegistry(builtinModules);
const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** Every file below this folder is a case of the module that its folder is named after. */
for (const folder of folders) {
  describe(folder.name, () => {
    const at = join(import.meta.dirname, folder.name);
    for (const file of readdirSync(at).filter((name) => name.endsWith('.yml'))) {
      it(basename(file, '.yml').replaceAll('-', ' '), () => {
        const one = Case.parse(parse(readFileSync(join(at, file), 'utf8')));
        const module = registry.find(folder.name);
        if (module === undefined) throw new Error(`There is no module "${folder.name}"`);
        hold(runCase(module, one), one);
      });
    }
  });
}

function hold(came: Came, one: Case): void {
  if (one.invalid !== undefined) {
    expect(came.invalid).toContain(one.invalid);
    return;
  }
  expect(came.invalid).toBeUndefined();
  if (one.refuse !== undefined) {
    expect(came.plan).toMatchObject({ kind: 'refuse', reason: expect.stringContaining(one.refuse) });
    return;
  }
  expect(came.plan).toMatchObject({ kind: 'plan' });
  if (came.plan?.kind !== 'plan') return;
  expect(came.changes).toEqual(one.changes);
  expect(came.rounds, 'rounds of observation').toBeLessThanOrEqual(one.rounds);
  const isIdle = one.changes.length === 0 && one.effects === undefined && one.later.length === 0;
  if (isIdle) {
    expect(one.why, 'a case without changes says why').toBeTruthy();
    expect(came.plan.why ?? came.plan.unknown, 'a plan without changes says why').toBeTruthy();
  }
  if (one.effects !== undefined) expect(came.plan.effects).toEqual(one.effects);
  if (one.unknown !== undefined) expect(came.plan.unknown).toContain(one.unknown);
  if (one.skip !== undefined) expect(came.plan.skip ?? false).toBe(one.skip);
  if (one.disrupts !== undefined) expect(came.disrupts).toEqual(one.disrupts);
  for (const [at, expected] of one.later.entries()) {
    const later = came.later?.[at];
    if (expected.refuse === undefined) expect(later?.changes).toEqual(expected.changes);
    else expect(later?.plan).toMatchObject({ kind: 'refuse', reason: expect.stringContaining(expected.refuse) });
  }
  if (one.result !== undefined) expect(came.result).toMatchObject(one.result);
}
