import { dirname, resolve } from 'node:path';
import { fromJson, type JsonObject, type Value } from '../core/value.ts';
import { type Deferred, type Environment, OMIT } from '../expr/api.ts';
import { hostLayers } from '../inventory/layers.ts';
import { noKeywords } from '../playbook/inherit.ts';
import { inOrder } from '../playbook/precedence.ts';
import { bareRoleName } from '../playbook/role-files.ts';
import type { Include, Keywords, Role, Task } from '../playbook/tree.ts';
import { createScope } from '../vars/scope.ts';
import type { Level, Term, Variable, Variables } from '../vars/term.ts';
import type { Answers } from './ask.ts';
import type { BatchContext } from './context.ts';
import { type HostState, isActive } from './host-state.ts';
import { hostvarsOf, partsOf } from './hostvars.ts';
import { ofHost, ofRun } from './run-variables.ts';
import { rolesAround } from './search.ts';

/** What a scope is made for, beside the host. */
export interface Setting {
  readonly keywords?: Keywords;
  readonly role?: Role | undefined;
  /** Loop variables, and what else only this evaluation has; strongest of all. */
  readonly extra?: ReadonlyMap<string, Value>;
  /** The result that a task judges itself by, under the name it is registered as. */
  readonly own?: Variables;
  /** The host that a task is delegated to. */
  readonly delegate?: string;
  /** Where the task stands. */
  readonly file?: string;
}

const nowhere = { source: { path: '(hlb)', text: '' }, start: 0, end: 0 };

/** A value that a run found out, as a variable. */
export function known(value: Value, level: Level, origin: string): Variable {
  return { term: { kind: 'constant', value, at: nowhere }, level, origin };
}

export function knownAll(values: JsonObject, level: Level, origin: string): [string, Variable][] {
  return Object.entries(values).map(([name, value]) => [name, known(fromJson(value), level, origin)]);
}

/** The variables of a host in Ansible's order of precedence, weakest first (design §8). */
export function layersOf(batch: BatchContext, host: HostState, setting: Setting): readonly Variables[] {
  const { play, run } = batch.play;
  const { keywords } = setting;
  return [
    ...inOrder({
      ...(keywords === undefined ? {} : { weakest: reachedAs(batch, host, keywords, setting.delegate) }),
      roles: [...play.roles, ...batch.play.publicRoles],
      role: setting.role,
      inventory: hostLayers(run.inventory, host.name, play.baseDir),
      facts: host.facts,
      play: play.vars,
      files: batch.play.fileVars.get(host.name) ?? [],
      own: keywords?.vars ?? [],
      includeVars: host.includeVars,
      setFacts: host.setFacts,
      extra: run.options.extraVars,
    }),
    ...(setting.own === undefined ? [] : [setting.own]),
  ];
}

/** How a task reaches its host and its environment, under the names of Ansible's variables for it, where none of them is set. */
function reachedAs(
  batch: BatchContext,
  host: HostState,
  { remoteUser, environment }: Keywords,
  delegate: string | undefined,
): Variables {
  const { run, play } = batch.play;
  const addresses = delegate === undefined ? [] : hostLayers(run.inventory, delegate, play.baseDir);
  const address =
    addresses.findLast((layer) => layer.has('ansible_host'))?.get('ansible_host') ??
    known(delegate ?? host.name, 'inventory-host', 'inventory_hostname');
  const user = remoteUser?.kind === 'constant' ? known(remoteUser.value, 'play', 'remote_user') : undefined;
  const own: Term = { kind: 'list', items: environment, at: nowhere };
  const names = [
    ['ansible_host', address] as const,
    ['ansible_ssh_host', address] as const,
    ['environment', { term: own, level: 'play', origin: 'environment' }] as const,
  ];
  return new Map(user === undefined ? names : [...names, ['ansible_user', user], ['ansible_ssh_user', user]]);
}

/** Everything that an expression of a task can read on a host. */
export function environmentOf(batch: BatchContext, host: HostState, setting: Setting, answers: Answers): Environment {
  const layers = layersOf(batch, host, setting);
  const { run } = batch.play;
  const magic = magicOf(batch, host, setting, answers);
  const scope: Environment = createScope({
    layers,
    magic: (name) => {
      if (setting.extra?.has(name) === true) return setting.extra.get(name);
      return name === 'vars' ? everything() : magic.get(name)?.();
    },
    magicNames: () => [...magic.keys(), ...(setting.extra?.keys() ?? [])],
    answer: answers.known,
    now: () => run.options.clock.now(),
    random: run.options.random,
  });
  // What holds where nobody says anything is nobody's variable.
  const said = setting.keywords === undefined ? layers : layers.slice(1);
  const everything = (): Deferred =>
    partsOf(scope, () => [
      ...new Set([
        ...said.flatMap((layer) => [...layer.keys()]),
        ...(setting.extra?.keys() ?? []),
        ...(setting.keywords === undefined ? [] : ['environment']),
        ...[...magic.keys()].filter((name) => !ofOneTask.has(name) && magic.get(name)?.() !== undefined),
      ]),
    ]);
  return scope;
}

