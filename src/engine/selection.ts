import { isSelected } from '../playbook/select.ts';
import type { Include, Task } from '../playbook/tree.ts';
import type { PlayContext } from './context.ts';

/** Whether tags and `--start-at-task` let a task or include run. Asked in the order that they stand in. */
export function selects({ run }: PlayContext, entry: Task | Include): boolean {
  if (run.startAt === entry.id) run.startAt = undefined;
  return run.startAt === undefined && isSelected(entry.keywords.tags, run.options.tags);
}
