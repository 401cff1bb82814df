import type { Task } from '../playbook/tree.ts';
import type { Reads } from './reads.ts';

/** Whose facts an item of a loop may read that the items before it have set: `total: "{{ total + item }}"`. */
const settingFacts = new Set(['set_fact', 'include_vars', 'add_host', 'group_by']);

/** Whether each item of a task's loop has to see what the items before it did. */
export function readsItself(task: Task, reads: (task: Task) => Reads): boolean {
  if (task.loop === undefined) return false;
  if (settingFacts.has(task.module.name)) return true;
  return task.register !== undefined && reads(task).names.has(task.register);
}
