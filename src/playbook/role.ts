import { basename } from 'node:path';
import type { Variables } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import { readArgumentSpec } from './argument-spec.ts';
import { type Inherited, inherit } from './inherit.ts';
import { mergeVariables, reportNoRoleFile, roleFile, roleVariables } from './role-files.ts';
import { readRoleMeta } from './role-meta.ts';
import { type NamedFile, type RoleFrom, roleKey } from './role-key.ts';
import { type RoleUse, readRoleUse } from './role-use.ts';
import { validationTask } from './role-validation.ts';
import type { ArgumentSpec, Entry, Handler, Role } from './tree.ts';
import type { Readers, Where } from './where.ts';

export interface RoleRequest {
  readonly use: RoleUse;
  readonly from: RoleFrom;
  /** Of include_role and import_role; of others meta/main.yml says it. */
  readonly allowDuplicates?: boolean;
  /** The variables of the task that includes or imports it, `where.role` being the task's. */
  readonly byTasks?: readonly Variables[];
  /** `rolespec_validate`. True unless given. */
  readonly validates?: boolean;
  /** Whose handlers gather them. */
  readonly handlers: Handler[];
}

export interface RoleRead {
  readonly role: Role;
  /** Its dependencies' tasks, then its own. */
  readonly entries: readonly Entry[];
}

/**
 * A role with what it depends on. `where.inherited` holds the keywords around it, those of its own use included;
 * `where.role` is the role that uses it.
 */
export function readRole(where: Where, request: RoleRequest, read: Readers): RoleRead | undefined {
  const { loading } = where;
  const { use, from } = request;
  const { path } = use;
  if (where.trail.includes(path)) {
    const circle = [...where.trail.slice(where.trail.indexOf(path)), path].map((one) => basename(one)).join(' -> ');
    loading.report.error('playbook/role-cycle', use.at, `The role "${use.name}" depends on itself: ${circle}`);
    return undefined;
  }
  const meta = readRoleMeta(loading, path);
  const parent = where.role;
  const ownDefaults = roleVariables(loading, use.name, path, 'defaults', from.defaults);
  const ownVars = roleVariables(loading, use.name, path, 'vars', from.vars);
  const handlers: Handler[] = [];
  const trail = [...where.trail, path];

  // A dependency sees this role as the one that uses it, before this role's own dependencies are known.
  const includers =
    parent === undefined ? [] : request.byTasks !== undefined ? [parent, ...parent.includers] : parent.includers;
  const own = { use: { ...use, key: keyOf(request) }, parent, defaults: ownDefaults, vars: ownVars, includers };
  const asParent = roleOf(own, [], [], meta.allowDuplicates);
  const dependencies = meta.dependencies.flatMap((node, index) => {
    const inside = { ...where, role: asParent, trail, id: `${where.id}/dependencies/${index}` };
    return readDependency(inside, node, request.handlers, read) ?? [];
  });
  const spec = readArgumentSpec(loading, meta.argumentSpecs, (from.tasks?.name ?? 'main').replace(/\.ya?ml$/, ''));
  const role = roleOf(
    own,
    dependencies.map((one) => one.role),
    handlers,
    request.allowDuplicates ?? meta.allowDuplicates,
    spec,
    roleFile(loading, path, 'tasks', from.tasks?.name),
  );

  const inside: Where = { ...where, role, trail };
  const ownHandlers = readOwnHandlers(inside, request, read);
  handlers.push(...ownHandlers);
  request.handlers.push(...ownHandlers);
  const validation = request.validates === false ? undefined : validationTask(inside, role);
  const entries = [...(validation === undefined ? [] : [validation]), ...readOwnTasks(inside, request, read)];
  return { role, entries: [...dependencies.flatMap((one) => one.entries), ...entries] };
}

function keyOf({ use, from, byTasks }: RoleRequest): string {
  return byTasks === undefined ? use.key : roleKey(use.path, { vars: byTasks, from, byTasks: true });
}

