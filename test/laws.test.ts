import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '../src/core/value.ts';
import { aliasesOf, canonicalArguments, metaOf } from '../src/module/arguments.ts';
import type { Module } from '../src/module/define.ts';
import { createRegistry } from '../src/module/registry.ts';
import { builtinModules } from '../src/modules/registry.ts';
import { Case, runCase } from './unit/modules/case.ts';

/** What holds of every module, whoever wrote it (design §3). */

const registry = createRegistry(builtinModules);
const golden = join(import.meta.dirname, 'golden', 'modules');

/** Keywords of a task that an example may carry beside its module. */
const keywords = new Set([
  'name',
  'when',
  'register',
  'until',
  'retries',
  'delay',
  'loop',
  'args',
  'delegate_to',
  'run_once',
]);

interface NamedCase {
  readonly name: string;
  readonly data: Case;
}

function casesOf(module: Module): readonly NamedCase[] {
  const folder = join(golden, module.name);
  let files: readonly string[] = [];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
  } catch {
    return [];
  }
  return files.map((name) => ({ name, data: Case.parse(parse(readFileSync(join(folder, name), 'utf8'))) }));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Arguments of an example, in whichever form it writes them. */
function argumentsOf(module: Module, task: JsonObject): JsonObject {
  const own = task[module.name];
  const more = isObject(task['args']) ? task['args'] : {};
  if (own === null || own === undefined) return more;
  if (isObject(own)) return { ...own, ...more };
  if (module.freeForm === undefined) throw new Error(`"${module.name}" takes no free form`);
  return { [module.freeForm]: own, ...more };
}

const isTemplate = (value: unknown): boolean => JSON.stringify(value).includes('{{');

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
      it('says what it is for, in one sentence', () => {
        expect(module.name).toMatch(/^[a-z][a-z0-9_]*$/);
        expect(module.summary).toMatch(/^[A-Z].*[^.]$/);
        expect(module.examples.length).toBeGreaterThan(0);
      });

      it('describes every parameter and every result', () => {
        const fields = Object.entries(module.params.shape);
        for (const [name, field] of fields) expect(metaOf(field)?.['description'], `parameter ${name}`).toBeTruthy();
        for (const [name, field] of Object.entries(module.returns.shape)) {
          expect(metaOf(field)?.['description'], `result ${name}`).toBeTruthy();
        }
        const names = fields.flatMap(([name, field]) => [name, ...aliasesOf(field)]);
        expect(names).toEqual([...new Set(names)]);
      });

      it('has a JSON Schema of what a person writes', () => {
        const schema = z.toJSONSchema(module.params, { io: 'input' });
        expect(schema.type).toBe('object');
      });

      it('refuses a parameter that it does not have', () => {
        const read = module.params.safeParse({ 'no such parameter': 1 });
        expect(read.success).toBe(false);
      });

      for (const [index, example] of module.examples.entries()) {
        it(`takes its own example ${index + 1}`, () => {
          const task: unknown = parse(example);
          if (!isObject(task)) throw new Error('An example is one task');
          const others = Object.keys(task).filter((key) => key !== module.name);
          expect(others.filter((key) => !keywords.has(key))).toEqual([]);
          const args = canonicalArguments(module, argumentsOf(module, task));
          const computed = Object.entries(args).filter(([, value]) => isTemplate(value));
          for (const [name, value] of Object.entries(args).filter(([, one]) => !isTemplate(one))) {
            const field = module.params.shape[name];
            if (field !== undefined) expect(z.safeParse(field, value).error, name).toBeUndefined();
            else expect(module.params.def.catchall, name).toBeDefined();
          }
          if (computed.length === 0) expect(module.params.safeParse(args).error).toBeUndefined();
        });
      }

      const cases = casesOf(module);

      it('has cases, with and without changes', () => {
        expect(cases.length).toBeGreaterThan(0);
        const convergences = cases.flatMap(({ data }) => convergenceOf(module, data));
        if (!convergences.includes('converges')) return;
        expect(cases.some(({ data }) => data.changes.length > 0)).toBe(true);
        expect(cases.some(({ data }) => data.why !== undefined && data.changes.length === 0)).toBe(true);
      });

      it('plans the same from the same, and changes nothing that it is given', () => {
        for (const { name, data } of cases) {
          const frozen = deepFreeze(structuredClone(data));
          expect(JSON.stringify(runCase(module, frozen)), name).toBe(JSON.stringify(runCase(module, frozen)));
        }
      });

      it('changes nothing where it says that it only reads', () => {
        for (const { name, data } of cases) {
          if (convergenceOf(module, data)[0] !== 'reads') continue;
          const counted = (runCase(module, data).changes ?? []).filter((change) => change['quiet'] !== true);
          expect(counted, name).toEqual([]);
        }
      });

      it('returns what it declares', () => {
        for (const { name, data } of cases) {
          const { result } = runCase(module, data);
          if (result === undefined || result['failed'] === true || data.done.length < data.changes.length) continue;
          const any = z.unknown().optional();
          const declared = { msg: any, changed: any, failed: any, skipped: any };
          const returns = isOpen(module.returns)
            ? module.returns
            : z.strictObject({ ...declared, ...module.returns.shape });
          expect(returns.safeParse(result).error, name).toBeUndefined();
        }
      });
    });
  }
});

function isOpen(schema: z.ZodObject): boolean {
  return schema.def.catchall !== undefined;
}

function convergenceOf(module: Module, data: Case): readonly string[] {
  const read = module.params.safeParse(isObject(data.params) ? canonicalArguments(module, data.params) : data.params);
  return read.success ? [module.convergence(read.data)] : [];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
