import { isSelected } from '../playbook/select.ts';
import type { Task } from '../playbook/tree.ts';
import type { PlayContext } from './context.ts';

/** Whether tags and `--start-at-task` let a task run. Asked in the order that tasks stand in. */
export function selects(play: PlayContext, task: Task): boolean {
  const { run } = play;
  const { tags, startAtTask } = run.options;
  if (!run.started && startAtTask !== undefined) {
    const name = task.name?.kind === 'constant' ? String(task.name.value) : undefined;
    run.started =
      name === startAtTask ||
      (name !== undefined && task.role !== undefined && `${task.role.name} : ${name}` === startAtTask);
    if (!run.started) return false;
  }
  return isSelected(task.keywords.tags, tags);
}
