import { plainAddress, sameAddress } from '../../ha/endpoint.ts';
import type { Disrupts, Listing } from '../../module/define.ts';
import type { ClusterHost, Foreseen, Situation } from '../../module/guard.ts';

/** Variables that tell which machine a host is. */
export const machineVariables = ['node_address', 'ansible_host', 'ansible_port'] as const;

/** Work under the names of the inventory's hosts, whichever name or address it was delegated to. */
export interface Settled {
  readonly situation: Situation;
  /** Names that no host of the inventory has, and no address of one is. */
  readonly strangers: ReadonlyMap<string, Foreseen>;
}

export function settledWork(given: Situation): Settled {
  const { hosts } = given.cluster;
  const taken = new Map<string, { readonly disrupts: Set<Disrupts>; readonly lists: Listing[] }>();
  const strangers = new Map<string, Foreseen>();
  const machines = machinesOf(hosts);
  for (const [name, work] of given.taken) {
    const own = machines.named.get(name);
    const near = (own === undefined ? [name].filter((one) => !isLoopback(one)) : placesOf(own)).flatMap(
      (one) => machines.at.get(plainAddress(one)) ?? [],
    );
    const others = own === undefined ? near : near.filter((host) => host !== own && isSame(host, own));
    const same = new Set([...(own === undefined ? [] : [own]), ...others]);
    if (same.size === 0 && !isLoopback(name)) strangers.set(name, work);
    for (const host of same) {
      const one = taken.get(host.name) ?? { disrupts: new Set<Disrupts>(), lists: [] };
      for (const what of work.disrupts) one.disrupts.add(what);
      one.lists.push(...work.lists);
      taken.set(host.name, one);
    }
  }
  return { situation: { ...given, taken }, strangers };
}

/** Why nothing may be taken away where nobody knows from whom; `what` is what the guard counts. */
export function strangerProblem(
  { strangers }: Settled,
  what: readonly Disrupts[],
): { readonly message: string; readonly help: string } | undefined {
  for (const [name, { disrupts, lists }] of strangers) {
    const counted = what.filter((one) => disrupts.has(one));
    if (counted.length === 0 && lists.length === 0) continue;
    const takes = counted.length === 0 ? 'loads a list of servers' : `may take ${counted.join(' and ')} away`;
    return {
      message: `A task that ${takes} is delegated to "${name}", which is neither the name nor the address of a host of the inventory`,
      help: 'Put that host into the inventory, or say "disrupts: nothing" on the task where it takes nothing away',
    };
  }
  return undefined;
}

export function addressesOf(host: ClusterHost): readonly string[] {
  return [host.get('node_address'), host.get('ansible_host')].filter((one) => typeof one === 'string');
}

interface Machines {
  readonly named: ReadonlyMap<string, ClusterHost>;
  /** By every address that a host is known at, but for the loopback's, where no two are one. */
  readonly at: ReadonlyMap<string, readonly ClusterHost[]>;
}

/** One inventory is asked for each size of each batch. */
const known = new WeakMap<readonly ClusterHost[], Machines>();

function machinesOf(hosts: readonly ClusterHost[]): Machines {
  const before = known.get(hosts);
  if (before !== undefined) return before;
  const at = new Map<string, ClusterHost[]>();
  for (const host of hosts) {
    for (const place of new Set(placesOf(host).map(plainAddress))) {
      const there = at.get(place) ?? [];
      there.push(host);
      at.set(place, there);
    }
  }
  const machines = { named: new Map(hosts.map((host) => [host.name, host])), at };
  known.set(hosts, machines);
  return machines;
}

function placesOf(host: ClusterHost): readonly string[] {
  const isBound = host.get('ansible_port') !== undefined;
  return [host.name, ...addressesOf(host)].filter((one) => isBound || !isLoopback(one));
}

function isAt(host: ClusterHost, address: string): boolean {
  return !isLoopback(address) && addressesOf(host).some((one) => sameAddress(one, address));
}

/** Two names of one machine. Behind one address may be several, on a port each. */
function isSame(one: ClusterHost, other: ClusterHost): boolean {
  if (one.name === other.name) return true;
  const [reached, otherwise] = [one.get('ansible_host') ?? one.name, other.get('ansible_host') ?? other.name];
  if (typeof reached !== 'string' || typeof otherwise !== 'string') return false;
  const [port, otherPort] = [one.get('ansible_port'), other.get('ansible_port')];
  if (isLoopback(reached) && (port === undefined || otherPort === undefined)) return false;
  if (sameAddress(reached, otherwise)) return Number(port ?? 22) === Number(otherPort ?? 22);
  return isAt(one, otherwise) || isAt(other, reached);
}

function isLoopback(address: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1)$/i.test(address);
}
