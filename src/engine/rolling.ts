import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Looks } from '../module/guard.ts';
import type { Block } from '../playbook/tree.ts';
import { clampNote, type Most, mostOf, refusing } from './clamp.ts';
import type { BatchContext, Inside } from './context.ts';
import { type Foresight, foresee, lingeringOf, mayLoadLists, takenBy } from './foresee.ts';
import { createGuarding, type Guarding, type Judged } from './guarding.ts';
import { type HostState, isActive, isOut } from './host-state.ts';
import { rest } from './rest.ts';
import { refused } from './results.ts';
import { forgetKept, leaveKept, rollBack } from './rollback.ts';
import type { Kept } from './shell.ts';
import { rollSettings } from './rolling-settings.ts';
import type { Rolled } from './rolls.ts';

/**
 * A block with `rolling`: each batch of hosts goes through all of it, and through the handlers that it notified, before the
 * next begins (host-major, design §6).
 */
export async function runRollingBlock(
  block: Block,
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
  runBlock: (block: Block, hosts: readonly HostState[], batch: BatchContext, inside: Inside) => Promise<void>,
  flush: (batch: BatchContext, hosts: readonly HostState[]) => Promise<void>,
): Promise<void> {
  if (block.rolling === undefined) return;
  const entries = [...block.entries, ...block.rescue, ...block.always];
  const rolled = await roll({ rolling: block.rolling, entries, batchOf: () => batch }, hosts, batch, async (some) => {
    await runBlock(block, some, batch, inside);
    await flush(batch, some);
  });
  if (rolled.ok) return;
  const { clock, emit } = batch.play.run.options;
  const { message, at: place = block.at } = rolled.error;
  emit({ type: 'warning', severity: 'error', at: clock.now(), message, place });
  halt('failed', hosts, batch);
}

/** How often a verdict behind a batch is asked for while it is no pass yet. */
const lookAgainMs = 1000;

/** Runs batch after batch until all are through, a guard refuses, or more hosts failed than `max_failed` allows. */
export async function roll(
  rolled: Rolled,
  hosts: readonly HostState[],
  batch: BatchContext,
  runBatch: (hosts: readonly HostState[]) => Promise<void>,
): Promise<Result<void, Failure>> {
  const { rolling } = rolled;
  const { options } = batch.play.run;
  const [first, ...others] = hosts;
  if (first === undefined) return ok(undefined);
  const settings = await rollSettings(rolling, [first, ...others], batch);
  if (!settings.ok) return settings;
  const guarding = await createGuarding(rolling, [first, ...others], batch);
  if (!guarding.ok) return err(refused(guarding.error, rolling.at));
  const { maxFailed, pauseMs } = settings.value;
  const watch = createWatch(rolled, hosts, batch, guarding.value);
  if (!(await watch.begin(settings.value.batches))) return ok(undefined);
  const pending = [...settings.value.batches];
  let failed = 0;
  for (let done = 0; ; done += 1) {
    const wanted = (pending.shift() ?? []).filter(isActive);
    if (options.signal.aborted || (wanted.length === 0 && pending.length === 0)) return ok(undefined);
    if (wanted.length === 0) continue;
    const allowed = await watch.before(wanted, done === 0);
    if (allowed === undefined) return ok(undefined);
    const some = wanted.slice(0, allowed.size);
    if (allowed.size < wanted.length) pending.unshift(wanted.slice(allowed.size));
    options.emit({
      type: 'batch-start',
      at: options.clock.now(),
      playId: batch.play.playId,
      kind: 'rolling',
      index: done + 1,
      total: done + 1 + pending.length,
      hosts: some.map((host) => host.name),
      ...(allowed.note === undefined ? {} : { note: allowed.note }),
    });
    const mayGoBack = rolling.onFailure === 'rollback' && !options.check;
    // Of a roll inside a batch of another: what both keep is the other one's to take back.
    const outer: Outer = new Map(some.map((host) => [host, host.kept]));
    for (const host of some) host.kept = mayGoBack ? [] : host.kept;
    await runBatch(some);
    if (options.signal.aborted) {
      for (const host of some) leaveKept(host, 'as the run was stopped', batch);
      return ok(undefined);
    }
    failed += some.filter(isOut).length;
    const left = pending.flat();
    if (failed > maxFailed) {
      const names = left.map((host) => host.name).join(', ') || 'none';
      const message = `The roll stopped at batch ${done + 1} of ${done + 1 + pending.length}: ${failed} failed, "max_failed" allows ${maxFailed}; not touched: ${names}`;
      options.emit({ type: 'warning', at: options.clock.now(), message, place: rolling.at });
      if (mayGoBack) await takeBack(outer, watch, batch);
      halt('failed', hosts, batch);
      return ok(undefined);
    }
    if (!(await watch.after())) {
      if (mayGoBack) await takeBack(outer, watch, batch);
      return ok(undefined);
    }
    if (mayGoBack) await settle(outer);
    if (pauseMs > 0 && left.length > 0) await rest(options.clock, pauseMs, options.signal);
  }
}

