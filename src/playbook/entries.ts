import type { YamlMapping, YamlNode } from '../yaml/node.ts';
import { readBlock } from './block.ts';
import { readHandlers } from './handlers.ts';
import { importRole } from './import-role.ts';
import { importTasks } from './import-tasks.ts';
import { readInclude } from './include.ts';
import { checkHolder, readModuleTask, readTaskAction } from './task.ts';
import { isNothing } from './text.ts';
import type { Entry } from './tree.ts';
import { kindOf, wrongType } from './values.ts';
import type { Readers, Where } from './where.ts';

/** A list of tasks, blocks and inclusions. `where.id` is that of the list. */
export function readEntries(where: Where, node: YamlNode | undefined, what: string): readonly Entry[] {
  if (node === undefined || isNothing(node)) return [];
  if (node.kind !== 'sequence') {
    wrongType(where.loading, node, what, 'a list of tasks', 'Begin each task with "- "');
    return [];
  }
  return node.items.flatMap((item, index) => readEntry({ ...where, id: `${where.id}/${index}` }, item));
}

export const readers: Readers = {
  entries: readEntries,
  handlers: (where, node) => readHandlers(where, node, readers),
};

/** `where.id` is that of the entry. */
function readEntry(where: Where, node: YamlNode): readonly Entry[] {
  if (node.kind !== 'mapping') {
    where.loading.report.error(
      'playbook/not-a-task',
      node.at,
      `A task is a mapping such as "command: ...", found ${kindOf(node)}`,
      node.kind === 'scalar' && where.loading.options.registry.find(node.text) !== undefined
        ? `Write "${node.text}:"`
        : undefined,
    );
    return [];
  }
  return isBlock(node) ? readBlock(where, node, readers) : readTask(where, node);
}

function isBlock(node: YamlMapping): boolean {
  return node.entries.some(({ key }) => ['block', 'rescue', 'always'].includes(key.text));
}

function readTask(where: Where, node: YamlMapping): readonly Entry[] {
  const { fields, action } = readTaskAction(where, node, 'task');
  if (action === undefined) return [];
  const { kind } = action.does;
  if (kind === 'module') {
    const task = readModuleTask(where, fields, action, 'task', where.id);
    return task === undefined ? [] : [task];
  }
  if (kind === 'include_tasks' || kind === 'include_role') {
    checkHolder(where, fields, 'include', action);
    const include = readInclude(where, fields, action, kind === 'include_role' ? 'role' : 'tasks');
    return include === undefined ? [] : [include];
  }
  checkHolder(where, fields, 'import', action);
  return kind === 'import_tasks'
    ? importTasks(where, fields, action, readers)
    : importRole(where, fields, action, readers);
}
