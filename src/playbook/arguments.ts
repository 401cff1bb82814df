import { z } from 'zod';
import type { Location } from '../core/source.ts';
import { closest, didYouMean } from '../core/suggest.ts';
import { aliasesOf, metaOf, type Parameterized, parameterName } from '../module/arguments.ts';
import { refusedParameter } from '../module/refused-parameters.ts';
import type { Term } from '../vars/term.ts';
import { argumentNode, literalOf } from './argument-node.ts';
import { expressionTerm } from './expression-term.ts';
import { findKeyword } from './keywords.ts';
import type { Loading } from './loading.ts';
import type { RawArguments } from './raw-arguments.ts';
import { isTemplated, readTerm } from './text.ts';
import type { Args } from './tree.ts';
import { type Field, fieldProblems, isOpen, moduleProblems } from './validate.ts';

/**
 * Arguments as terms under the names of the module's own parameters. Literal ones are held against the module's schema here
 * and now, computed ones when they are known. `defaulted` are parameters that module_defaults gives.
 */
export function readArguments(
  loading: Loading,
  module: Parameterized,
  raw: RawArguments,
  action: { readonly name: string; readonly at: Location },
  defaulted: ReadonlySet<string>,
): Args {
  if (raw.dynamic !== undefined) return { kind: 'dynamic', term: readTerm(loading, raw.dynamic) };
  if (isOpen(module) && raw.entries.some(({ key }) => isTemplated(key))) {
    return { kind: 'dynamic', term: computedNames(loading, raw) };
  }
  const { shape } = module.params;
  const entries = new Map<string, Term>();
  const given = new Map<string, { readonly field: Field; readonly written: string }>();
  let sound = true;
  for (const { key, name, value } of raw.entries) {
    const parameter = parameterName(module, name);
    const schema = shape[parameter];
    if (schema === undefined && !isOpen(module)) {
      sound = false;
      unknownParameter(loading, module, name, key.at, action.name);
      continue;
    }
    const before = given.get(parameter);
    if (before !== undefined) {
      sound = false;
      twice(loading, parameter, before, name, key.at);
      if (before.written === name) continue;
    }
    const isExpression = metaOf(schema)?.['expression'] === true;
    const node = isExpression || schema === undefined ? value : argumentNode(loading, value, schema);
    // Of several names for one parameter the run takes the one that is not omitted.
    entries.set(
      before === undefined ? parameter : name,
      isExpression ? expressionTerm(loading, node, name) : readTerm(loading, node),
    );
    const literal = isExpression ? undefined : literalOf(node);
    const field: Field = { name: parameter, schema, literal, node, key: key.at };
    given.set(parameter, { field, written: name });
    if (fieldProblems(loading, field, action.name)) sound = false;
  }
  const fields = [...given.values()].map((one) => one.field);
  const unknown = raw.entries
    .map(({ name }) => name)
    .filter((name) => shape[parameterName(module, name)] === undefined);
  // What was meant by a misspelt name is not missing.
  const meant = unknown.flatMap((name) => closest(name, Object.keys(shape)) ?? []);
  if (missingParameters(loading, module, action, new Set([...given.keys(), ...defaulted, ...meant]))) sound = false;
  if (sound && defaulted.size === 0) moduleProblems(loading, module, fields, action);
  return { kind: 'mapping', entries, at: raw.at };
}

/** Names that are computed, as set_fact may have them: then the whole is evaluated at once. */
function computedNames(loading: Loading, raw: RawArguments): Term {
  const entries = raw.entries.map(({ key, value }) => ({
    key: readTerm(loading, key),
    value: readTerm(loading, value),
  }));
  return { kind: 'mapping', entries, at: raw.at };
}

/** Says that a module has no such parameter, and which was meant. */
export function unknownParameter(
  loading: Loading,
  module: Parameterized,
  name: string,
  at: Location,
  action: string,
): void {
  const known = Object.entries(module.params.shape).flatMap(([field, schema]) => [field, ...aliasesOf(schema)]);
  loading.report.error(
    'args/unknown-parameter',
    at,
    `"${action}" has no parameter "${name}"`,
    whyRefused(loading, action, name) ??
      keywordOfTasks(loading, name, action) ??
      didYouMean(name, known) ??
      (known.length === 0 ? 'It takes none' : `It has ${known.slice(0, 12).join(', ')}`),
  );
}

/** A keyword of tasks that is indented as a parameter. What a loop or register would set is not missing elsewhere. */
function keywordOfTasks(loading: Loading, name: string, action: string): string | undefined {
  const isLoop = name === 'loop' || name.startsWith('with_');
  if (!isLoop && findKeyword(name)?.where.includes('task') !== true) return undefined;
  if (isLoop) loading.excused.add('item');
  return `It is a keyword of tasks: begin it where "${action}:" begins`;
}

function whyRefused(loading: Loading, action: string, name: string): string | undefined {
  const module = loading.options.registry.find(action);
  return module === undefined ? undefined : refusedParameter(module.name, name);
}

/** Ansible takes the alias and warns: of `value: "{{ a | default(omit) }}"` and the same of an alias one may be left out. */
function twice(
  loading: Loading,
  parameter: string,
  before: { readonly field: Field; readonly written: string },
  name: string,
  at: Location,
): void {
  const alias = [before.written, name].find((written) => written !== parameter);
  loading.report[before.written === name ? 'error' : 'warning'](
    'args/duplicate-parameter',
    at,
    alias === undefined
      ? `"${name}" is given twice`
      : `"${alias}" is another name of "${parameter}", which is given twice`,
    'Keep one of them',
    [{ message: 'The first one', at: before.field.key }],
  );
}

function missingParameters(
  loading: Loading,
  module: Parameterized,
  action: { readonly name: string; readonly at: Location },
  given: ReadonlySet<string>,
): boolean {
  const missing = Object.entries(module.params.shape).filter(
    ([name, schema]) => !given.has(name) && !z.safeParse(schema, undefined).success,
  );
  for (const [name] of missing) {
    loading.report.error('args/missing-parameter', action.at, `"${action.name}" needs "${name}"`, `Add "${name}: ..."`);
  }
  return missing.length > 0;
}
