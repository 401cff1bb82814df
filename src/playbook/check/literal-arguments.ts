import { z } from 'zod';
import { type Json, toJson, type Value } from '../../core/value.ts';
import type { Environment, FreeNames } from '../../expr/api.ts';
import type { Module } from '../../module/define.ts';
import { constantOf } from '../../vars/constant.ts';
import { evaluateTerm } from '../../vars/evaluate.ts';
import type { Term } from '../../vars/term.ts';
import { type Possible, possibleCases } from '../cases.ts';
import type { Loop, Task } from '../tree.ts';
import { formulasOf } from './uses.ts';

const manyItems = 100;

/** Loops whose items are the elements of their list as they stand. */
const writtenOut: ReadonlySet<Loop['kind']> = new Set(['loop', 'items', 'list', 'flattened']);

/**
 * The parameters a task may be called with, each as the module's schema reads it: for each item of a literal loop, and
 * for each way that what is only known later may turn out. None where that cannot be said.
 */
export function possibleParams(task: Task): readonly unknown[] {
  const { args, module, loop } = task;
  if (args.kind === 'dynamic' || task.keywords.moduleDefaults.some((one) => one.has(module.name))) return [];
  const items = loop === undefined || !writtenOut.has(loop.kind) ? undefined : literalItems(loop.term);
  const rounds: readonly (Value | undefined)[] = items ?? [undefined];
  return rounds.slice(0, manyItems).flatMap((item) => {
    const possible = [...args.entries].map(([name, term]): [string, Possible] => {
      const value = valueOf(term, loop?.control.loopVar, item);
      return [
        name,
        value === undefined || !takes(module, name, value) ? { mayBeOmitted: mayBeOmitted(term) } : { value },
      ];
    });
    return possibleCases(module, new Map(possible)).flatMap((one) => {
      const read = module.params.safeParse(one);
      return read.success ? [read.data] : [];
    });
  });
}

/** What is wrong by itself was reported; it must not hide what else is wrong. */
function takes(module: Module, name: string, value: Json): boolean {
  const schema: z.core.$ZodType | undefined = module.params.shape[name];
  return schema === undefined || z.safeParse(schema, value).success;
}

function mayBeOmitted(term: Term): boolean {
  return formulasOf(term).some(({ names }) => names.variables.some((use) => use.name === 'omit'));
}

/** The items of a loop over a literal list. */
function literalItems(term: Term): readonly Value[] | undefined {
  const value = constantOf(term);
  return Array.isArray(value) ? value : undefined;
}

/** A literal value, or one that only needs the item of a literal loop. */
function valueOf(term: Term, loopVar: string | undefined, item: Value | undefined): Json | undefined {
  const constant = constantOf(term);
  if (constant !== undefined) return toJson(constant);
  if (item === undefined || !formulasOf(term).every(({ names }) => readsOnly(names, loopVar))) return undefined;
  const outcome = evaluateTerm(term, environmentOf(loopVar, item));
  return outcome.kind === 'value' ? toJson(outcome.value) : undefined;
}

function readsOnly(names: FreeNames, name: string | undefined): boolean {
  return !names.computed && !names.lookups && names.variables.every((use) => use.name === name);
}

function environmentOf(loopVar: string | undefined, item: Value): Environment {
  return {
    resolve: (name) => (name === loopVar ? item : undefined),
    names: () => (loopVar === undefined ? [] : [loopVar]),
    answer: () => undefined,
    now: () => 0,
    random: () => 0,
  };
}

/** What a term may be, where that is literal: itself, or its value for each item of a literal loop. */
export function possibleTexts(term: Term, loop: Task['loop']): readonly string[] | undefined {
  const constant = constantOf(term);
  if (constant !== undefined) return typeof constant === 'string' ? [constant] : undefined;
  const items = loop === undefined || !writtenOut.has(loop.kind) ? undefined : literalItems(loop.term);
  const values = items?.map((item) => valueOf(term, loop?.control.loopVar, item));
  const texts = values?.flatMap((value) => (typeof value === 'string' ? [value] : []));
  return texts !== undefined && texts.length === items?.length ? texts : undefined;
}
