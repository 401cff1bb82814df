import { dirname, isAbsolute, join } from 'node:path';
import type { Play, Role, Task } from '../playbook/tree.ts';

/**
 * Where Ansible looks for a file that a task names, best first: the role and those that brought it, the task's own folder,
 * the playbook's; in each the folder of its sort first, if it has one.
 */
export function candidates(
  play: Play,
  task: Pick<Task, 'role' | 'file'>,
  kind: 'files' | 'templates' | 'vars' | 'tasks' | undefined,
  name: string,
): readonly string[] {
  if (isAbsolute(name)) return [name];
  const folders = [...rolesAround(task.role), dirname(task.file), play.baseDir];
  const inside = (folder: string): readonly string[] => (kind === undefined ? [] : [join(folder, kind, name)]);
  return [...new Set(folders.flatMap((folder) => [...inside(folder), join(folder, name)]))];
}

/** The folders of a role and of those whose tasks brought it, nearest first. */
export function rolesAround(role: Role | undefined): readonly string[] {
  return role === undefined ? [] : [role, ...role.includers].map((one) => one.path);
}
