import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { parse } from 'yaml';
import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { aliasesOf, canonicalArguments, metaOf } from '../module/arguments.ts';
import type { Module } from '../module/define.ts';
import { type Case, runCase } from './case.ts';
import { hold } from './hold.ts';
import type { NamedCase } from './read-cases.ts';

/** Something that holds of every module. `check` throws with what was expected and what was found. */
export interface Law {
  readonly name: string;
  readonly check: () => void;
}

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

/** The laws of a module (design §3), those about planning over its cases; and its cases themselves. */
export function lawsOf(module: Module, cases: readonly NamedCase[]): readonly Law[] {
  return [
    { name: 'says what it is for, in one sentence', check: () => saysWhatItIsFor(module) },
    { name: 'describes every parameter and every result', check: () => describesAll(module) },
    { name: 'has a JSON Schema of what a person writes', check: () => hasSchema(module) },
    { name: 'refuses a parameter that it does not have', check: () => refusesOthers(module) },
    ...module.examples.map((example, index) => ({
      name: `takes its own example ${index + 1}`,
      check: () => takesExample(module, example),
    })),
    { name: 'has cases, with and without changes', check: () => hasCases(module, cases) },
    { name: 'plans the same from the same, and changes nothing that it is given', check: () => isPure(module, cases) },
    { name: 'changes nothing where it says that it only reads', check: () => onlyReads(module, cases) },
    { name: 'returns what it declares', check: () => returnsDeclared(module, cases) },
    ...cases.map(({ name, data }) => ({ name, check: () => hold(runCase(module, data), data) })),
  ];
}

function saysWhatItIsFor({ name, summary, examples }: Module): void {
  match(name, /^[a-z][a-z0-9_]*$/);
  match(summary, /^[A-Z].*[^.]$/, `The summary "${summary}" begins with a capital and has no period at its end`);
  ok(examples.length > 0, 'A module has an example');
}

function describesAll({ params, returns }: Module): void {
  const fields = Object.entries(params.shape);
  for (const [name, field] of fields) ok(metaOf(field)?.['description'], `Parameter "${name}" has no description`);
  for (const [name, field] of Object.entries(returns.shape))
    ok(metaOf(field)?.['description'], `Result "${name}" has no description`);
  const names = fields.flatMap(([name, field]) => [name, ...aliasesOf(field)]);
  deepStrictEqual(names, [...new Set(names)], 'Two parameters share a name');
}

function hasSchema({ params }: Module): void {
  const made = z.toJSONSchema(params, {
    io: 'input',
    // A schema among the words about another one is none of JSON, and points at itself once it was used.
    override: ({ jsonSchema }) => {
      for (const [word, value] of Object.entries(jsonSchema)) if (value instanceof z.ZodType) delete jsonSchema[word];
    },
  });
  deepStrictEqual(made.type, 'object');
}

function refusesOthers({ params }: Module): void {
  ok(!params.safeParse({ 'no such parameter': 1 }).success, 'Use z.strictObject, so that a misspelt name is an error');
}

function takesExample(module: Module, example: string): void {
  const task: unknown = parse(example);
  if (!isObject(task)) throw new Error('An example is one task');
  const others = Object.keys(task).filter((key) => key !== module.name && !keywords.has(key));
  deepStrictEqual(others, [], `An example has its module and keywords of a task, nothing like ${others.join(', ')}`);
  const args = canonicalArguments(module, argumentsOf(module, task));
  const written = Object.entries(args).filter(([, value]) => !isTemplate(value));
  for (const [name, value] of written) {
    const field = module.params.shape[name];
    if (field === undefined) ok(module.params.def.catchall, `There is no parameter "${name}"`);
    else refusal(z.safeParse(field, value), name);
  }
  if (written.length === Object.keys(args).length) refusal(module.params.safeParse(args), 'the example');
}

function refusal(read: z.ZodSafeParseResult<unknown>, what: string): void {
  if (!read.success) throw new Error(`${what}: ${z.prettifyError(read.error)}`);
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

function isTemplate(value: unknown): boolean {
  return JSON.stringify(value).includes('{{');
}

function hasCases(module: Module, cases: readonly NamedCase[]): void {
  ok(cases.length > 0, 'A module has cases');
  if (!cases.some(({ data }) => convergenceOf(module, data) === 'converges')) return;
  ok(
    cases.some(({ data }) => data.changes.length > 0),
    'What converges has a case with changes',
  );
  ok(
    cases.some(({ data }) => data.why !== undefined && data.changes.length === 0),
    'What converges has a case without changes that says why',
  );
}

function isPure(module: Module, cases: readonly NamedCase[]): void {
  for (const { name, data } of cases) {
    const frozen = deepFreeze(structuredClone(data));
    const [one, other] = [runCase(module, frozen), runCase(module, frozen)].map((came) => JSON.stringify(came));
    deepStrictEqual(one, other, `Planned twice, "${name}" came out differently`);
  }
}

function onlyReads(module: Module, cases: readonly NamedCase[]): void {
  for (const { name, data } of cases) {
    if (convergenceOf(module, data) !== 'reads') continue;
    const counted = (runCase(module, data).changes ?? []).filter((change) => change['quiet'] !== true);
    deepStrictEqual(counted, [], `"${name}" changes something`);
  }
}

function returnsDeclared(module: Module, cases: readonly NamedCase[]): void {
  const any = z.unknown().optional();
  const declared = { msg: any, changed: any, failed: any, skipped: any };
  const isOpen = module.returns.def.catchall !== undefined;
  const returns = isOpen ? module.returns : z.strictObject({ ...declared, ...module.returns.shape });
  for (const { name, data } of cases) {
    const { result } = runCase(module, data);
    if (result === undefined || result['failed'] === true || data.done.length < data.changes.length) continue;
    refusal(returns.safeParse(result), `The result of "${name}"`);
  }
}

function convergenceOf(module: Module, { params }: Case): string | undefined {
  const read = module.params.safeParse(isObject(params) ? canonicalArguments(module, params) : params);
  return read.success ? module.convergence(read.data) : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
