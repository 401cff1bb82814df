import { z } from 'zod';
import type { Location } from '../core/source.ts';
import { pythonText } from '../core/python-text.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Json } from '../core/value.ts';
import type { Parameterized } from '../module/arguments.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Schema } from './argument-node.ts';
import { type Possible, possibleCases } from './cases.ts';
import type { Loading } from './loading.ts';
import { scalarText } from './values.ts';

/** One argument that was given. */
export interface Field {
  readonly name: string;
  /** Absent where the module takes any name. */
  readonly schema: Schema | undefined;
  /** Absent where a part of it is computed. */
  readonly literal: Json | undefined;
  readonly node: YamlNode;
  readonly key: Location;
}

/** Whether a module takes parameters of any name, as set_fact does. */
export function isOpen(module: Parameterized): boolean {
  const { catchall } = module.params.def;
  return catchall !== undefined && catchall._zod.def.type !== 'never';
}

/** Holds one literal argument against its schema; true when something is wrong. */
export function fieldProblems(loading: Loading, field: Field, action: string): boolean {
  if (field.schema === undefined || field.literal === undefined) return false;
  const read = z.safeParse(field.schema, field.literal);
  if (read.success) {
    warnOfStructure(loading, field, read.data, action);
    return false;
  }
  for (const issue of deepest(read.error.issues)) {
    report(loading, issue, nodeAt(field.node, issue.path), `"${field.name}" of "${action}"`);
  }
  return true;
}

/** Ansible makes a text of it as Python prints it, which is rarely what was meant. */
function warnOfStructure(loading: Loading, field: Field, taken: unknown, action: string): void {
  const { literal } = field;
  if (typeof literal !== 'object' || literal === null || taken !== pythonText(literal)) return;
  loading.report.warning(
    'args/bad-value',
    field.node.at,
    `"${field.name}" of "${action}" is a text, so that this becomes ${pythonText(literal)}`,
    'Put the text in quotes',
  );
}

/**
 * What a module demands of several parameters together; asked only when each is right by itself. Where some are computed,
 * only what is wrong however they turn out.
 */
export function moduleProblems(
  loading: Loading,
  module: Parameterized,
  fields: readonly Field[],
  action: { readonly name: string; readonly at: Location },
): void {
  const args = fields.map((field): [string, Possible] => [
    field.name,
    field.literal === undefined ? { mayBeOmitted: mentionsOmit(field.node) } : { value: field.literal },
  ]);
  const [first, ...others] = possibleCases(module, new Map(args)).map((one) => problemsOf(module, one));
  for (const [key, issue] of first ?? []) {
    if (!others.every((one) => one.has(key))) continue;
    const [name, ...rest] = issue.path;
    const field = fields.find((one) => one.name === name);
    // It speaks of what only stands in for a computed value.
    if (field?.literal === undefined && field !== undefined && !namesAnother(module, issue.message, field.name))
      continue;
    const at = field === undefined ? action.at : nodeAt(field.node, rest);
    report(loading, issue, at, field === undefined ? `"${action.name}"` : `"${field.name}" of "${action.name}"`);
  }
}

/** Whether a message is about how parameters go together. */
function namesAnother(module: Parameterized, message: string, own: string): boolean {
  const quoted = [...message.matchAll(/"([\w-]+)"/g)].map((match) => match[1] ?? '');
  return quoted.some((name) => name !== own && Object.hasOwn(module.params.shape, name));
}

function problemsOf(
  module: Parameterized,
  args: Readonly<Record<string, Json>>,
): ReadonlyMap<string, z.core.$ZodIssue> {
  const read = z.safeParse(module.params, args);
  const issues = read.success ? [] : read.error.issues;
  return new Map(issues.map((issue) => [`${issue.path.join('.')} ${issue.message}`, issue]));
}

function mentionsOmit(node: YamlNode): boolean {
  if (node.kind === 'scalar') return /\bomit\b/.test(scalarText(node));
  return node.kind === 'sequence'
    ? node.items.some(mentionsOmit)
    : node.entries.some(({ value }) => mentionsOmit(value));
}

function report(loading: Loading, issue: z.core.$ZodIssue, at: Location, what: string): void {
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) loading.report.error('args/unknown-parameter', at, `${what} has no "${key}"`);
    return;
  }
  const help = issue.code === 'invalid_value' ? nearWord(issue, at) : undefined;
  loading.report.error('args/bad-value', at, `${what}: ${lowerFirst(issue.message)}`, help);
}

function nearWord(issue: z.core.$ZodIssueInvalidValue, at: Location): string | undefined {
  const written = at.source.text.slice(at.start, at.end).replace(/^['"]|['"]$/g, '');
  return didYouMean(written, issue.values.map(String));
}

/** Of a union, the problems of the alternative that came furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return [issue];
    const [best] = [...issue.errors].sort((a, b) => depth(b) - depth(a));
    if (best === undefined || best.length === 0) return [issue];
    return deepest(best).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

/** The place of a part of a node; of the nearest part that is there. */
export function nodeAt(node: YamlNode, path: readonly PropertyKey[]): Location {
  const [key, ...rest] = path;
  if (key === undefined) return node.at;
  if (node.kind === 'sequence') {
    const item = node.items[Number(key)];
    return item === undefined ? node.at : nodeAt(item, rest);
  }
  if (node.kind === 'scalar') return node.at;
  const entry = node.entries.find((one) => scalarText(one.key) === String(key));
  return entry === undefined ? node.at : nodeAt(entry.value, rest);
}
