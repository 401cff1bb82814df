import { didYouMean } from '../../core/suggest.ts';
import { filters } from '../filters/registry.ts';
import { functions } from '../globals.ts';
import { lookups } from '../lookups/registry.ts';
import { bind } from '../runtime/signature.ts';
import type { Params } from '../runtime/value.ts';
import type { Arguments, Body, Call, Expr, Span } from '../syntax/ast.ts';
import type { SyntaxProblem } from '../syntax/token.ts';
import { tests } from '../tests/registry.ts';
import { checkPattern } from './patterns.ts';
import { refusedFilters, refusedLookups, refusedTests } from './refused.ts';
import { assignedIn } from './scope.ts';
import { expressionsIn } from './walk.ts';

/**
 * Filters, tests, lookups and functions that are not there, or are called with arguments that they do not take.
 * `alone`: no other template can have defined a macro that this one calls.
 */
export function checkCalls(body: Body, alone: boolean, problems: SyntaxProblem[]): void {
  const assigned = assignedIn(body);
  for (const node of expressionsIn(body)) {
    if (node.kind === 'filter') {
      checkPlugin(node.name, node.nameAt, node.args, 'filter', problems);
      checkByName(node.name, node.nameAt, node.args, problems);
    } else if (node.kind === 'test') checkPlugin(node.name, node.nameAt, node.args, 'test', problems);
    else if (node.kind === 'call' && node.callee.kind === 'name' && !assigned.has(node.callee.name))
      checkFunction(node, node.callee.name, alone, problems);
  }
}

type Kind = 'filter' | 'test' | 'lookup';

const registries = { filter: filters, test: tests, lookup: lookups } as const;
const refused = { filter: refusedFilters, test: refusedTests, lookup: refusedLookups } as const;

function checkPlugin(name: string, at: Span, args: Arguments, kind: Kind, problems: SyntaxProblem[]): void {
  const definition = registries[kind].get(name);
  if (definition !== undefined) {
    checkArguments(definition.params, args, `${kind} "${name}"`, at, problems);
    if (kind === 'filter') checkOptions(definition.name, args, problems);
    if (kind !== 'lookup') checkPattern(name, args, problems);
    return;
  }
  const short = name.slice(name.lastIndexOf('.') + 1);
  const help = refused[kind].get(short) ?? didYouMean(short, registries[kind].names);
  problems.push(problem(`expr/unknown-${kind}`, `Unknown ${kind} "${name}"`, at, help));
}

/** Filters that take options beside any number of values, and look at their names when they run. */
const optionsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['combine', ['recursive', 'list_merge']],
  ['regex_search', ['ignorecase', 'multiline']],
]);

function checkOptions(filter: string, args: Arguments, problems: SyntaxProblem[]): void {
  const names = optionsOf.get(filter);
  for (const { name, at } of names === undefined ? [] : args.named) {
    if (names?.includes(name) === true) continue;
    const message = `The filter "${filter}" has no argument "${name}"`;
    problems.push(problem('expr/arguments', message, at, didYouMean(name, names ?? [])));
  }
}

function problem(
  code: SyntaxProblem['code'],
  message: string,
  { from, to }: Span,
  help: string | undefined,
): SyntaxProblem {
  return { code, message, from, to, ...(help !== undefined && { help }) };
}

function checkArguments(params: Params, args: Arguments, what: string, at: Span, problems: SyntaxProblem[]): void {
  if (args.spread !== undefined || args.spreadNamed !== undefined) return;
  const names = args.named.map(({ name }) => name);
  for (const { message, help, argument } of bind(params, args.positional.length, names, what).problems) {
    const place = placeOf(args, argument) ?? at;
    problems.push(problem('expr/arguments', message, place, help));
  }
}

function placeOf(args: Arguments, argument: number | string | undefined): Span | undefined {
  if (typeof argument === 'number') return args.positional[argument];
  return args.named.find(({ name }) => name === argument)?.at;
}

const applying: ReadonlyMap<string, { readonly kind: 'filter' | 'test'; readonly at: number }> = new Map([
  ['map', { kind: 'filter', at: 0 }],
  ['select', { kind: 'test', at: 0 }],
  ['reject', { kind: 'test', at: 0 }],
  ['selectattr', { kind: 'test', at: 1 }],
  ['rejectattr', { kind: 'test', at: 1 }],
]);

/** `map('upper')`, `select('match', …)`: the name of a filter or test as a text. */
function checkByName(name: string, at: Span, args: Arguments, problems: SyntaxProblem[]): void {
  if (name === 'map' && args.positional.length === 0 && !args.named.some((one) => one.name === 'attribute')) {
    const hasSpread = args.spread !== undefined || args.spreadNamed !== undefined;
    const message = 'The filter "map" needs the name of a filter, or attribute=…';
    if (!hasSpread) problems.push(problem('expr/arguments', message, at, undefined));
    return;
  }
  const rule = applying.get(name);
  const argument = rule && args.positional[rule.at];
  if (rule === undefined || argument?.kind !== 'const' || typeof argument.value !== 'string') return;
  const rest: Arguments = { ...args, positional: args.positional.slice(rule.at + 1) };
  checkPlugin(argument.value, argument, rest, rule.kind, problems);
}

function checkFunction(node: Call, name: string, alone: boolean, problems: SyntaxProblem[]): void {
  const definition = functions.find((one) => one.name === name);
  if (definition === undefined) {
    const names = functions.map((one) => one.name);
    if (alone)
      problems.push(
        problem('expr/unknown-function', `Unknown function "${name}"`, node.callee, didYouMean(name, names)),
      );
    return;
  }
  checkArguments(definition.params, node.args, `function "${name}"`, node.callee, problems);
  if (!['lookup', 'query', 'q'].includes(name)) return;
  const [plugin]: readonly (Expr | undefined)[] = node.args.positional;
  if (plugin?.kind !== 'const' || typeof plugin.value !== 'string') return;
  const named = node.args.named.filter((one) => !['wantlist', 'errors'].includes(one.name));
  checkPlugin(plugin.value, plugin, { ...node.args, positional: [], named }, 'lookup', problems);
}
