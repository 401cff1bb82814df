import { isList, toJson, type Value } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Block, Rolling } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import type { BatchContext, Inside } from './context.ts';
import { type HostState, isActive } from './host-state.ts';
import { optional } from './prepare.ts';
import { batchesOf } from './serial.ts';
import { spreadBatches } from './spread.ts';
import { environmentOf } from './variables.ts';

/** A block with `rolling`: each batch of hosts goes through all of it before the next begins (host-major, design §6). */
export async function runRollingBlock(
  block: Block,
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
  runBlock: (block: Block, hosts: readonly HostState[], batch: BatchContext, inside: Inside) => Promise<void>,
): Promise<void> {
  if (block.rolling === undefined) return;
  await roll(block.rolling, hosts, batch, (some) => runBlock(block, some, batch, inside));
}

/** Runs batch after batch until all are through or more failed than `max_failed` allows. */
export async function roll(
  rolling: Rolling,
  hosts: readonly HostState[],
  batch: BatchContext,
  runBatch: (hosts: readonly HostState[]) => Promise<void>,
): Promise<void> {
  const { options } = batch.play.run;
  const [first] = hosts;
  if (first === undefined) return;
  if (rolling.guards.length > 0) {
    const names = rolling.guards.map((guard) => guard.name).join(', ');
    const message = `This version has no guards yet and will not roll without those that were asked for: ${names}`;
    options.emit({
      type: 'guard-verdict',
      at: options.clock.now(),
      playId: batch.play.playId,
      guard: names,
      verdict: 'refuse',
      message,
    });
    for (const host of hosts) host.stopped ??= { kind: 'ended', scope: 'play' };
    return;
  }
  const read = async (term: Term | undefined, host: HostState): Promise<Value | undefined> => {
    const answers = createAnswers(answererFor(batch.play, { file: rolling.at.source.path }));
    const value = await optional(term, environmentOf(batch, host, {}, answers), answers);
    return value.ok ? value.value : undefined;
  };
  const sizes: Value[] = [];
  for (const term of rolling.batch) {
    const value = await read(term, first);
    if (value !== undefined) sizes.push(...(isList(value) ? value : [value]));
  }
  const zones = new Map<HostState, string>();
  for (const host of hosts) {
    const zone = rolling.spread === undefined ? undefined : await zoneOf(rolling.spread, host, batch, read);
    if (zone !== undefined) zones.set(host, zone);
  }
  const sized = batchesOf(hosts, sizes.length === 0 ? [1n] : sizes);
  const batches = sized.ok ? spreadBatches(sized.value, (host) => zones.get(host)) : hosts.map((host) => [host]);
  const maxFailed = Number(toJson((await read(rolling.maxFailed, first)) ?? 0n));
  const pauseMs = durationMs(await read(rolling.pause, first));
  let failed = 0;
  for (const [index, some] of batches.entries()) {
    if (options.signal.aborted) return;
    options.emit({
      type: 'batch-start',
      at: options.clock.now(),
      playId: batch.play.playId,
      kind: 'rolling',
      index: index + 1,
      total: batches.length,
      hosts: some.map((host) => host.name),
    });
    await runBatch(some);
    failed += some.filter((host) => !isActive(host)).length;
    if (failed > maxFailed) {
      const rest = batches.slice(index + 1).flat();
      const message = `The roll stopped at batch ${index + 1} of ${batches.length}: ${failed} failed, "max_failed" allows ${maxFailed}; not touched: ${rest.map((host) => host.name).join(', ') || 'none'}`;
      options.emit({ type: 'warning', at: options.clock.now(), message, place: rolling.at });
      for (const host of rest) host.stopped ??= { kind: 'ended', scope: 'play' };
      return;
    }
    if (pauseMs > 0 && index + 1 < batches.length) await options.clock.sleep(pauseMs, options.signal);
  }
}

/** `spread: zone` names a variable of each host. */
async function zoneOf(
  spread: Term,
  host: HostState,
  batch: BatchContext,
  read: (term: Term, host: HostState) => Promise<Value | undefined>,
): Promise<string | undefined> {
  const name = await read(spread, host);
  if (typeof name !== 'string') return undefined;
  const value = environmentOf(
    batch,
    host,
    {},
    createAnswers(answererFor(batch.play, { file: spread.at.source.path })),
  ).resolve(name);
  return value === undefined || (typeof value === 'object' && value !== null && 'kind' in value)
    ? undefined
    : toText(value);
}

/** `5s`, `2m`, `500ms`, or a number of seconds. */
export function durationMs(value: Value | undefined): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value) * 1000;
  const match = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(value) : null;
  if (match === null) return 0;
  const factor = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000;
  return Number(match[1]) * factor;
}
