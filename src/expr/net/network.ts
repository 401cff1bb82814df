import { type Address, addressText, bitsOf, parseAddress } from './address.ts';

/** An address with the length of its network's prefix. */
export interface Network {
  readonly version: 4 | 6;
  /** The address that was written, which need not be the network's first. */
  readonly ip: bigint;
  readonly prefix: number;
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or the same of IPv6. */
export function parseNetwork(text: string): Network | undefined {
  const [head = '', tail, more] = text.split('/');
  const address = more === undefined ? parseAddress(head) : undefined;
  if (address === undefined) return undefined;
  const prefix = tail === undefined ? bitsOf(address.version) : prefixOf(tail, address.version);
  return prefix === undefined ? undefined : { version: address.version, ip: address.value, prefix };
}

/** A length, or a mask of ones, or of zeros as routers write it. */
function prefixOf(text: string, version: 4 | 6): number | undefined {
  const bits = bitsOf(version);
  if (/^\d+$/.test(text)) return Number(text) <= bits ? Number(text) : undefined;
  const mask = parseAddress(text);
  if (mask === undefined || mask.version !== version) return undefined;
  const all = (1n << BigInt(bits)) - 1n;
  for (let prefix = 0; prefix <= bits; prefix++) {
    const hosts = (1n << BigInt(bits - prefix)) - 1n;
    if (mask.value === (all ^ hosts) || (mask.value === hosts && prefix > 0)) return prefix;
  }
  return undefined;
}

export function sizeOf({ version, prefix }: Network): bigint {
  return 1n << BigInt(bitsOf(version) - prefix);
}

export function firstOf(network: Network): bigint {
  return network.ip - (network.ip % sizeOf(network));
}

export function lastOf(network: Network): bigint {
  return firstOf(network) + sizeOf(network) - 1n;
}

/** None where two addresses or fewer leave no room for one. */
export function broadcastOf(network: Network): bigint | undefined {
  return network.version === 4 && network.prefix >= 31 ? undefined : lastOf(network);
}

/** The first and last address that a host may have; none for a single address. */
export function usableOf(network: Network): readonly [bigint, bigint] | undefined {
  const size = sizeOf(network);
  if (size === 1n) return undefined;
  return size === 2n ? [firstOf(network), lastOf(network)] : [firstOf(network) + 1n, lastOf(network) - 1n];
}

export function text({ version }: Network, value: bigint): string {
  return addressText({ version, value });
}

export function networkText(network: Network): string {
  return `${text(network, network.ip)}/${network.prefix}`;
}

/** The network itself, without the address in it. */
export function cidrText(network: Network): string {
  return `${text(network, firstOf(network))}/${network.prefix}`;
}

/** An address of the same version; none where it would be outside of all addresses. */
export function addressAt({ version }: Network, value: bigint): Address | undefined {
  return value >= 0n && value < 1n << BigInt(bitsOf(version)) ? { version, value } : undefined;
}

/** Whether all of one network lies in another. */
export function within(inner: Network, outer: Network): boolean {
  return inner.version === outer.version && firstOf(inner) >= firstOf(outer) && lastOf(inner) <= lastOf(outer);
}