/** Hosts of a batch, each with what the batch around it keeps. */
type Outer = ReadonlyMap<HostState, Kept[] | undefined>;

/** Of the batch that failed alone: those before it were verified. What a guard does not let go back stays as it is. */
async function takeBack(some: Outer, watch: Watch, batch: BatchContext): Promise<void> {
  const changed = [...some].filter(([host]) => (host.kept ?? []).length > 0);
  const refusals = changed.length === 0 ? new Map() : await watch.back(changed.map(([host]) => host.name));
  const back = await Promise.all(
    changed.map(async ([host, outer]) => {
      const refusal = refusals.get(host.name);
      if (refusal !== undefined) leaveKept(host, `as that would do harm (${refusal})`, batch);
      return refusal === undefined && (await rollBack(host, batch)) ? [{ host, outer }] : [];
    }),
  );
  for (const { host, outer } of back.flat()) {
    if (outer === undefined) await forgetKept(host.kept ?? []);
  }
  for (const [host, outer] of some) host.kept = outer;
}

/** What was verified is forgotten, but for what a batch around it may still have to take back. */
async function settle(some: Outer): Promise<void> {
  await Promise.all([...some].map(([host, outer]) => forgetKept(outer === undefined ? (host.kept ?? []) : [])));
  for (const [host, outer] of some) {
    outer?.push(...(host.kept ?? []));
    host.kept = outer;
  }
}

/** No host goes on, and no other play begins. */
function halt(why: 'refused' | 'failed', hosts: readonly HostState[], batch: BatchContext): void {
  batch.play.run.halted ??= why;
  for (const host of hosts) host.stopped ??= { kind: 'ended', scope: 'play' };
}

/** Hosts of the play that are in no batch yet, or were in one before. */
function othersOf({ play, hosts }: BatchContext): readonly HostState[] {
  return play.hosts.filter((host) => isActive(host) && !hosts.includes(host));
}

interface Allowed {
  /** How many of the hosts that were asked for. */
  readonly size: number;
  /** Why they are fewer. */
  readonly note?: string;
}

