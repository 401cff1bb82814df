import { bitsOf } from './address.ts';
import { type Network, parseNetwork } from './network.ts';

const networks = (...texts: readonly string[]): readonly Network[] =>
  texts.map(parseNetwork).filter((network) => network !== undefined);

/** What IANA keeps from the global internet. */
const reserved = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::1/128',
  '::/128',
  '::ffff:0:0/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
);
/** Exceptions inside them. */
const open = networks(
  '192.0.0.9/32',
  '192.0.0.10/32',
  '2001:1::1/128',
  '2001:1::2/128',
  '2001:3::/32',
  '2001:4:112::/48',
  '2001:20::/28',
  '2001:30::/28',
);
const loopbacks = networks('127.0.0.0/8', '::1/128');
const multicasts = networks('224.0.0.0/4', 'ff00::/8');
const linkLocals = networks('169.254.0.0/16', 'fe80::/10');

function isIn(network: Network, list: readonly Network[]): boolean {
  const host = { ...network, prefix: bitsOf(network.version) };
  return list.some(
    (one) =>
      one.version === host.version &&
      host.ip >> BigInt(bitsOf(one.version) - one.prefix) === one.ip >> BigInt(bitsOf(one.version) - one.prefix),
  );
}

/** Kinds of addresses, by the address that was written. */
export const isLoopback = (network: Network): boolean => isIn(network, loopbacks);
export const isMulticast = (network: Network): boolean => isIn(network, multicasts);
export const isLinkLocal = (network: Network): boolean => isIn(network, linkLocals);
export const isGlobal = (network: Network): boolean => !isIn(network, reserved) || isIn(network, open);

/** Ones and then zeros, or zeros and then ones, as masks are. */
export function isMask({ version, ip }: Network): boolean {
  const all = (1n << BigInt(bitsOf(version))) - 1n;
  const other = all ^ ip;
  return (other & (other + 1n)) === 0n || (ip & (ip + 1n)) === 0n;
}
