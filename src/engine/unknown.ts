import { placeText } from '../core/source.ts';
import { fromJson, type Value } from '../core/value.ts';
import type { Task } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import type { CallResult, Item } from './call.ts';

/** Why something is unknown in check mode, for the person who reads it. */
export function dependsOn(task: Task): string {
  return `It depends on task ${titleOf(task)}`;
}

/** The name that a task has in its playbook, and where. */
function titleOf({ name, action, at }: Task): string {
  const written =
    name?.kind === 'constant' && typeof name.value === 'string'
      ? name.value
      : name?.kind === 'template'
        ? name.template.text
        : action;
  return `"${written}" (${placeText(at)})`;
}

/** A call that nobody can foresee, neither what it would do nor whether it would be made. */
export function unknownCall(item: Item | undefined, because: string): CallResult {
  return {
    item,
    outcome: 'unknown',
    result: { msg: because, failed: false },
    unknown: because,
    diffs: [],
    effects: [],
    note: because,
    changes: [],
    durationMs: 0,
  };
}

/** Fields that every result may have. */
const common = ['changed', 'msg'];

/**
 * What `register` holds of a call: what its module could not say before the changes are made stays unknown. That it did
 * not fail is taken for granted where a failure would have ended the play on the host (`mayFail` is false).
 */
export function callTerm(task: Task, result: CallResult, mayFail: boolean): Term {
  const { at } = task;
  if (result.unknown === undefined) return { kind: 'constant', value: fromJson(result.result), at };
  const because = result.unknown;
  const isOpen = result.outcome === 'unknown';
  const hidden = new Set([...(isOpen ? common : []), ...(mayFail ? ['failed'] : [])]);
  const known = Object.entries(result.result).filter(([name]) => !hidden.has(name));
  const given = new Set(known.map(([name]) => name));
  const names = [
    ...Object.keys(task.module.returns.shape),
    ...common,
    ...hidden,
    // A call without a plan may not even be made.
    ...(isOpen && result.changes.length === 0 ? ['skipped'] : []),
  ];
  const unknown = [...new Set(names)].filter((name) => !given.has(name));
  return mappingTerm(
    task,
    new Map<string, Term>([
      ...known.map(([name, json]): [string, Term] => [name, { kind: 'constant', value: fromJson(json), at }]),
      ...unknown.map((name): [string, Term] => [name, { kind: 'unknown', because, at }]),
    ]),
  );
}

export function mappingTerm({ at }: Task, fields: ReadonlyMap<string, Term>): Term {
  const key = (value: Value): Term => ({ kind: 'constant', value, at });
  return { kind: 'mapping', entries: [...fields].map(([name, value]) => ({ key: key(name), value })), at };
}
