import { isSelected } from '../playbook/select.ts';
import type { Include, Task } from '../playbook/tree.ts';
import type { PlayContext } from './context.ts';

/** Whether tags and `--start-at-task` let a task or include run. */
export function selects({ run }: PlayContext, entry: Task | Include): boolean {
  return !run.before.has(entry.id) && isSelected(entry.keywords.tags, run.options.tags);
}
