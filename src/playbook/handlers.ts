import type { YamlMapping, YamlNode } from '../yaml/node.ts';
import type { Action } from './action.ts';
import { inclusionOf } from './action.ts';
import { insideOfBlock } from './block.ts';
import { checkKeys, type Fields, fieldsOf, refuseKeywords } from './fields.ts';
import { openImport } from './import-tasks.ts';
import { readInclude } from './include.ts';
import { checkHolder, nameOf, readListen, readModuleTask, readTaskAction } from './task.ts';
import { isNothing, literalOfTerm } from './text.ts';
import type { Handler } from './tree.ts';
import { kindOf, wrongType } from './values.ts';
import type { Readers, Where } from './where.ts';

/** A list of handlers; `where.id` is that of the list. */
export function readHandlers(
  where: Where,
  node: YamlNode | undefined,
  read: Readers,
  inBlock = false,
): readonly Handler[] {
  if (node === undefined || isNothing(node)) return [];
  if (node.kind !== 'sequence') {
    wrongType(where.loading, node, 'handlers', 'a list of tasks', 'Begin each handler with "- "');
    return [];
  }
  return node.items.flatMap((item, index) => {
    const inside = { ...where, id: `${where.id}/${index}` };
    const isBlock = item.kind === 'mapping' && item.entries.some(({ key }) => key.text === 'block');
    if (isBlock && !inBlock) return readBlockOfHandlers(inside, fieldsOf(item), read);
    return readHandler(inside, item, read);
  });
}

/** In a list of handlers a block gives what is in it its keywords; Ansible never runs its rescue and always. */
function readBlockOfHandlers(where: Where, fields: Fields, read: Readers): readonly Handler[] {
  const { loading } = where;
  refuseKeywords(loading, fields);
  checkKeys(loading, fields, 'block', ['debugger']);
  for (const part of ['rescue', 'always']) {
    const entry = fields.entries.get(part);
    if (entry === undefined) continue;
    loading.report.warning(
      'playbook/unreachable-handler',
      entry.key.at,
      `Nothing ever notifies what stands below "${part}" of a block of handlers`,
      'Make it handlers of their own',
    );
  }
  return readHandlers(insideOfBlock(where, fields), fields.get('block'), read, true);
}

function readHandler(where: Where, node: YamlNode, read: Readers): readonly Handler[] {
  const { loading } = where;
  if (node.kind !== 'mapping') {
    loading.report.error(
      'playbook/not-a-task',
      node.at,
      `A handler is a mapping such as "name: ...", found ${kindOf(node)}`,
    );
    return [];
  }
  if (refuseBlock(where, node)) return [];
  const { fields, action } = readTaskAction(where, node, 'handler');
  const task = action === undefined ? undefined : readModuleTask(where, fields, action, 'handler', where.id);
  if (action !== undefined && action.does.kind !== 'module') return readIncluded(where, fields, action, read);
  if (task === undefined) return excuse(where, fields);
  checkNamed(where, fields);
  return [{ ...task, listen: readListen(where, fields) }];
}

/** A handler that was reported must not be missed by those that notify it. */
function excuse(where: Where, fields: Fields): readonly Handler[] {
  const name = literalOfTerm(nameOf(where, fields));
  for (const one of [name, ...readListen(where, fields)]) if (one !== undefined) where.loading.excusedHandlers.add(one);
  return [];
}

function refuseBlock(where: Where, node: YamlMapping): boolean {
  const block = node.entries.find(({ key }) => key.text === 'block');
  if (block === undefined) return false;
  for (const { key, value } of node.entries) {
    if (['name', 'listen'].includes(key.text) && value.kind === 'scalar') where.loading.excusedHandlers.add(value.text);
  }
  where.loading.report.error(
    'playbook/block-as-handler',
    block.key.at,
    'Here a handler is one task, it cannot be a block',
    'Only the list of handlers itself may hold blocks, one beside the other',
  );
  return true;
}

/** Nothing could ever notify a handler without a name and a topic. */
function checkNamed(where: Where, fields: Fields): void {
  if (nameOf(where, fields) !== undefined || fields.get('listen') !== undefined) return;
  where.loading.report.warning(
    'playbook/unreachable-handler',
    fields.at,
    'This handler has no name and listens to nothing, so no task can notify it',
    'Give it a name',
  );
}

/** A file of handlers in the place of import_tasks, or include_tasks, which is read when it was notified. */
function readIncluded(where: Where, fields: Fields, action: Action, read: Readers): readonly Handler[] {
  const { loading } = where;
  const kind = inclusionOf(action.name);
  if (kind === 'include_role' || kind === 'import_role') {
    loading.report.error(
      'playbook/role-as-handler',
      action.at,
      `"${action.name}" cannot be a handler`,
      'Name a module',
    );
    return [];
  }
  checkHolder(where, fields, 'handler', action);
  if (kind === 'include_tasks') {
    checkNamed(where, fields);
    const include = readInclude(where, fields, action, 'tasks');
    return include === undefined ? excuse(where, fields) : [{ ...include, listen: readListen(where, fields) }];
  }
  const opened = openImport(where, fields, action, 'handlers');
  return opened === undefined ? [] : read.handlers(opened.where, opened.root);
}