/** The guards along a roll. Each answer is told; a refusal ends the run. */
interface Watch {
  /** Before the first change: the lists that the roll will load, on all hosts. False where it must not begin. */
  readonly begin: (batches: readonly (readonly HostState[])[]) => Promise<boolean>;
  readonly before: (wanted: readonly HostState[], isFirst: boolean) => Promise<Allowed | undefined>;
  readonly after: () => Promise<boolean>;
  /** Of the hosts of the last batch, those that must not get back what they had before it, and why. */
  readonly back: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

function createWatch(
  { rolling, entries, batchOf }: Rolled,
  hosts: readonly HostState[],
  batch: BatchContext,
  guarding: Guarding,
): Watch {
  const { clock, emit, signal, check } = batch.play.run.options;
  if (rolling.guards.length === 0) {
    return {
      begin: async () => true,
      before: async (wanted) => ({ size: wanted.length }),
      after: async () => true,
      back: async () => new Map(),
    };
  }
  const tell = (judged: readonly Judged[]): boolean => {
    for (const { guard, verdict, message, help } of judged) {
      const text = help === undefined || verdict === 'pass' ? message : `${message}. ${help}`;
      emit({ type: 'guard-verdict', at: clock.now(), playId: batch.play.playId, guard, verdict, message: text });
    }
    return judged.every(({ verdict }) => verdict === 'pass');
  };
  const stop = (judged: readonly Judged[]): void => {
    // Where the operator stopped the run, nobody could be asked any more: that is no verdict.
    if (signal.aborted) return;
    tell(refusing(judged));
    halt('refused', hosts, batch);
  };
  let before: Looks = new Map();
  let lingering: Foresight = new Map();
  /** Which of its hosts acts may depend on who is in a batch, so one that was made smaller is foreseen anew. */
  const fit = async (wanted: readonly HostState[], seen: Map<number, Foresight>, looks: Looks): Promise<Most> => {
    let first: Most | undefined;
    for (let some = wanted; ; some = some.slice(0, first.size)) {
      const foresight = seen.get(some.length) ?? (await foresee(entries, some, batchOf(some)));
      seen.set(some.length, foresight);
      const names = some.map((host) => host.name);
      const most = mostOf(names, (part) => {
        const all = new Map([
          ...lingering,
          ...part.flatMap((name) => [
            [name, [...(lingering.get(name) ?? []), ...(foresight.get(name) ?? [])]] as const,
          ]),
        ]);
        return guarding.judge(looks, takenBy([...all.keys()], all), 'batch');
      });
      first = { ...most, refusals: first?.refusals ?? most.refusals };
      if (most.size === 0 || most.size === some.length) return first;
      if (batchOf(some) === batch) seen.set(most.size, foresight);
    }
  };
  return {
    begin: async (batches) => {
      // Those of a later serial batch load their lists with the same roll.
      const later = batch.play.play.serial.length === 0 ? [] : othersOf(batch);
      const parts = mayLoadLists(entries, batch) ? [...batches, ...(later.length === 0 ? [] : [later])] : [];
      const seen = await Promise.all(parts.map((some) => foresee(entries, some, batchOf(some))));
      const all: Foresight = new Map(seen.flatMap((one) => [...one]));
      const lists = new Map(
        [...takenBy([...all.keys()], all)].map(([host, one]) => [
          host,
          { disrupts: new Set<never>(), lists: one.lists },
        ]),
      );
      const judged = guarding.judge(await guarding.look(), lists, 'roll');
      if (refusing(judged).length === 0) return true;
      stop(judged);
      return false;
    },
    before: async (wanted, isFirst) => {
      const seen = new Map<number, Foresight>();
      // What the batch before took away may still be on its way back.
      const until = clock.monotonic() + (isFirst || check ? 0 : guarding.patienceMs);
      for (;;) {
        const looks = await guarding.look();
        const most = await fit(wanted, seen, looks);
        if (most.size > 0) {
          before = looks;
          tell(most.judged);
          const { size, refusals } = most;
          const names = wanted.slice(0, size).map((host) => host.name);
          lingering = new Map([...lingering, ...lingeringOf(names, seen.get(size) ?? new Map(), entries)]);
          return size === wanted.length ? { size } : { size, note: clampNote(wanted.length, size, refusals) };
        }
        if (clock.monotonic() >= until || signal.aborted) {
          stop(most.judged);
          return undefined;
        }
        await rest(clock, lookAgainMs, signal);
      }
    },
    back: async (names) => {
      const looks = await guarding.look();
      return new Map(
        names.flatMap((name): readonly (readonly [string, string])[] => {
          const [refusal] = refusing(guarding.judgeUndo(looks, before, name));
          return refusal === undefined ? [] : [[name, `${refusal.guard}: ${refusal.message}`]];
        }),
      );
    },
    after: async () => {
      if (check) return true;
      const until = clock.monotonic() + guarding.patienceMs;
      for (;;) {
        const judged = guarding.judge(await guarding.look(), takenBy([...lingering.keys()], lingering), 'after');
        if (refusing(judged).length === 0) return tell(judged);
        if (clock.monotonic() >= until || signal.aborted) {
          stop(judged);
          return false;
        }
        await rest(clock, lookAgainMs, signal);
      }
    },
  };
}
