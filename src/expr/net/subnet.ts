import { fail } from '../runtime/failure.ts';
import type { Val } from '../runtime/value.ts';
import { bitsOf } from './address.ts';
import { cidrText, firstOf, type Network, parseNetwork, sizeOf, text } from './network.ts';

/** ansible.utils.ipsubnet: a length asks for subnets, or for the networks around an address; a network for a place in it. */
export function subnetOf(given: Network, query: string, index: bigint | undefined): Val {
  const network: Network = { ...given, ip: firstOf(given) };
  if (query === '') return cidrText(network);
  if (!/^\d+$/.test(query)) return placeIn(network, query);
  const prefix = Number(query);
  const bits = bitsOf(network.version);
  if (prefix > bits) return false;
  return sizeOf(network) === 1n ? around(network, prefix, index) : inside(network, prefix, index);
}

/** The networks around an address, the widest asked for first. */
function around(network: Network, prefix: number, index: bigint | undefined): Val {
  const bits = bitsOf(network.version);
  const networks = Array.from({ length: bits - prefix }, (_, at) => cidrText({ ...network, prefix: prefix + at }));
  return networks.at(Number(index ?? 0n)) ?? false;
}

function inside(network: Network, prefix: number, index: bigint | undefined): Val {
  if (prefix < network.prefix)
    return index === undefined ? fail('value', `A subnet of length ${prefix} is bigger than the network`) : false;
  const count = 1n << BigInt(prefix - network.prefix);
  if (index === undefined) return count.toString();
  const at = index < 0n ? index + count : index;
  if (at < 0n || at >= count) return false;
  const first = network.ip + at * (1n << BigInt(bitsOf(network.version) - prefix));
  return `${text(network, first)}/${prefix}`;
}

/** Which subnet of another network this one is, counted from 1. */
function placeIn(network: Network, query: string): Val {
  const outer = parseNetwork(query);
  if (outer === undefined) return fail('value', `"${query}" is no address, network or length of a prefix`);
  const shift = BigInt(bitsOf(network.version) - outer.prefix);
  if (outer.version !== network.version || network.ip >> shift !== outer.ip >> shift)
    return fail('value', `${cidrText(network)} is not in ${cidrText(outer)}`);
  return ((network.ip - firstOf(outer)) / sizeOf(network) + 1n).toString();
}
