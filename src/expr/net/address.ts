/** An IP address as a number. */
export interface Address {
  readonly version: 4 | 6;
  readonly value: bigint;
}

export function bitsOf(version: 4 | 6): number {
  return version === 4 ? 32 : 128;
}

/** Four decimal parts, or IPv6 in any of its forms; none for anything else. */
export function parseAddress(text: string): Address | undefined {
  const value4 = parse4(text);
  if (value4 !== undefined) return { version: 4, value: value4 };
  const value6 = parse6(text);
  return value6 === undefined ? undefined : { version: 6, value: value6 };
}

function parse4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255))
    return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function parse6(given: string): bigint | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(given);
  const v4 = tail === null ? undefined : parse4(tail[2] ?? '');
  if (tail !== null && v4 === undefined) return undefined;
  const text =
    v4 === undefined ? given : `${tail?.[1] ?? ''}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], rest = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: halves.length === 1 ? 0 : missing }, () => '0'), ...rest];
  if (groups.some((group) => !/^[\da-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

export function addressText({ version, value }: Address): string {
  return version === 4 ? text4(value) : text6(value);
}

function text4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join('.');
}

/** The longest run of zeros folded, the first of equal ones; addresses that hold an IPv4 one show it. */
function text6(value: bigint): string {
  const high = value >> 32n;
  if ((high === 0n && value >> 16n !== 0n) || high === 0xffffn)
    return (high === 0n ? '::' : '::ffff:') + text4(value & 0xffffffffn);
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - at * 16)) & 0xffffn).toString(16));
  let best = { from: 0, length: 1 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (groups[from + length] === '0') length++;
    if (length > best.length) best = { from, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.from).join(':')}::${groups.slice(best.from + best.length).join(':')}`;
}
