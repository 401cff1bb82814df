import { bitsOf } from './address.ts';
import { cidrText, firstOf, lastOf, type Network, text } from './network.ts';

interface Range {
  readonly version: 4 | 6;
  first: bigint;
  last: bigint;
}

/** The fewest networks that cover the same addresses, IPv4 first. */
export function mergeNetworks(networks: readonly Network[]): string[] {
  const ranges: Range[] = [];
  const sorted = networks
    .map((network): Range => ({ version: network.version, first: firstOf(network), last: lastOf(network) }))
    .sort((a, b) => a.version - b.version || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  for (const range of sorted) {
    const before = ranges.at(-1);
    if (before !== undefined && before.version === range.version && range.first <= before.last + 1n) {
      if (range.last > before.last) before.last = range.last;
    } else ranges.push(range);
  }
  return ranges.flatMap(split);
}

/** The smallest network around all of them; none where the versions differ. */
export function spanNetworks(networks: readonly Network[]): string | undefined {
  const [lead] = networks;
  if (lead === undefined || networks.some((network) => network.version !== lead.version)) return undefined;
  const first = networks.map(firstOf).reduce((a, b) => (a < b ? a : b));
  const last = networks.map(lastOf).reduce((a, b) => (a > b ? a : b));
  let prefix = bitsOf(lead.version);
  while (prefix > 0 && first >> BigInt(bitsOf(lead.version) - prefix) !== last >> BigInt(bitsOf(lead.version) - prefix))
    prefix--;
  return cidrText({ version: lead.version, ip: first, prefix });
}

function split({ version, first, last }: Range): string[] {
  const texts: string[] = [];
  const bits = bitsOf(version);
  for (let at = first; at <= last; ) {
    let size = at === 0n ? 1n << BigInt(bits) : at & -at;
    while (at + size - 1n > last) size >>= 1n;
    const prefix = bits - (size.toString(2).length - 1);
    texts.push(`${text({ version, ip: at, prefix }, at)}/${prefix}`);
    at += size;
  }
  return texts;
}
