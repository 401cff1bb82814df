import { didYouMean } from '../../core/suggest.ts';
import type { Registry } from '../define.ts';
import { filters } from '../filters/registry.ts';
import { functions } from '../globals.ts';
import { lookups } from '../lookups/registry.ts';
import { bind } from '../runtime/signature.ts';
import type { Params } from '../runtime/value.ts';
import type { Arguments, Body, Call, Expr, Span } from '../syntax/ast.ts';
import type { SyntaxProblem } from '../syntax/token.ts';
import { tests } from '../tests/registry.ts';
import { refusedFilters, refusedLookups, refusedTests } from './refused.ts';
import { assignedIn } from './scope.ts';
import { expressionsIn } from './walk.ts';

/** Filters, tests, lookups and functions that are not there, or are called with arguments that they do not take. */
export function checkCalls(body: Body, problems: SyntaxProblem[]): void {
  const assigned = assignedIn(body);
  for (const node of expressionsIn(body)) {
    if (node.kind === 'filter') {
      checkPlugin(node.name, node.nameAt, node.args, filters, 'filter', refusedFilters, problems);
      checkByName(node.name, node.args, problems);
    } else if (node.kind === 'test')
      checkPlugin(node.name, node.nameAt, node.args, tests, 'test', refusedTests, problems);
    else if (node.kind === 'call' && node.callee.kind === 'name' && !assigned.has(node.callee.name))
      checkFunction(node, node.callee.name, problems);
  }
}

type Kind = 'filter' | 'test' | 'lookup';

function checkPlugin(
  name: string,
  at: Span,
  args: Arguments,
  registry: Registry<{
    readonly params: Params;
    readonly name: string;
    readonly aliases: readonly string[];
    readonly collection: 'ansible.builtin' | 'ansible.utils' | 'ansible.netcommon' | 'community.general';
    readonly summary: string;
  }>,
  kind: Kind,
  refused: ReadonlyMap<string, string>,
  problems: SyntaxProblem[],
): void {
  const definition = registry.get(name);
  if (definition !== undefined) {
    checkArguments(definition.params, args, `${kind} "${name}"`, at, problems);
    return;
  }
  const short = name.slice(name.lastIndexOf('.') + 1);
  const help = refused.get(short) ?? didYouMean(short, registry.names);
  problems.push({
    code: `expr/unknown-${kind}`,
    message: `Unknown ${kind} "${name}"`,
    from: at.from,
    to: at.to,
    ...(help !== undefined && { help }),
  });
}

function checkArguments(params: Params, args: Arguments, what: string, at: Span, problems: SyntaxProblem[]): void {
  if (args.spread !== undefined || args.spreadNamed !== undefined) return;
  const names = args.named.map(({ name }) => name);
  for (const { message, help, argument } of bind(params, args.positional.length, names, what).problems) {
    const place = placeOf(args, argument) ?? at;
    problems.push({
      code: 'expr/arguments',
      message,
      from: place.from,
      to: place.to,
      ...(help !== undefined && { help }),
    });
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
function checkByName(name: string, args: Arguments, problems: SyntaxProblem[]): void {
  const rule = applying.get(name);
  const argument = rule && args.positional[rule.at];
  if (rule === undefined || argument?.kind !== 'const' || typeof argument.value !== 'string') return;
  const rest: Arguments = { ...args, positional: args.positional.slice(rule.at + 1) };
  if (rule.kind === 'filter') checkPlugin(argument.value, argument, rest, filters, 'filter', refusedFilters, problems);
  else checkPlugin(argument.value, argument, rest, tests, 'test', refusedTests, problems);
}

function checkFunction(node: Call, name: string, problems: SyntaxProblem[]): void {
  const definition = functions.find((one) => one.name === name);
  if (definition === undefined) return;
  checkArguments(definition.params, node.args, `function "${name}"`, node.callee, problems);
  if (!['lookup', 'query', 'q'].includes(name)) return;
  const [plugin]: readonly (Expr | undefined)[] = node.args.positional;
  if (plugin?.kind !== 'const' || typeof plugin.value !== 'string') return;
  const named = node.args.named.filter((one) => !['wantlist', 'errors'].includes(one.name));
  checkPlugin(
    plugin.value,
    plugin,
    { ...node.args, positional: [], named },
    lookups,
    'lookup',
    refusedLookups,
    problems,
  );
}