/** Names that are there, and not among those that `vars` tells of. */
const ofOneTask = new Set(['omit', 'ansible_search_path', 'ansible_delegated_vars']);

type Magic = ReadonlyMap<string, () => Value | Deferred | undefined>;

function magicOf(batch: BatchContext, host: HostState, setting: Setting, answers: Answers): Magic {
  const { run, play, named, added } = batch.play;
  const { options } = run;
  const names = (states: readonly HostState[]): Value => states.map((state) => state.name);
  const active = (states: readonly HostState[]): readonly HostState[] => states.filter(isActive);
  const text = (value: string | undefined) => (): Value | undefined => value;
  const absolute = (path: string | undefined) =>
    text(path === undefined ? undefined : resolve(options.controller.workingDirectory, path));
  const included = [...play.roles, ...batch.play.includedRoles];
  const roleNames = included.map((role) => role.name);
  const dependencies = [...new Set(included.flatMap((role) => role.dependencies))];
  const includers = setting.role?.includers ?? [];
  return new Map<string, () => Value | Deferred | undefined>([
    ...ofHost(run, host),
    ['hostvars', () => hostvarsOf(batch, answers)],
    ['ansible_play_hosts_all', () => [...named.map((one) => one.name), ...added]],
    ['ansible_play_hosts', () => [...active(named).map((one) => one.name), ...added]],
    ['ansible_play_batch', () => names(active(batch.hosts))],
    ['play_hosts', () => names(active(batch.hosts))],
    ['ansible_play_name', text(batch.play.name)],
    ['ansible_play_role_names', () => roleNames],
    ['ansible_dependent_role_names', () => dependencies],
    ['ansible_role_names', () => [...new Set([...dependencies, ...roleNames])]],
    ['ansible_parent_role_names', () => (includers.length === 0 ? undefined : includers.map((role) => role.name))],
    [
      'ansible_parent_role_paths',
      () =>
        includers.length === 0
          ? undefined
          : includers.map((role) => resolve(options.controller.workingDirectory, role.path)),
    ],
    ['role_names', () => roleNames],
    ['role_name', text(setting.role === undefined ? undefined : bareRoleName(setting.role))],
    ['ansible_collection_name', text(setting.role?.collection)],
    ['ansible_role_name', text(setting.role?.name)],
    ['role_path', absolute(setting.role?.path)],
    ...ofRun(run, play),
    ['ansible_search_path', () => searchPath(batch, setting)],
    ['ansible_delegated_vars', () => delegatedVars(batch, setting.delegate, answers)],
    ['ansible_failed_task', () => failedTask(host)],
    ['ansible_failed_result', () => (host.failedTask === undefined ? undefined : fromJson(host.failedTask.result))],
    ['omit', () => OMIT],
  ]);
}

function failedTask(host: HostState): Value | undefined {
  if (host.failedTask === undefined) return undefined;
  const { task, name } = host.failedTask;
  return new Map<Value, Value>([
    ['name', name],
    ['action', actionOf(task)],
  ]);
}

/** Where a task looks for files, best first. */
function searchPath({ play: { play, run } }: BatchContext, { role, file }: Setting): Value | undefined {
  if (file === undefined) return undefined;
  const folders = [...rolesAround(role), dirname(file), play.baseDir];
  return [...new Set(folders.map((folder) => resolve(run.options.controller.workingDirectory, folder)))];
}

/** By the name of the host that a task is delegated to, that host's variables with how it is reached. */
function delegatedVars(batch: BatchContext, delegate: string | undefined, answers: Answers): Deferred | undefined {
  if (delegate === undefined) return undefined;
  const setting: Setting = { keywords: noKeywords };
  return {
    kind: 'deferred',
    part: (key) => {
      if (key !== delegate) return undefined;
      const environment = environmentOf(batch, batch.play.run.host(delegate), setting, answers);
      return partsOf(environment, () => [...environment.names()]);
    },
    keys: () => [delegate],
    force: () => {
      throw new Error('ansible_delegated_vars are read one by one');
    },
  };
}

function actionOf(task: Task | Include): string {
  return task.action;
}
