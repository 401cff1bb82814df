import type { Change } from '../host/change.ts';
import type { Facts } from '../host/facts.ts';
import { predict } from '../host/predict.ts';
import type { Module } from '../module/define.ts';
import type { Task } from '../playbook/tree.ts';

/** Check mode: what a task would have changed on a host. */
export interface Pretended {
  readonly change: Change;
  readonly task: Task;
}

/** A change that nobody knows: every fact behind it is unknown. */
export const anything: Change = { kind: 'run', command: { argv: ['true'] }, env: {}, detach: false };

export interface Foreseen {
  readonly facts: Facts;
  /** By `keyOf`: the task that made a fact unknown. */
  readonly causes: ReadonlyMap<string, Task>;
}

/** What was seen, with what would have been changed applied to it. */
export function foresee(seen: Facts, pretended: readonly Pretended[]): Foreseen {
  const causes = new Map<string, Task>();
  let facts = seen;
  for (const { change, task } of pretended) {
    const next = predict(facts, change);
    for (const [key, { fact }] of facts) {
      if (fact !== undefined && next.get(key)?.fact === undefined) causes.set(key, task);
    }
    facts = next;
  }
  return { facts, causes };
}

/** Whether a module never changes a host, whatever its parameters: its `convergence` then does not look at them. */
export function onlyReads(module: Module): boolean {
  return module.convergence.length === 0 && module.convergence(undefined) === 'reads';
}
