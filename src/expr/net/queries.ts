import { fail } from '../runtime/failure.ts';
import type { Val } from '../runtime/value.ts';
import { addressText, bitsOf } from './address.ts';
import {
  addressAt,
  broadcastOf,
  cidrText,
  firstOf,
  type Network,
  networkText,
  sizeOf,
  text,
  usableOf,
} from './network.ts';
import { isGlobal, isLinkLocal, isLoopback, isMask, isMulticast } from './ranges.ts';

/** What a query looks at. */
export interface Subject {
  readonly network: Network;
  /** Whether a prefix was written. */
  readonly type: 'address' | 'network';
  /** As it was written. */
  readonly value: Val;
}
type Query = (subject: Subject) => Val;

const prefixed = ({ network }: Subject): Val => {
  const { ip } = network;
  if (sizeOf(network) > 2n && (ip === firstOf(network) || ip === broadcastOf(network))) return false;
  return networkText(network);
};
const ipOf = ({ network }: Subject): Val => {
  const size = sizeOf(network);
  const { ip, version } = network;
  const isHost = size === 1n || ip !== firstOf(network) || broadcastOf(network) === undefined || version === 6;
  return isHost ? text(network, ip) : null;
};
const hostOf = ({ network }: Subject): Val => {
  const isHost = sizeOf(network) === 1n || network.ip !== firstOf(network) || broadcastOf(network) === undefined;
  return isHost ? networkText(network) : null;
};
/** An address in a network with room for more than one. */
const inside =
  (show: (network: Network) => string): Query =>
  ({ network }) => {
    const size = sizeOf(network);
    return size === 2n || (size > 1n && network.ip !== firstOf(network)) ? show(network) : null;
  };
const kept =
  (holds: (network: Network) => boolean): Query =>
  ({ network, value }) =>
    holds(network) ? value : null;
const subnet: Query = ({ network }) => cidrText(network);
const first: Query = ({ network }) => text(network, firstOf(network));

function netmask(network: Network): string {
  const all = (1n << BigInt(bitsOf(network.version))) - 1n;
  return text(network, all ^ (sizeOf(network) - 1n));
}
function hostmask(network: Network): string {
  return text(network, sizeOf(network) - 1n);
}

function ofNetwork(show: (network: Network) => Val): Query {
  return ({ network, type }) =>
    type === 'address' ? fail('value', 'This is an address, not a network') : show(network);
}

function usableAt(network: Network, value: bigint): Val {
  const usable = usableOf(network);
  return usable !== undefined && value >= usable[0] && value <= usable[1] ? text(network, value) : null;
}

function peer(network: Network): string {
  const { ip } = network;
  if (sizeOf(network) === 2n) return text(network, ip ^ 1n);
  if (sizeOf(network) !== 4n) return fail('value', 'This is no point-to-point network');
  if (ip % 4n === 0n) return fail('value', 'The network address of a /30 has no peer');
  return ip % 4n === 3n ? fail('value', 'The broadcast address of a /30 has no peer') : text(network, ip ^ 3n);
}

function reverseName({ version, ip }: Network): string {
  if (version === 4) return `${addressText({ version, value: ip }).split('.').reverse().join('.')}.in-addr.arpa.`;
  return `${ip.toString(16).padStart(32, '0').split('').reverse().join('.')}.ip6.arpa.`;
}

function sixToFour({ network, value, type }: Subject): Val {
  const { version, ip } = network;
  if (version === 6) return ip >> 112n === 0x2002n && (type === 'address' || ip !== firstOf(network)) ? value : false;
  if (sizeOf(network) > 1n && ip === firstOf(network)) return false;
  const parts = [24n, 16n, 8n, 0n].map((shift) => ((ip >> shift) & 255n).toString(16).padStart(2, '0'));
  return `2002:${parts.slice(0, 2).join('')}:${parts.slice(2).join('')}::1/48`;
}

/** IPv4 in IPv6, and back where that is what it holds. */
function toVersion4({ network, value }: Subject): Val {
  if (network.version === 4) return value;
  const { ip, prefix } = network;
  const mapped = ip >> 32n === 0xffffn || ip >> 32n === 0n;
  return mapped && prefix >= 96 ? networkText({ version: 4, ip: ip & 0xffffffffn, prefix: prefix - 96 }) : false;
}
function toVersion6({ network, value }: Subject): Val {
  if (network.version === 6) return value;
  return networkText({ version: 6, ip: network.ip | 0xffff00000000n, prefix: network.prefix + 96 });
}

