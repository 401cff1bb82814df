import { dirname, resolve } from 'node:path';
import { fromJson, type JsonObject, type Value } from '../core/value.ts';
import { type Deferred, type Environment, OMIT } from '../expr/api.ts';
import { shortName } from '../inventory/address.ts';
import { hostLayers } from '../inventory/layers.ts';
import { groupNames } from '../inventory/relations.ts';
import { noKeywords } from '../playbook/inherit.ts';
import { inOrder } from '../playbook/precedence.ts';
import type { Include, Keywords, Role, Task } from '../playbook/tree.ts';
import { createScope } from '../vars/scope.ts';
import type { Level, Term, Variable, Variables } from '../vars/term.ts';
import type { Answers } from './ask.ts';
import type { BatchContext } from './context.ts';
import { type HostState, isActive } from './host-state.ts';
import { ofRun } from './run-variables.ts';

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
      inventory: hostLayers(run.inventory, host.name),
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

/** What other hosts see of a host: nothing of the play, its roles or its files of variables, as Ansible has it. */
function ownLayers(batch: BatchContext, host: HostState): readonly Variables[] {
  const { run } = batch.play;
  return [...hostLayers(run.inventory, host.name), host.facts, host.includeVars, host.setFacts, run.options.extraVars];
}

/** How a task reaches its host, under the names of Ansible's variables for it, where none of them is set. */
function reachedAs(
  batch: BatchContext,
  host: HostState,
  { remoteUser }: Keywords,
  delegate: string | undefined,
): Variables {
  const { inventory } = batch.play.run;
  const addresses = delegate === undefined ? [] : hostLayers(inventory, delegate);
  const address =
    addresses.findLast((layer) => layer.has('ansible_host'))?.get('ansible_host') ??
    known(delegate ?? host.name, 'inventory-host', 'inventory_hostname');
  const user = remoteUser?.kind === 'constant' ? known(remoteUser.value, 'play', 'remote_user') : undefined;
  const names = [['ansible_host', address] as const, ['ansible_ssh_host', address] as const];
  return new Map(user === undefined ? names : [...names, ['ansible_user', user], ['ansible_ssh_user', user]]);
}

/** Everything that an expression of a task can read on a host. */
export function environmentOf(batch: BatchContext, host: HostState, setting: Setting, answers: Answers): Environment {
  return environmentWith(layersOf(batch, host, setting), batch, host, setting, answers);
}

function environmentWith(
  layers: readonly Variables[],
  batch: BatchContext,
  host: HostState,
  setting: Setting,
  answers: Answers,
): Environment {
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
  const everything = (): Deferred => ({
    kind: 'deferred',
    part: (key) => (typeof key === 'string' ? scope.resolve(key) : undefined),
    keys: () => [...scope.names()],
    force: () => {
      throw new Error('vars are read one by one');
    },
  });
  return scope;
}

type Magic = ReadonlyMap<string, () => Value | Deferred | undefined>;

function magicOf(batch: BatchContext, host: HostState, setting: Setting, answers: Answers): Magic {
  const { run, play, named } = batch.play;
  const { options } = run;
  const names = (states: readonly HostState[]): Value => states.map((state) => state.name);
  const active = (states: readonly HostState[]): readonly HostState[] => states.filter(isActive);
  const text = (value: string | undefined) => (): Value | undefined => value;
  const absolute = (path: string | undefined) =>
    text(path === undefined ? undefined : resolve(options.controller.workingDirectory, path));
  const [source] = run.inventory.sources;
  const included = [...play.roles, ...batch.play.includedRoles];
  const roleNames = included.map((role) => role.name);
  const dependencies = [...new Set(included.flatMap((role) => role.dependencies))];
  const includers = setting.role?.includers ?? [];
  return new Map<string, () => Value | Deferred | undefined>([
    ['inventory_hostname', () => host.name],
    ['inventory_hostname_short', () => shortName(host.name)],
    ['group_names', () => groupNames(run.inventory, host.name)],
    ['hostvars', () => hostvarsOf(batch, answers)],
    [
      'ansible_facts',
      () =>
        new Map(
          [...host.facts]
            .filter(([, fact]) => fact.origin === 'facts')
            .map(([name, fact]) => [name.replace(/^ansible_/, ''), valueOf(fact.term)]),
        ),
    ],
    ['ansible_play_hosts_all', () => names(named)],
    ['ansible_play_hosts', () => names(active(named))],
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
    ['role_name', text(setting.role?.name)],
    ['ansible_role_name', text(setting.role?.name)],
    ['role_path', absolute(setting.role?.path)],
    ['playbook_dir', absolute(play.baseDir)],
    ['inventory_dir', absolute(source === undefined ? undefined : dirname(source))],
    ['inventory_file', absolute(source)],
    ...ofRun(run),
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

function valueOf(term: Term): Value {
  return term.kind === 'constant' ? term.value : null;
}

/** The variables of a scope, each evaluated only where it is read. */
function partsOf(environment: Environment): Deferred {
  return {
    kind: 'deferred',
    part: (key) => (typeof key === 'string' ? environment.resolve(key) : undefined),
    keys: () => [...environment.names()],
    force: () => {
      throw new Error('hostvars of a host are read one by one');
    },
  };
}

/** By the name of the host that a task is delegated to, that host's variables with how it is reached. */
function delegatedVars(batch: BatchContext, delegate: string | undefined, answers: Answers): Deferred | undefined {
  if (delegate === undefined) return undefined;
  const setting: Setting = { keywords: noKeywords };
  return {
    kind: 'deferred',
    part: (key) =>
      key === delegate ? partsOf(environmentOf(batch, batch.play.run.host(delegate), setting, answers)) : undefined,
    keys: () => [delegate],
    force: () => {
      throw new Error('ansible_delegated_vars are read one by one');
    },
  };
}

/** Each host's variables as that host's own tasks would see them. */
function hostvarsOf(batch: BatchContext, answers: Answers): Deferred {
  const { run } = batch.play;
  const one = (name: string): Deferred => {
    const host = run.host(name);
    return partsOf(environmentWith(ownLayers(batch, host), batch, host, {}, answers));
  };
  return {
    kind: 'deferred',
    part: (key) =>
      typeof key === 'string' && (run.inventory.hosts.has(key) || key === 'localhost') ? one(key) : undefined,
    keys: () => [...run.inventory.hosts.keys()],
    force: () => {
      throw new Error('hostvars are read one by one');
    },
  };
}

function actionOf(task: Task | Include): string {
  return task.action;
}