interface Own {
  readonly use: RoleUse;
  readonly parent: Role | undefined;
  readonly defaults: Variables;
  readonly vars: Variables;
  readonly includers: readonly Role[];
}

function roleOf(
  { use, parent, defaults, vars, includers }: Own,
  dependencies: readonly Role[],
  handlers: readonly Handler[],
  allowDuplicates: boolean,
  argumentSpec?: ArgumentSpec,
  entry?: string,
): Role {
  const exported = mergeVariables([...dependencies.map((one) => one.exports), vars]);
  return {
    name: use.name,
    ...(use.collection === undefined ? {} : { collection: use.collection }),
    key: use.key,
    path: use.path,
    at: use.at,
    defaults: mergeVariables([...dependencies.map((one) => one.defaults), parent?.defaults ?? new Map(), defaults]),
    vars: mergeVariables([parent?.vars ?? new Map(), exported, use.vars]),
    exports: exported,
    params: mergeVariables([parent?.params ?? new Map(), use.params]),
    handlers,
    allowDuplicates,
    dependencies: [...new Set(dependencies.flatMap((one) => [one.name, ...one.dependencies]))],
    includers,
    ...(argumentSpec === undefined ? {} : { argumentSpec }),
    ...(entry === undefined ? {} : { entry }),
  };
}

function readDependency(where: Where, node: YamlNode, handlers: Handler[], read: Readers): RoleRead | undefined {
  const use = readRoleUse(where, node);
  if (use === undefined) return undefined;
  return readUsedRole(where, use, handlers, read);
}

/** A role of `roles:` or of dependencies, unless the same was there before and would do nothing. */
export function readUsedRole(where: Where, use: RoleUse, handlers: Handler[], read: Readers): RoleRead | undefined {
  const inherited: Inherited = {
    keywords: inherit(where.inherited.keywords, use.keywords),
    notify: where.inherited.notify,
    disrupts: use.disrupts ?? where.inherited.disrupts,
  };
  const before = where.parts.included.get(use.key);
  const own: Handler[] = [];
  const found = readRole({ ...where, inherited }, { use, from: {}, handlers: own }, read);
  if (found === undefined) return undefined;
  if (before !== undefined && !found.role.allowDuplicates && coversAll(before, inherited)) {
    return { role: found.role, entries: [] };
  }
  where.parts.included.set(use.key, before ?? inherited);
  handlers.push(...own);
  return found;
}

/** An earlier inclusion runs wherever the later one would. */
function coversAll(before: Inherited, later: Inherited): boolean {
  const { when, tags } = before.keywords;
  return when.length === 0 && [...tags].sort().join() === [...later.keywords.tags].sort().join();
}

function readOwnTasks(where: Where, request: RoleRequest, read: Readers): readonly Entry[] {
  const file = openRoleFile(where, request, 'tasks', request.from.tasks);
  if (file === undefined) return [];
  const inside = {
    ...where,
    file,
    trail: [...where.trail, file],
    id: `${where.id}/${basename(file).replace(/\.[^.]*$/, '')}`,
  };
  return read.entries(inside, where.loading.yaml(file)?.root, 'A file of tasks');
}

function readOwnHandlers(where: Where, request: RoleRequest, read: Readers): readonly Handler[] {
  const file = openRoleFile(where, request, 'handlers', request.from.handlers);
  if (file === undefined) return [];
  const inside = { ...where, file, trail: [...where.trail, file], id: `${where.id}/handlers` };
  return read.handlers(inside, where.loading.yaml(file)?.root);
}

function openRoleFile(
  where: Where,
  request: RoleRequest,
  folder: 'tasks' | 'handlers',
  from: NamedFile | undefined,
): string | undefined {
  const { loading } = where;
  const { use } = request;
  const file = roleFile(loading, use.path, folder, from?.name);
  if (file === undefined && from !== undefined)
    reportNoRoleFile(loading, use.name, use.path, folder, from.name, from.at);
  return file;
}
