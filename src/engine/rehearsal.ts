import type { Failure } from '../core/failure.ts';
import type { Pretence } from '../core/pretence.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Location } from '../core/source.ts';
import { apiServerAt } from '../ha/api-server.ts';
import type { Cluster as ApiCluster } from '../ha/cluster.ts';
import { clusterOf } from '../ha/cluster-variables.ts';
import type { ListedServer } from '../module/define.ts';
import type { Foreseen, Looks } from '../module/guard.ts';
import { clampNote, mostOf, refusing } from './clamp.ts';
import type { BatchContext } from './context.ts';
import { type Foresight, foresee, mayLoadLists, takenBy } from './foresee.ts';
import { createGuarding, type Guarding, type Judged } from './guarding.ts';
import type { HostState } from './host-state.ts';
import { refused } from './results.ts';
import type { FoundRoll } from './rolls.ts';
import { rollSettings } from './rolling-settings.ts';
import { type Stopping, stoppings } from './stoppings.ts';

/** What the work on one host takes away, and the lists that it loads into its balancer, as far as it can be told. */
export interface PaperWork {
  readonly host: string;
  readonly disrupts: readonly string[];
  /** Names of servers. */
  readonly lists: readonly (readonly string[] | 'unknown')[];
}

export interface PaperBatch {
  readonly hosts: readonly string[];
  /** How many were asked for, where guards let fewer go. */
  readonly asked: number;
  readonly note?: string;
  readonly work: readonly PaperWork[];
  readonly judged: readonly Judged[];
  readonly refused: boolean;
}

/** A roll on paper: as it would go if nothing but itself changed anything. */
export interface PaperRoll {
  readonly name: string;
  readonly place: Location;
  readonly hosts: readonly string[];
  /** The batches that the playbook asks for. */
  readonly asked: readonly (readonly string[])[];
  readonly guards: readonly string[];
  readonly maxFailed: number;
  /** Before the first change, of all lists that will be loaded. */
  readonly begin: readonly Judged[];
  /** Up to the one that is refused. */
  readonly batches: readonly PaperBatch[];
  readonly refused: boolean;
  /** Hosts that are not reached because of a refusal. */
  readonly untouched: readonly string[];
  readonly stoppings: readonly Stopping[];
  /** What is supposed behind it: the lists that it will have loaded. */
  readonly leaves: readonly Pretence[];
}

/** Looks, and asks the guards about every batch as the roll would; nothing is changed. `supposed` is what the operator asks for. */
export async function rehearse(
  found: FoundRoll,
  hosts: readonly [HostState, ...HostState[]],
  batch: BatchContext,
  supposed: readonly Pretence[],
): Promise<Result<PaperRoll, Failure>> {
  const { rolling, entries } = found;
  const settings = await rollSettings(rolling, hosts, batch);
  if (!settings.ok) return settings;
  const guarding = await createGuarding(rolling, hosts, batch);
  if (!guarding.ok) return err(refused(guarding.error, rolling.at));
  const looks = withoutDown(await guarding.value.look(), supposed);
  const cluster = clusterOf(guarding.value.cluster.hosts);
  const servers = cluster.ok ? cluster.cluster : undefined;
  const foresights = await Promise.all(
    settings.value.batches.map((some) => foresee(entries, some, found.batchOf(some))),
  );
  const foresight: Foresight = new Map(foresights.flatMap((one) => [...one]));
  const begin = mayLoadLists(entries, batch) ? beginning(guarding.value, looks, foresight, supposed) : [];
  const asked = settings.value.batches.map((some) => some.map((host) => host.name));
  const isRefused = refusing(begin).length > 0;
  const walked = isRefused
    ? { batches: [], pretended: [], leaves: supposed }
    : walk(asked, { guarding: guarding.value, looks, foresight, supposed, cluster: servers });
  const { batches } = walked;
  const done = batches.filter((one) => !one.refused).flatMap((one) => one.hosts);
  const names = hosts.map((host) => host.name);
  return ok({
    name: found.name,
    place: rolling.at,
    hosts: names,
    asked,
    guards: rolling.guards.map((guard) => guard.name),
    maxFailed: settings.value.maxFailed,
    begin,
    batches,
    refused: isRefused || batches.some((one) => one.refused),
    untouched: names.filter((name) => !done.includes(name)),
    leaves: walked.leaves,
    stoppings:
      servers === undefined
        ? []
        : stoppings(servers, batches, (index, failure) =>
            guarding.value.judge(looks, takenBy(batches[index]?.hosts ?? [], foresight), 'batch', [
              ...(walked.pretended[index] ?? supposed),
              failure,
            ]),
          ),
  });
}

