import type { HostResult, ItemResult, Outcome, TaskStart } from '../core/events.ts';
import type { Paint, Style } from '../core/paint.ts';
import type { Json, JsonObject } from '../core/value.ts';
import { counted } from './counted.ts';
import { diffText } from './diff-text.ts';
import { failureText } from './failure-text.ts';
import { printable, printableLines } from './printable.ts';

/** Ansible's words, each of which a person has learned to look for. */
const words = {
  ok: 'ok',
  changed: 'changed',
  skipped: 'skipping',
  failed: 'failed',
  unreachable: 'unreachable',
  unknown: 'unknown',
} as const satisfies Record<Outcome, string>;

export const outcomeStyles = {
  ok: 'green',
  changed: 'yellow',
  skipped: 'cyan',
  failed: 'red',
  unreachable: 'red',
  unknown: 'yellow',
} as const satisfies Record<Outcome, Style>;

/** Fields that say what the line says already. */
const said = new Set(['changed', 'failed', 'skipped', 'skip_reason', 'false_condition', 'warnings', 'unreachable']);

export interface ResultTextOptions {
  readonly paint: Paint;
  /** From 1 on the whole result is shown. */
  readonly verbosity: number;
}

/** How many items of a loop were told before the result of the whole. */
export interface ItemCounts {
  readonly all: number;
  readonly failed: number;
}

/** Whether a result says more than that all is well: a failure, a diff, a warning, or what `debug` prints. */
export function isNotable({ outcome, diffs, result }: HostResult | ItemResult, task: TaskStart | undefined): boolean {
  const { warnings } = result;
  return (
    outcome === 'failed' ||
    outcome === 'unreachable' ||
    diffs.length > 0 ||
    (Array.isArray(warnings) && warnings.length > 0) ||
    (task?.module === 'debug' && outcome !== 'skipped')
  );
}

/** A host's result as lines: the outcome and the host, then what a person needs to know about it. */
export function hostText(
  event: HostResult,
  task: TaskStart | undefined,
  options: ResultTextOptions,
  items: ItemCounts | undefined,
): readonly string[] {
  const host = event.delegatedTo === undefined ? event.host : `${event.host} -> ${event.delegatedTo}`;
  const isTold = items !== undefined;
  const details = isTold ? [] : shownResult(event.result, task, options.verbosity, event.outcome);
  const head = `${heading(event.outcome, host, options.paint)}${noteOf(event, items)}`;
  // Diffs and warnings of a loop were told with its items.
  const rest = isTold ? [] : [...diffsOf(event, options.paint), ...warningsOf(event, options.paint)];
  const failure =
    event.failure === undefined || (items?.failed ?? 0) > 0 ? [] : failureText(event.failure, options.paint);
  return [...withDetails(head, details), ...failure, ...rest];
}

/** An item of a loop. Those that are as they should be are told only with `-v`. */
export function itemText(
  event: ItemResult,
  task: TaskStart | undefined,
  options: ResultTextOptions,
): readonly string[] {
  const { outcome, failure, label } = event;
  const { paint, verbosity } = options;
  const details = shownResult(event.result, task, verbosity, outcome);
  const isQuiet = (outcome === 'ok' && details.length === 0) || outcome === 'skipped';
  if (isQuiet && verbosity === 0) return warningsOf(event, paint);
  return [
    ...withDetails(`${heading(outcome, event.host, paint)} (item=${printable(label)})`, details),
    ...(failure === undefined ? [] : failureText(failure, paint)),
    ...diffsOf(event, paint),
    ...warningsOf(event, paint),
  ];
}

function heading(outcome: Outcome, host: string, paint: Paint): string {
  return paint(outcomeStyles[outcome], `${words[outcome]}: [${host}]`);
}

function withDetails(head: string, details: readonly string[]): readonly string[] {
  if (details.length === 1) return [`${head} => ${details[0]}`];
  return [head, ...details.map((one) => `  ${one}`)];
}

function diffsOf(event: HostResult | ItemResult, paint: Paint): readonly string[] {
  return event.diffs.flatMap((diff) => diffText(diff, paint));
}

function noteOf(event: HostResult, items: ItemCounts | undefined): string {
  const { outcome, note, ignored, rescued, notified } = event;
  const notes = [
    ...(note !== undefined && (outcome === 'skipped' || outcome === 'unknown') ? [note] : []),
    ...(items === undefined || outcome === 'skipped' ? [] : [itemNote(items)]),
    ...(ignored ? ['ignored'] : []),
    ...(rescued ? ['rescued'] : []),
    ...(notified.length > 0 ? [`notified ${notified.join(', ')}`] : []),
  ];
  return notes.length === 0 ? '' : ` (${printable(notes.join('; '))})`;
}

function itemNote({ all, failed }: ItemCounts): string {
  return failed > 0 ? `${failed} of ${counted(all, 'item')}` : counted(all, 'item');
}

/** What `debug` prints is always shown; other results are with `-v`. A failure has its own lines. */
function shownResult(
  result: JsonObject,
  task: TaskStart | undefined,
  verbosity: number,
  outcome: Outcome,
): readonly string[] {
  if (outcome === 'skipped') return [];
  const isDebug = task?.module === 'debug' && outcome !== 'failed';
  if (!isDebug && verbosity === 0) return [];
  const entries = Object.entries(result).filter(
    ([key]) => (verbosity > 1 || !said.has(key)) && !key.endsWith('_lines'),
  );
  const [first] = entries;
  if (first === undefined) return [];
  if (isDebug && entries.length === 1 && first[0] === 'msg') return valueLines(first[1]);
  return valueLines(Object.fromEntries(entries));
}

function valueLines(value: Json): readonly string[] {
  if (typeof value === 'string') return printableLines(value);
  const short = JSON.stringify(value);
  return printableLines(short.length <= 100 ? short : JSON.stringify(value, null, 2));
}

function warningsOf({ result }: HostResult | ItemResult, paint: Paint): readonly string[] {
  const { warnings } = result;
  if (!Array.isArray(warnings)) return [];
  return warnings.flatMap((one) =>
    typeof one === 'string' ? [`  ${paint('yellow', 'warning:')} ${printable(one)}`] : [],
  );
}
