import type { Location } from '../../core/source.ts';
import { didYouMean } from '../../core/suggest.ts';
import { isList, isMapping, type Value } from '../../core/value.ts';
import { truthOf } from '../../core/truth.ts';
import { constantOf } from '../../vars/constant.ts';
import type { Term } from '../../vars/term.ts';
import type { Report } from '../report.ts';
import type { ArgumentOption, ArgumentType, Role, Task } from '../tree.ts';
import { reachOf } from './reach.ts';
import type { Sources } from './sources.ts';
import { addRole, isOpen, sourcesOf, type View } from './world.ts';

/** Holds what a role is given against its argument_specs: what is required, and every value that is literal. */
export function checkRoleArguments(view: View, task: Task, role: Role): void {
  const { argumentSpec } = role;
  if (argumentSpec === undefined) return;
  const { report, excused } = view.scope.world.loading;
  const own: Sources = new Map();
  addRole(own, role);
  for (const layer of task.keywords.vars)
    for (const [name, { term }] of layer) own.set(name, [{ type: { kind: 'unknown' }, term }]);
  for (const [name, option] of argumentSpec.options) {
    const sources = sourcesOf(view, [own], name);
    if (sources.length === 0) {
      if (!option.required || isOpen(view) || excused.has(name) || reachOf(view, task, undefined) === 'never') continue;
      report.error(
        'args/missing-parameter',
        role.at,
        `The role "${role.name}" needs "${name}"`,
        `Give it as a parameter of the role, or define it in the inventory`,
        [{ message: 'It is required here', at: option.at }],
      );
      continue;
    }
    const [only] = sources;
    const term = role.params.get(name)?.term ?? (sources.length === 1 ? only?.term : undefined);
    if (term !== undefined) checkTerm(report, `"${name}" of the role "${role.name}"`, term, option);
  }
  for (const [name, { term }] of role.params) {
    const near = argumentSpec.options.has(name) ? undefined : didYouMean(name, argumentSpec.options.keys());
    if (near !== undefined)
      report.warning(
        'args/unknown-parameter',
        term.at,
        `The role "${role.name}" does not speak of "${name}" in its argument_specs`,
        near,
      );
  }
}

/** Holds a value against what was declared of it, as far as it is written out. */
export function checkTerm(report: Report, what: string, term: Term, option: ArgumentOption): void {
  const value = constantOf(term);
  if (value === undefined) return checkParts(report, what, term, option);
  if (value === null) return;
  if (typeof value === 'string' && /\{\{|\{%/.test(value)) return;
  if (!fits(value, option.type)) {
    bad(report, term.at, `${what} expects ${typeText(option.type)}`);
    return;
  }
  checkChoice(report, what, value, term.at, option);
  checkParts(report, what, term, option);
}

/** Elements of a list and fields of a mapping, each with its own place. */
function checkParts(report: Report, what: string, term: Term, option: ArgumentOption): void {
  if (term.kind === 'list' && option.type === 'list') {
    for (const item of term.items) {
      const { elements } = option;
      const value = constantOf(item);
      if (elements !== undefined && value !== undefined && !fits(value, elements))
        bad(report, item.at, `Each element of ${what} should be ${typeText(elements)}`);
      else if (item.kind === 'mapping' && elements === 'dict') checkFields(report, what, item, option.options);
    }
  }
  if (term.kind === 'mapping' && option.type === 'dict') checkFields(report, what, term, option.options);
}

function checkFields(
  report: Report,
  what: string,
  term: Extract<Term, { kind: 'mapping' }>,
  options: ReadonlyMap<string, ArgumentOption>,
): void {
  if (options.size === 0) return;
  const given = new Set<string>();
  for (const { key, value } of term.entries) {
    if (key.kind !== 'constant' || typeof key.value !== 'string') return;
    given.add(key.value);
    const option = options.get(key.value);
    if (option === undefined) {
      report.error(
        'args/unknown-parameter',
        key.at,
        `${what} has no "${key.value}"`,
        didYouMean(key.value, options.keys()),
      );
    } else checkTerm(report, `"${key.value}" of ${what}`, value, option);
  }
  for (const [name, option] of options) {
    if (option.required && !given.has(name))
      report.error('args/missing-parameter', term.at, `${what} needs "${name}"`, `Add "${name}: ..."`);
  }
}

function bad(report: Report, at: Location, message: string): void {
  report.error('args/bad-value', at, message);
}

function checkChoice(report: Report, what: string, value: Value, at: Location, option: ArgumentOption): void {
  const { choices } = option;
  if (choices === undefined || isMapping(value)) return;
  const known = choices.flatMap((choice) => textOf(constantOf(choice)) ?? []);
  for (const one of isList(value) ? value : [value]) {
    const text = textOf(one);
    if (text === undefined || known.includes(text)) continue;
    const list = known.map((word) => `"${word}"`).join(', ');
    report.error('args/bad-value', at, `${what} expects one of ${list}, found "${text}"`, didYouMean(text, known));
  }
}

function textOf(value: Value | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined;
  const text = String(value);
  return /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
}

/** As Ansible reads a value as one of its types. */
function fits(value: Value, type: ArgumentType): boolean {
  const isText = typeof value === 'string';
  switch (type) {
    case 'int':
      // In Python true and false are whole numbers too.
      return (
        typeof value === 'bigint' ||
        typeof value === 'boolean' ||
        (typeof value === 'number' && Number.isInteger(value)) ||
        (isText && /^\s*[-+]?\d+\s*$/.test(value))
      );
    case 'float':
      return (
        ['bigint', 'number', 'boolean'].includes(typeof value) ||
        (isText && Number.isFinite(Number(value)) && value.trim() !== '')
      );
    case 'bool':
      return typeof value === 'boolean' || (isText && truthOf(value) !== undefined) || value === 1n || value === 0n;
    case 'dict':
      return isMapping(value) || (isText && (value.includes('=') || value.trim().startsWith('{')));
    case 'list':
      return !isMapping(value);
    case 'path':
    case 'bytes':
    case 'bits':
    case 'jsonarg':
    case 'json':
    case 'raw':
    case 'str':
      return type !== 'path' || isText;
  }
}

function typeText(type: ArgumentType): string {
  const texts = {
    int: 'a whole number',
    float: 'a number',
    bool: 'true or false',
    dict: 'a mapping',
    list: 'a list',
    path: 'a path',
    bytes: 'a size',
    bits: 'a size',
    json: 'JSON',
    jsonarg: 'JSON',
    raw: 'any value',
    str: 'text',
  } as const;
  return texts[type];
}