function wrapped({ network, type, value }: Subject): Val {
  if (network.version === 4) return value;
  const address = `[${text(network, network.ip)}]`;
  return type === 'network' ? `${address}/${network.prefix}` : address;
}

/** Every query of ansible.utils.ipaddr that has a name. */
export const queries: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['', ({ network, type }) => (type === 'address' ? text(network, network.ip) : networkText(network))],
  ['6to4', sixToFour],
  ['address', ipOf],
  ['ip', ipOf],
  ['address/prefix', prefixed],
  ['gateway', prefixed],
  ['gw', prefixed],
  ['host/prefix', prefixed],
  ['hostnet', prefixed],
  ['router', prefixed],
  ['bool', () => true],
  ['broadcast', ({ network }) => (sizeOf(network) > 2n ? text(network, broadcastOf(network) ?? network.ip) : null)],
  ['cidr', ({ network }) => networkText(network)],
  ['first_usable', ofNetwork((network) => usableAt(network, usableOf(network)?.[0] ?? -1n))],
  ['last_usable', ofNetwork((network) => usableAt(network, usableOf(network)?.[1] ?? -1n))],
  ['next_usable', ofNetwork((network) => usableAt(network, network.ip + 1n))],
  ['previous_usable', ofNetwork((network) => usableAt(network, network.ip - 1n))],
  [
    'range_usable',
    ofNetwork(
      (network) =>
        usableOf(network)
          ?.map((value) => text(network, value))
          .join('-') ?? null,
    ),
  ],
  ['host', hostOf],
  ['hostmask', ({ network }) => hostmask(network)],
  ['wildcard', ({ network }) => hostmask(network)],
  ['int', ({ network, type }) => (type === 'address' ? network.ip : `${network.ip}/${network.prefix}`)],
  ['ip/prefix', inside(networkText)],
  ['ip_netmask', inside((network) => `${text(network, network.ip)} ${netmask(network)}`)],
  ['ipv4', toVersion4],
  ['v4', toVersion4],
  ['ipv6', toVersion6],
  ['v6', toVersion6],
  ['link-local', kept(isLinkLocal)],
  ['lo', kept(isLoopback)],
  ['loopback', kept(isLoopback)],
  ['multicast', kept(isMulticast)],
  ['unicast', kept((network) => !isMulticast(network))],
  ['private', kept((network) => !isGlobal(network))],
  ['public', kept((network) => !isMulticast(network) && isGlobal(network) && !isLoopback(network) && !isMask(network))],
  ['net', ({ network }) => (sizeOf(network) > 1n && network.ip === firstOf(network) ? cidrText(network) : null)],
  ['netmask', ({ network }) => netmask(network)],
  ['network', first],
  ['network_id', first],
  ['network/prefix', subnet],
  ['subnet', subnet],
  ['network_netmask', ({ network }) => `${text(network, firstOf(network))} ${netmask(network)}`],
  ['network_wildcard', ({ network }) => `${text(network, firstOf(network))} ${hostmask(network)}`],
  ['peer', ofNetwork(peer)],
  ['prefix', ({ network }) => BigInt(network.prefix)],
  ['revdns', ({ network }) => reverseName(network)],
  ['size', ({ network }) => sizeOf(network)],
  ['size_usable', ({ network }) => (sizeOf(network) === 1n ? 0n : sizeOf(network) === 2n ? 2n : sizeOf(network) - 2n)],
  ['type', ({ network }) => (sizeOf(network) > 1n && network.ip === firstOf(network) ? 'network' : 'address')],
  ['version', ({ network }) => BigInt(network.version)],
  ['wrap', wrapped],
]);

/** The address at an index of the network, counted from its end below zero. */
export function addressWithin({ network, type }: Subject, index: bigint): Val {
  const size = sizeOf(network);
  if (size === 1n) return type === 'address' ? text(network, network.ip) : networkText(network);
  const at = index < 0n ? index + size : index;
  if (at < 0n || at >= size) return false;
  const address = addressAt(network, firstOf(network) + at);
  return address === undefined ? false : `${addressText(address)}/${network.prefix}`;
}
