import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../src/module/registry.ts';
import { builtinModules } from '../src/modules/registry.ts';
import { laws } from '../src/testing/api.ts';

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

  for (const module of builtinModules) {
    describe(module.name, () => {
      for (const law of laws(module, { cases: join(golden, module.name) })) it(law.name, law.check);
    });
  }
});
