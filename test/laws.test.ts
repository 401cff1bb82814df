import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parametersOf } from '../src/module/params-schema.ts';
import { createRegistry } from '../src/module/registry.ts';
import { builtinModules } from '../src/modules/registry.ts';
import { laws } from '../src/testing/api.ts';
import { readLaws } from './rig/laws.ts';

/** What holds of every module, whoever wrote it (design §3), and the cases that it brings. */

const registry = createRegistry(builtinModules);
const golden = join(import.meta.dirname, 'golden', 'modules');

describe('every module', () => {
  it('is called by names that no other has', () => {
    expect(registry.names()).toEqual([...registry.names()].sort());
    for (const module of builtinModules) {
      expect(registry.find(module.name)).toBe(module);
      for (const alias of module.aliases ?? []) expect(registry.find(alias)).toBe(module);
    }
  });

  it('has cases below its own name, and none lie elsewhere', () => {
    expect(readdirSync(golden).sort()).toEqual(registry.names());
  });

  it('has a law on a lab host, or what stands in its way is said', () => {
    const known = readLaws();
    const named = known.flatMap(({ task }) => Object.keys(task));
    expect([...new Set(named)].sort()).toEqual(registry.names());
    const tests = known.flatMap(({ elsewhere }) => elsewhere ?? []);
    expect(tests.filter((path) => !existsSync(join(import.meta.dirname, '..', path)))).toEqual([]);
  });

  it('keeps its laws when it has been described and used', () => {
    for (const module of builtinModules) {
      parametersOf(module);
      module.params.safeParse({});
      for (const law of laws(module, { cases: join(golden, module.name) })) law.check();
    }
  });

  for (const module of builtinModules) {
    describe(module.name, () => {
      for (const law of laws(module, { cases: join(golden, module.name) })) it(law.name, law.check);
    });
  }
});
