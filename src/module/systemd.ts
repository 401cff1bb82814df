import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { unit } from '../host/ask.ts';
import type { Change, Systemctl } from '../host/change.ts';
import type { UnitFact, UnitQuery } from '../host/observation.ts';
import type { Context, Disrupts, Listing, Plan, Seen } from './define.ts';
import { plan, refuse, staged } from './plan.ts';

/** What `systemd` and `service` ask of a unit. */
export interface UnitWish {
  readonly name: string | undefined;
  readonly state: 'reloaded' | 'restarted' | 'started' | 'stopped' | undefined;
  readonly enabled: boolean | undefined;
  readonly masked: boolean | undefined;
  readonly daemonReload: boolean;
  readonly daemonReexec: boolean;
  readonly scope: 'system' | 'user' | 'global';
  readonly noBlock: boolean;
}

/** For `returns`. */
export const unitReturns = {
  name: z.string().nullable().optional().meta({ description: 'Name of the unit, as it was given' }),
  state: z.string().optional().meta({ description: '"started" or "stopped"' }),
  enabled: z.boolean().optional().meta({ description: 'Whether it is started at boot' }),
  status: z.looseObject({}).optional().meta({ description: 'Properties of the unit before the task' }),
};

export function unitQueries(wish: UnitWish): readonly UnitQuery[] {
  return wish.name === undefined ? [] : [queryOf(wish, wish.name)];
}

function queryOf(wish: UnitWish, name: string): UnitQuery {
  return unit(name, { scope: wish.scope });
}

function act(wish: UnitWish, verb: Systemctl['verb']): Change {
  const forDaemon = verb === 'daemon-reload' || verb === 'daemon-reexec';
  return {
    kind: 'systemctl',
    verb,
    scope: wish.scope,
    ...(wish.name === undefined || forDaemon ? {} : { unit: queryOf(wish, wish.name).name }),
    ...(wish.noBlock && !forDaemon ? { noBlock: true } : {}),
    ...(forDaemon ? { quiet: true } : {}),
  };
}

export function planUnit(wish: UnitWish, seen: Seen, context: Context): Plan {
  const first: Change[] = [
    ...(wish.daemonReload ? [act(wish, 'daemon-reload')] : []),
    ...(wish.daemonReexec ? [act(wish, 'daemon-reexec')] : []),
  ];
  const { name } = wish;
  if (name === undefined) return plan(first, { why: 'reading unit files anew does not count as a change' });
  const query = queryOf(wish, name);
  const fact = seen(query);
  const onlyMask = wish.enabled === undefined && wish.state === undefined;
  if (fact.loadState === 'not-found' && !onlyMask) {
    // Its file may have been written a moment ago: only the reload shows it.
    if (first.length > 0 && !context.check) {
      return staged(first, { observe: () => [query], plan: (now) => planKnown(wish, now(query), [], context) });
    }
    return missing(name, context);
  }
  return planKnown(wish, fact, first, context);
}

function missing(name: string, context: Context): Plan {
  const reason = `Could not find the requested service ${name}: host`;
  if (context.check) return plan([], { unknown: `${reason}; a task before this one may bring it` });
  return refuse(reason, { help: 'Install what brings the unit, or write it with systemd_unit, before this task' });
}

function planKnown(wish: UnitWish, fact: UnitFact, first: readonly Change[], context: Context): Plan {
  if (fact.loadState === 'not-found' && (wish.enabled !== undefined || wish.state !== undefined)) {
    return missing(wish.name ?? '', context);
  }
  if (fact.loadState === 'error' || fact.loadState === 'bad-setting') {
    const detail = fact.properties['LoadError'] ?? fact.loadState;
    return refuse(`Error loading unit file '${wish.name ?? ''}': ${detail}`);
  }
  const verbs: Systemctl['verb'][] = [];
  const isMasked = fact.loadState === 'masked' || fact.unitFileState.startsWith('masked');
  if (wish.masked !== undefined && wish.masked !== isMasked) verbs.push(wish.masked ? 'mask' : 'unmask');
  if (wish.enabled !== undefined && differsAtBoot(wish.enabled, fact.unitFileState)) {
    verbs.push(wish.enabled ? 'enable' : 'disable');
  }
  const verb = verbFor(wish.state, fact.activeState);
  if (verb !== undefined) verbs.push(verb);
  const changes = [...first, ...verbs.map((one) => act(wish, one))];
  return plan(changes, verbs.length === 0 ? { why: `the unit is ${fact.activeState} and ${fact.unitFileState}` } : {});
}

