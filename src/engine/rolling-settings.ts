import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Location } from '../core/source.ts';
import { isList, type Json, toJson, type Value } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Rolling } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { optional } from './prepare.ts';
import { refused, templateFailure } from './results.ts';
import { differing, type RollHosts } from './same-for-all.ts';
import { batchesOf } from './serial.ts';
import { spreadBatches } from './spread.ts';
import { environmentOf } from './variables.ts';

/** What a roll was asked for, evaluated. */
export interface RollSettings {
  /** As asked for; guards may make them smaller. */
  readonly batches: readonly (readonly HostState[])[];
  /** How many hosts may fail over the whole roll. */
  readonly maxFailed: number;
  readonly pauseMs: number;
}

/** Evaluated for every host; but for `spread`, which is each host's own, all must say the same. */
export async function rollSettings(
  rolling: Rolling,
  hosts: RollHosts,
  batch: BatchContext,
): Promise<Result<RollSettings, Failure>> {
  const [first] = hosts;
  for (const [keyword, term] of [
    ...rolling.batch.map((size) => ['batch', size] as const),
    ['max_failed', rolling.maxFailed] as const,
    ['pause', rolling.pause] as const,
  ]) {
    const differs =
      term === undefined ? ok(undefined) : await differing(term, hosts, (host) => jsonOf(term, host, batch, rolling));
    if (!differs.ok) return differs;
    if (differs.value !== undefined)
      return err(
        refused(
          `Expected "${keyword}" of rolling to be the same for all hosts, found ${differs.value}`,
          term?.at ?? rolling.at,
        ),
      );
  }
  const read = (term: Term | undefined, host = first) => valueOf(term, host, batch, rolling);
  const sizes: Value[] = [];
  for (const term of rolling.batch) {
    const value = await read(term);
    if (!value.ok) return value;
    const some = value.value === undefined ? [] : isList(value.value) ? value.value : [value.value];
    const bad = some.find((size) => !isSize(size));
    if (bad !== undefined) return fail(term.at, 'batch', 'at least one host, or a percentage', bad);
    sizes.push(...some);
  }
  const batches = batchesOf(hosts, sizes.length === 0 ? [1n] : sizes);
  if (!batches.ok) return err(refused(batches.error, rolling.at));
  const most = await read(rolling.maxFailed);
  if (!most.ok) return most;
  const maxFailed = countOf(most.value ?? 0n, hosts.length);
  if (maxFailed === undefined)
    return fail(rolling.maxFailed?.at ?? rolling.at, 'max_failed', 'a number of hosts, or a percentage', most.value);
  const pause = await read(rolling.pause);
  if (!pause.ok) return pause;
  const pauseMs = durationMs(pause.value ?? 0n);
  if (pauseMs === undefined)
    return fail(rolling.pause?.at ?? rolling.at, 'pause', 'seconds, or a text such as "5s"', pause.value);
  const zones = new Map<HostState, string>();
  for (const host of rolling.spread === undefined ? [] : hosts) {
    const name = await read(rolling.spread, host);
    if (!name.ok) return name;
    const zone = typeof name.value === 'string' ? zoneOf(name.value, host, batch, rolling) : undefined;
    if (zone !== undefined) zones.set(host, zone);
  }
  return ok({ batches: spreadBatches(batches.value, (host) => zones.get(host)), maxFailed, pauseMs });
}

async function jsonOf(
  term: Term,
  host: HostState,
  batch: BatchContext,
  rolling: Rolling,
): Promise<Result<Json, Failure>> {
  const value = await valueOf(term, host, batch, rolling);
  return value.ok ? ok(toJson(value.value ?? null)) : value;
}

async function valueOf(
  term: Term | undefined,
  host: HostState,
  batch: BatchContext,
  rolling: Rolling,
): Promise<Result<Value | undefined, Failure>> {
  const answers = createAnswers(answererFor(batch.play, { file: rolling.at.source.path }));
  const value = await optional(term, environmentOf(batch, host, {}, answers), answers);
  return value.ok ? value : err(templateFailure(value.error));
}

/** `spread: zone` names a variable of each host. */
function zoneOf(name: string, host: HostState, batch: BatchContext, rolling: Rolling): string | undefined {
  const answers = createAnswers(answererFor(batch.play, { file: rolling.at.source.path }));
  const value = environmentOf(batch, host, {}, answers).resolve(name);
  return value === undefined || (typeof value === 'object' && value !== null && 'kind' in value)
    ? undefined
    : toText(value);
}

function fail(
  at: Location,
  keyword: string,
  expected: string,
  found: Value | undefined,
): { readonly ok: false; readonly error: Failure } {
  const shown = JSON.stringify(toJson(found ?? null));
  return err(refused(`Expected "${keyword}" of rolling to be ${expected}, found ${shown}`, at));
}

/** No batch is empty: `0` and `0%` are mistakes here, where Ansible takes `serial: 0` for all. */
function isSize(size: Value): boolean {
  if (typeof size === 'bigint') return size >= 1n;
  if (typeof size !== 'string') return false;
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(size)?.[1];
  return percent === undefined ? /^\s*0*[1-9]\d*\s*$/.test(size) : Number(percent) > 0;
}

/** A number of hosts; of a percentage the floor, so that it never allows more than was said. */
function countOf(value: Value, total: number): number | undefined {
  const text =
    typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent !== undefined) return Math.floor((total * Number(percent)) / 100);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `5s`, `2m`, `500ms`, or a number of seconds. */
export function durationMs(value: Value): number | undefined {
  const text = typeof value === 'bigint' || typeof value === 'number' ? String(value) : value;
  const match = typeof text === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(text) : null;
  if (match === null) return undefined;
  const factor = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000;
  return Number(match[1]) * factor;
}