function beginning(
  guarding: Guarding,
  looks: Looks,
  foresight: Foresight,
  supposed: readonly Pretence[],
): readonly Judged[] {
  const all = takenBy([...foresight.keys()], foresight);
  const lists = new Map([...all].map(([host, { lists: one }]) => [host, { disrupts: new Set<never>(), lists: one }]));
  return guarding.judge(looks, lists, 'roll', supposed);
}

interface Walking {
  readonly guarding: Guarding;
  readonly looks: Looks;
  readonly foresight: Foresight;
  readonly supposed: readonly Pretence[];
  readonly cluster: ApiCluster | undefined;
}

/** Each batch finds what those before it have loaded. */
function walk(
  asked: readonly (readonly string[])[],
  { guarding, looks, foresight, supposed, cluster }: Walking,
): {
  readonly batches: readonly PaperBatch[];
  readonly pretended: readonly (readonly Pretence[])[];
  readonly leaves: readonly Pretence[];
} {
  const pending = [...asked];
  const batches: PaperBatch[] = [];
  const pretended: (readonly Pretence[])[] = [];
  let now = supposed;
  for (let wanted = pending.shift(); wanted !== undefined; wanted = pending.shift()) {
    const most = mostOf(wanted, (some) => guarding.judge(looks, takenBy(some, foresight), 'batch', now));
    const size = Math.max(1, most.size);
    const names = wanted.slice(0, size);
    const taken = takenBy(names, foresight);
    const note = most.size > 0 && most.size < wanted.length ? clampNote(wanted.length, most.size, most.refusals) : '';
    batches.push({
      hosts: names,
      asked: wanted.length,
      ...(note === '' ? {} : { note }),
      work: [...taken].map(([host, one]) => workOf(host, one, cluster)),
      judged: most.judged,
      refused: most.size === 0,
    });
    pretended.push(now);
    if (most.size === 0) break;
    if (size < wanted.length) pending.unshift(wanted.slice(size));
    now = [...now, ...[...taken].flatMap(([host, one]) => loadedBy(host, one, cluster))];
  }
  return { batches, pretended, leaves: now };
}

function workOf(host: string, { disrupts, lists }: Foreseen, cluster: ApiCluster | undefined): PaperWork {
  return {
    host,
    disrupts: [...disrupts].filter((one) => one !== 'nothing'),
    lists: lists.map((list) => (typeof list === 'string' ? 'unknown' : namesOf(list, cluster))),
  };
}

function loadedBy(host: string, { lists }: Foreseen, cluster: ApiCluster | undefined): readonly Pretence[] {
  const last = lists.at(-1);
  return last === undefined || typeof last === 'string'
    ? []
    : [{ kind: 'loaded', host, servers: namesOf(last, cluster) }];
}

function namesOf(servers: readonly ListedServer[], cluster: ApiCluster | undefined): readonly string[] {
  return servers.map((one) => apiServerAt(cluster?.apiServers ?? [], one)?.name ?? one.name);
}

/** Nobody could ask a host that is down. */
function withoutDown(looks: Looks, supposed: readonly Pretence[]): Looks {
  const reason = 'supposed to be down';
  const down = supposed.filter((one) => one.kind === 'unasked').map((one) => one.host);
  return new Map([...looks, ...down.map((host) => [host, { kind: 'unreachable', reason }] as const)]);
}
