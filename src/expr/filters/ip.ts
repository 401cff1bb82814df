import { defineFilter, type Filter } from '../define.ts';
import { addressText, parseAddress } from '../net/address.ts';
import { ipaddr, networkOf, subjectOf } from '../net/ipaddr.ts';
import { mergeNetworks, spanNetworks } from '../net/merge.ts';
import { addressAt, firstOf, type Network, sizeOf, text, usableOf, within } from '../net/network.ts';
import { subnetOf } from '../net/subnet.ts';
import { asCount, asItems, asText } from '../runtime/coerce.ts';
import { isTruthy } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { parseInteger } from '../runtime/numbers.ts';
import { optional, required } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isList, type Val } from '../runtime/value.ts';
import { oneOf } from './list.ts';

const collection = 'ansible.utils';
const queried = (name: string, summary: string, version: 4 | 6 | undefined): Filter =>
  defineFilter({
    name,
    collection,
    summary,
    params: [optional('query', '')],
    run: (value, [query]) => ipaddr(value, query ?? '', version),
  });

export const ipFilters: readonly Filter[] = [
  queried('ipaddr', 'Says what a query asks of an IP address or network, or false', undefined),
  queried('ipv4', 'Says what a query asks of an IPv4 address or network, or false', 4),
  queried('ipv6', 'Says what a query asks of an IPv6 address or network, or false', 6),
  defineFilter({
    name: 'ipwrap',
    collection,
    summary: 'Puts IPv6 addresses in square brackets and leaves everything else alone',
    run(value) {
      const given = known(value);
      return isList(given) ? given.map(wrap) : wrap(given);
    },
  }),
  defineFilter({
    name: 'ipsubnet',
    collection,
    summary: 'Gives the network of an address, how many subnets it has, or one of them',
    params: [optional('query', ''), optional('index')],
    run(value, [query, index]) {
      const subject = subjectOf(known(value), undefined);
      const at = known(index);
      return subject === undefined
        ? false
        : subnetOf(subject.network, toText(query ?? ''), at === null ? undefined : integer(at, 'The index'));
    },
  }),
  defineFilter({
    name: 'nthhost',
    collection,
    summary: 'Gives the address at an index of the network',
    params: [optional('query', '')],
    run(value, [query]) {
      const subject = subjectOf(known(value), undefined);
      const index = parseInteger(toText(query ?? ''));
      if (subject === undefined || index === undefined || !isTruthy(query ?? '')) return false;
      const { network } = subject;
      const size = sizeOf(network);
      const at = index < 0n ? index + size : index;
      return at >= 0n && at < size ? text(network, firstOf(network) + at) : false;
    },
  }),
  defineFilter({
    name: 'ipmath',
    collection,
    summary: 'Adds an integer to an address',
    params: [required('amount')],
    run(value, [amount]) {
      const network = networkOf(value, 'The input of "ipmath"');
      const sum = addressAt(network, network.ip + integer(known(amount), 'The amount'));
      return sum === undefined ? fail('value', 'The sum is no address') : addressText(sum);
    },
  }),
  usable('next_nth_usable', 'Gives the usable address that stands so many behind this one', 1n),
  usable('previous_nth_usable', 'Gives the usable address that stands so many before this one', -1n),
  defineFilter({
    name: 'network_in_network',
    collection,
    summary: 'Whether an address or network lies in this network',
    params: [required('test')],
    run: (value, [other]) =>
      within(networkOf(other ?? null, 'The tested value'), networkOf(value, 'The input of "network_in_network"')),
  }),
  defineFilter({
    name: 'network_in_usable',
    collection,
    summary: 'Whether an address or network lies among the usable addresses of this network',
    params: [required('test')],
    run(value, [other]) {
      const around = networkOf(value, 'The input of "network_in_usable"');
      const tested = networkOf(other ?? null, 'The tested value');
      const [first, last] = usableOf(around) ?? [around.ip, around.ip];
      return (
        tested.version === around.version && firstOf(tested) >= first && firstOf(tested) + sizeOf(tested) - 1n <= last
      );
    },
  }),
  defineFilter({
    name: 'reduce_on_network',
    collection,
    summary: 'Keeps the addresses that lie in a network',
    params: [required('network')],
    run(value, [network], rt) {
      const around = networkOf(network ?? null, 'The network');
      return asItems(value, rt).filter((item) => within(networkOf(item, 'Each address'), around));
    },
  }),
  defineFilter({
    name: 'cidr_merge',
    collection,
    summary: 'Merges networks into the fewest, or into the one around them all',
    params: [optional('action', 'merge')],
    run(value, [action], rt) {
      const networks = asItems(value, rt).map((item) => networkOf(item, 'Each network'));
      if (oneOf(action, ['merge', 'span'], 'The action') === 'merge') return mergeNetworks(networks);
      if (networks.length === 0) return null;
      return spanNetworks(networks) ?? fail('value', 'IPv4 and IPv6 networks have no network around them');
    },
  }),
  defineFilter({
    name: 'ip4_hex',
    collection,
    summary: 'Writes an IPv4 address in hexadecimal',
    params: [optional('delimiter', '')],
    run(value, [delimiter]) {
      const address = parseAddress(asText(value, 'The input of "ip4_hex"'));
      if (address?.version !== 4) return fail('value', `"${toText(value)}" is no IPv4 address`);
      const digits = address.value.toString(16).padStart(8, '0');
      return digits.match(/../g)?.join(toText(delimiter ?? '')) ?? digits;
    },
  }),
];

function wrap(value: Val): Val {
  const subject = subjectOf(known(value), undefined);
  return subject === undefined ? value : ipaddr(value, 'wrap', undefined);
}

function integer(value: Val, what: string): bigint {
  const number = typeof value === 'string' ? parseInteger(value) : BigInt(asCount(value, what));
  return number ?? fail('type', `${what} must be an integer`);
}

function usable(name: string, summary: string, direction: 1n | -1n): Filter {
  return defineFilter({
    name,
    collection,
    summary,
    params: [required('offset')],
    run(value, [offset]) {
      const subject = subjectOf(known(value), undefined);
      if (subject === undefined) return false;
      const network: Network = subject.network;
      const bounds = usableOf(network);
      const start = network.ip === firstOf(network) ? firstOf(network) : network.ip;
      const at = start + direction * integer(known(offset), 'The offset');
      return bounds !== undefined && at >= bounds[0] && at <= bounds[1] ? text(network, at) : null;
    },
  });
}