/** Units without an [Install] section are neither on nor off. */
function differsAtBoot(wanted: boolean, state: string): boolean {
  if (['static', 'generated', 'transient'].includes(state)) return false;
  return wanted !== isEnabled(state);
}

function isEnabled(state: string): boolean {
  return ['enabled', 'enabled-runtime', 'static', 'generated', 'transient'].includes(state);
}

function isRunning(activeState: string): boolean {
  return activeState === 'active' || activeState === 'activating' || activeState === 'reloading';
}

function verbFor(state: UnitWish['state'], activeState: string): Systemctl['verb'] | undefined {
  const running = isRunning(activeState);
  switch (state) {
    case undefined:
      return undefined;
    case 'started':
      return running ? undefined : 'start';
    case 'stopped':
      return running || activeState === 'deactivating' ? 'stop' : undefined;
    case 'restarted':
      return running ? 'restart' : 'start';
    case 'reloaded':
    default:
      return running ? 'reload' : 'start';
  }
}

export function unitFields(wish: UnitWish, seen: Seen): JsonObject {
  const { name } = wish;
  if (name === undefined) return { name: null, status: {} };
  const fact = seen.maybe(queryOf(wish, name));
  return {
    name,
    ...(wish.state === undefined ? {} : { state: wish.state === 'stopped' ? 'stopped' : 'started' }),
    ...(wish.enabled === undefined ? {} : { enabled: wish.enabled }),
    status: { ...fact?.properties },
  };
}

/** Units whose stop takes nothing away that an API server or its balancer stands on. */
const bystanders =
  /^(.*\.timer|apparmor|apt-daily.*|atd|auditd|chrony|chronyd|cron|crond|dnf-.*|fail2ban|filebeat|fluent-bit|fluentd|fstrim|irqbalance|logrotate|man-db|node[_-]exporter|ntp|ntpd|ntpsec|postfix|prometheus-.*|promtail|rsyslog|smartd|snapd|snmpd|ssh|sshd|sysstat|systemd-journald|systemd-timesyncd|unattended-upgrades|zabbix-agent.*)(\.service|\.socket)?$/;

/** Units that the nodes reach the API through. */
const balancers = /haproxy|^keepalived$/;

/**
 * What the plan takes away. Starting, enabling and reading unit files anew take nothing. A running container outlives
 * its kubelet's restart. Of a unit that nobody knows the worst is assumed.
 */
export function unitDisrupts(wish: UnitWish, planned: Plan): readonly Disrupts[] {
  const stops =
    planned.kind === 'plan' &&
    planned.changes.some(
      (change) => change.kind === 'systemctl' && ['stop', 'restart', 'reload'].includes(change.verb),
    );
  return stops ? stopDisrupts(wish) : ['nothing'];
}

/** What a task of this wish may take away at most. */
export function unitMayDisrupt(wish: UnitWish | undefined): readonly Disrupts[] {
  if (wish === undefined) return ['node'];
  return wish.state === undefined || wish.state === 'started' ? ['nothing'] : stopDisrupts(wish);
}

function stopDisrupts(wish: UnitWish): readonly Disrupts[] {
  const name = (wish.name ?? '').replace(/\.service$/, '');
  if (bystanders.test(name)) return ['nothing'];
  if (balancers.test(name)) return wish.state === 'reloaded' ? ['nothing'] : ['balancer'];
  if (name === 'kubelet' && wish.state !== 'stopped') return ['nothing'];
  if (name === 'etcd') return ['etcd'];
  return ['node'];
}

/** A balancer that starts, or reads its configuration anew, lists what that says, whoever wrote it. */
export function unitLists(wish: UnitWish, planned: Plan): Listing | undefined {
  if (!lists(wish) || planned.kind !== 'plan') return undefined;
  const loads = planned.changes.some(
    (change) => change.kind === 'systemctl' && ['start', 'restart', 'reload'].includes(change.verb),
  );
  return loads ? 'file' : undefined;
}

export function unitMayList(wish: UnitWish | undefined): Listing | undefined {
  if (wish === undefined) return 'changed-file';
  return lists(wish) && wish.state !== undefined && wish.state !== 'stopped' ? 'changed-file' : undefined;
}

/** haproxy's own unit, and those that a balancer beside it has; one for each of its configurations, too. */
function lists({ name }: UnitWish): boolean {
  return name !== undefined && /haproxy/.test(name);
}
