import { dirname, isAbsolute, join } from 'node:path';
import type { Play, Task } from '../playbook/tree.ts';

/** Where Ansible looks for a file that a task names, best first: the role, the task's own folder, the playbook's. */
export function candidates(
  play: Play,
  task: Pick<Task, 'role' | 'file'>,
  kind: 'files' | 'templates' | 'vars' | 'tasks',
  name: string,
): readonly string[] {
  if (isAbsolute(name)) return [name];
  const folders = [...(task.role === undefined ? [] : [task.role.path]), dirname(task.file), play.baseDir];
  return [...new Set(folders.flatMap((folder) => [join(folder, kind, name), join(folder, name)]))];
}
