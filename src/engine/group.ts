import type { Expression } from '../expr/api.ts';
import type { Block, Entry, Include, Role, Task } from '../playbook/tree.ts';
import type { Reads } from './reads.ts';
import { readsItself } from './reads-itself.ts';

/** What runs in one piece: a fused group of tasks (a group of one where fusing is not allowed), or something with an inside. */
export type Unit =
  | { readonly kind: 'group'; readonly tasks: readonly [Task, ...Task[]] }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'include'; readonly include: Include };

export interface Grouping {
  readonly fuse: boolean;
  readonly selected: (entry: Task | Include) => boolean;
  readonly reads: (task: Task) => Reads;
  /** Hosts may skip it as a whole, so that none of other roles stands in a group with it. */
  readonly isRepeated: (role: Role | undefined) => boolean;
}

/** Modules whose effect the controller itself carries out between tasks. */
const flow = new Set([
  'meta',
  'pause',
  'add_host',
  'group_by',
  'include_vars',
  'fetch',
  'reboot',
  'setup',
  // What they find becomes facts, which tasks behind them read by names of their own.
  'getent',
  'package_facts',
  'service_facts',
  'wait_for_connection',
]);

/** Commands are sent in order with a group's changes (design §5). */
const pipelined = new Set(['command', 'shell']);

/** Splits a list of entries into what runs together. Blocks without rescue, always or rolling only hand keywords down, so they vanish. */
export function groupEntries(entries: readonly Entry[], grouping: Grouping): readonly Unit[] {
  const units: Unit[] = [];
  let open: [Task, ...Task[]] | undefined;
  const close = (): void => {
    if (open !== undefined) units.push({ kind: 'group', tasks: open });
    open = undefined;
  };
  for (const entry of flatten(entries)) {
    if (entry.kind !== 'block' && !grouping.selected(entry)) continue;
    if (entry.kind !== 'task') {
      close();
      units.push(entry.kind === 'block' ? { kind: 'block', block: entry } : { kind: 'include', include: entry });
      continue;
    }
    if (open !== undefined && grouping.fuse && joins(open, entry, grouping)) open.push(entry);
    else {
      close();
      open = [entry];
    }
    if (!fusable(entry, grouping)) close();
  }
  close();
  return units;
}

function flatten(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry) =>
    entry.kind === 'block' && entry.rescue.length === 0 && entry.always.length === 0 && entry.rolling === undefined
      ? flatten(entry.entries)
      : [entry],
  );
}

/** Whether a task may stand in a group with others at all (design §5, borders). */
function fusable(task: Task, { reads }: Grouping): boolean {
  const { keywords } = task;
  return (
    (task.module.fuses === true || pipelined.has(task.module.name)) &&
    !flow.has(task.module.name) &&
    keywords.delegateTo === undefined &&
    keywords.runOnce === undefined &&
    keywords.throttle === undefined &&
    keywords.anyErrorsFatal === undefined &&
    keywords.timeout === undefined &&
    task.async === undefined &&
    task.until.length === 0 &&
    task.retries === undefined &&
    !readsItself(task, reads) &&
    task.loop?.control.pause === undefined &&
    (task.loop?.control.breakWhen ?? []).length === 0 &&
    // A verdict on the result, or its failing, must be known before the next task is sent.
    (task.changedWhen ?? []).every(isLiteral) &&
    (task.failedWhen === undefined || task.failedWhen.every(isFalse))
  );
}

function joins(group: readonly [Task, ...Task[]], task: Task, grouping: Grouping): boolean {
  const [first] = group;
  if (!fusable(task, grouping) || !sameShell(first, task)) return false;
  if (task.role !== first.role && (grouping.isRepeated(first.role) || grouping.isRepeated(task.role))) return false;
  const reads = grouping.reads(task);
  // Hosts that fail in the group leave the play, and what a lookup finds may be what the group makes.
  if (reads.hosts || reads.lookups) return false;
  const defined = group.map(definedBy);
  if (defined.every((names) => names !== 'anything' && names.length === 0)) return true;
  if (reads.anything || defined.includes('anything')) return false;
  return defined.every((names) => names === 'anything' || names.every((name) => !reads.names.has(name)));
}

/** The variables that a task sets. */
function definedBy(task: Task): readonly string[] | 'anything' {
  const names = task.register === undefined ? [] : [task.register];
  if (task.module.name !== 'set_fact') return names;
  if (task.args.kind === 'dynamic') return 'anything';
  const keys = [...task.args.entries.keys()];
  // Names like ansible_become_user shape the shell itself.
  return keys.some((key) => key.includes('{{') || key.startsWith('ansible_')) ? 'anything' : [...names, ...keys];
}

/** Keywords are inherited by reference, so the same setting is the same term. */
function sameShell(one: Task, other: Task): boolean {
  const a = one.keywords;
  const b = other.keywords;
  return (
    a.become === b.become &&
    a.becomeUser === b.becomeUser &&
    a.becomeMethod === b.becomeMethod &&
    a.remoteUser === b.remoteUser &&
    a.connection === b.connection &&
    a.port === b.port &&
    a.checkMode === b.checkMode &&
    a.environment.length === b.environment.length &&
    a.environment.every((term, index) => term === b.environment[index])
  );
}

/** The literal that says that something never holds. */
export function isFalse(expression: Expression): boolean {
  return isLiteral(expression) && /^(false|no)$/i.test(expression.text.trim());
}

/** `true`, `false` or another expression that reads nothing. */
function isLiteral(expression: Expression): boolean {
  return expression.names.variables.length === 0 && !expression.names.computed && !expression.names.lookups;
}
