import type { Action } from './action.ts';
import { earlyText } from './early-text.ts';
import type { Fields } from './fields.ts';
import { refuseOnImport } from './import-tasks.ts';
import { inclusionArguments, targetNode } from './include.ts';
import { inherit } from './inherit.ts';
import { ownKeywords } from './own-keywords.ts';
import { readRole } from './role.ts';
import type { RoleFrom } from './role-key.ts';
import { named } from './role-use.ts';
import { nameOf, originOf, readDisrupts, readNotify } from './task.ts';
import type { Entry } from './tree.ts';
import { literalBoolean } from './values.ts';
import { earlyOf, type Readers, type Where } from './where.ts';

/** The tasks of a role, standing here; its defaults and variables are seen by the whole play, as Ansible has it. */
export function importRole(where: Where, fields: Fields, action: Action, read: Readers): readonly Entry[] {
  const { loading } = where;
  const own = ownKeywords(loading, fields, 'task', originOf(action.name, nameOf(where, fields)));
  refuseOnImport(where, fields, action);
  const early = earlyOf(where, own.vars ?? []);
  const args = inclusionArguments(where, fields, action, 'role', false);
  const target = args === undefined ? undefined : targetNode(where, action, args, 'role');
  const name =
    target === undefined
      ? undefined
      : earlyText(loading, target, 'name', early, 'Write include_role, which is read when its turn comes');
  if (args === undefined || target === undefined || name === undefined) return [];
  const use = named(where, name, target.at);
  if (use === undefined) return [];
  const from = (key: string): RoleFrom['tasks'] => {
    const node = args.get(key);
    const text = node === undefined ? undefined : earlyText(loading, node, key, early);
    return node === undefined || text === undefined ? undefined : { name: text, at: node.at };
  };
  const duplicates = args.get('allow_duplicates');
  const validates = args.get('rolespec_validate');
  const inside: Where = {
    ...where,
    inherited: {
      keywords: inherit(where.inherited.keywords, own),
      notify: [...where.inherited.notify, ...readNotify(where, fields)],
      disrupts: readDisrupts(where, fields) ?? where.inherited.disrupts,
    },
  };
  const found = readRole(
    inside,
    {
      use,
      from: roleFrom({
        tasks: from('tasks_from'),
        vars: from('vars_from'),
        defaults: from('defaults_from'),
        handlers: from('handlers_from'),
      }),
      byTasks: own.vars ?? [],
      validates: validates === undefined || (literalBoolean(loading, validates, 'rolespec_validate') ?? true),
      allowDuplicates:
        duplicates === undefined ? true : (literalBoolean(loading, duplicates, 'allow_duplicates') ?? true),
      handlers: where.parts.importedHandlers,
    },
    read,
  );
  if (found === undefined) return [];
  where.parts.roles.push(found.role);
  return found.entries;
}

/** Of what may take the place of `main`, what does. */
export function roleFrom(given: { readonly [Key in keyof RoleFrom]: RoleFrom[Key] | undefined }): RoleFrom {
  const { tasks, vars, defaults, handlers } = given;
  return {
    ...(tasks === undefined ? {} : { tasks }),
    ...(vars === undefined ? {} : { vars }),
    ...(defaults === undefined ? {} : { defaults }),
    ...(handlers === undefined ? {} : { handlers }),
  };
}
