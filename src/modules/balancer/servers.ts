import { placeText } from '../../core/source.ts';
import { findApiBackend } from '../../ha/api-backend.ts';
import { balancerLook, balancerQueries } from '../../ha/balancer-look.ts';
import { type BalancerPlace, defaultPlace } from '../../ha/balancer-place.ts';
import type { Server } from '../../ha/config.ts';
import { writtenHash } from '../../ha/config.ts';
import { sameAddress } from '../../ha/endpoint.ts';
import { configName, layoutOf } from '../../ha/layout.ts';
import type { LoadedBackend } from '../../ha/loaded-backends.ts';
import type { Facts } from '../../host/facts.ts';
import { keyOf } from '../../host/key.ts';
import type { Observation } from '../../host/observation.ts';
import type { Seen } from '../../module/define.ts';
import type { Params } from './params.ts';

/** The servers of the next configuration, or why they cannot be told. */
export type Servers =
  | { readonly kind: 'servers'; readonly servers: readonly Server[] }
  | { readonly kind: 'unknown'; readonly reason: string };

function placeOf(p: Params): BalancerPlace {
  return {
    ...defaultPlace,
    placement: p.placement,
    port: p.port,
    healthPort: p.health_port,
    pod: p.pod,
    container: p.container,
    unit: p.unit,
  };
}

/** What tells which servers the running balancer has loaded; nothing where that does not matter. */
export function loadedQueries(p: Params, seen: Seen): readonly Observation[] {
  if (!p.keep_loaded) return [];
  const place = placeOf(p);
  // A balancer that hlb did not write is asked in several rounds, each of which rests on the one before.
  let queries = balancerQueries(place, new Map());
  for (let known = -1; known < queries.length; ) {
    known = queries.length;
    queries = balancerQueries(place, factsOf(seen, queries));
  }
  return queries;
}

/**
 * Those that are asked for; with `keep_loaded`, those that the running balancer lists as well. One that is listed under a
 * name that is asked for at another address stays under a name of its own.
 */
export function serversOf(p: Params, seen: Seen, current: string | undefined): Servers {
  if (!p.keep_loaded) return { kind: 'servers', servers: p.servers };
  const place = placeOf(p);
  const { running, backends, problem } = balancerLook(place, factsOf(seen, loadedQueries(p, seen)));
  if (!running) return { kind: 'servers', servers: p.servers };
  if (backends === undefined)
    return {
      kind: 'unknown',
      reason: `Which servers the balancer lists cannot be told: ${problem ?? 'it does not say'}`,
    };
  const listed = current === undefined ? [] : listedIn(p, current);
  const servers: Server[] = [...p.servers];
  for (const backend of backends) {
    const found = addressOf(backend, listed);
    if (found === undefined)
      return { kind: 'unknown', reason: `The balancer lists "${backend.name}", and does not tell its address` };
    if (servers.some((one) => sameAddress(one.address, found.address) && one.port === found.port)) continue;
    const taken = servers.some((one) => one.name === found.name);
    servers.push(taken ? { ...found, name: `${found.name}-before` } : found);
  }
  return { kind: 'servers', servers };
}

function listedIn(p: Params, current: string): readonly Server[] {
  const found = findApiBackend({ path: configPath(p), text: current }, p.port);
  return found.ok ? found.value.servers : [];
}

/** The file keeps host names, which the process itself tells resolved. */
function addressOf({ name, address, port }: LoadedBackend, listed: readonly Server[]): Server | undefined {
  const line = listed.find((one) => one.name === name);
  if (line !== undefined) return { name, address: line.address, port: line.port };
  return address === undefined || port === undefined ? undefined : { name, address, port };
}

/**
 * Why a configuration that hlb did not write must not be replaced: what it stands for cannot be told. A balancer for
 * something else may lie under the same name.
 */
export function foreignProblem(p: Params, current: string | undefined): string | undefined {
  if (current === undefined || writtenHash(current) !== undefined) return undefined;
  const found = findApiBackend({ path: configPath(p), text: current }, p.port);
  if (found.ok) return undefined;
  const { message, at } = found.error;
  return `hlb did not write ${configPath(p)} and cannot tell which servers it has: ${message}${at === undefined ? '' : ` (${placeText(at)})`}`;
}

export function configPath(p: Params): string {
  return `${layoutOf(p.placement).directory}/${configName}`;
}

function factsOf(seen: Seen, queries: readonly Observation[]): Facts {
  return new Map(
    queries.flatMap((observation) => {
      const fact = seen.maybe(observation);
      return fact === undefined ? [] : [[keyOf(observation), { observation, fact }] as const];
    }),
  );
}
