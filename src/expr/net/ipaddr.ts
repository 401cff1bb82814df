import { didYouMean } from '../../core/suggest.ts';
import { isTruthy } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { toText } from '../runtime/text.ts';
import { typeName } from '../runtime/type-name.ts';
import { isDict, isList, type Val } from '../runtime/value.ts';
import { bitsOf } from './address.ts';
import { type Network, networkText, parseNetwork, within } from './network.ts';
import { addressWithin, queries, type Subject } from './queries.ts';

/** ansible.utils.ipaddr: what a query says of an address or network, or false; of a list, what it says of those it fits. */
export function ipaddr(given: Val, query: Val, version: 4 | 6 | undefined): Val {
  const value = known(given);
  if (isList(value)) return value.map((item) => ipaddr(item, query, version)).filter((item) => isTruthy(item));
  if (value === null || isDict(value))
    return fail('type', `An address is a string or an integer, not ${typeName(value)}`);
  const subject = subjectOf(value, version);
  if (subject === undefined || (version !== undefined && subject.network.version !== version)) return false;
  const text = toText(query);
  const named = queries.get(text);
  if (named !== undefined) return named(subject);
  if (/^-?\d+$/.test(text)) return addressWithin(subject, BigInt(text));
  const around = parseNetwork(text);
  if (around !== undefined) return within(subject.network, around) ? subject.value : null;
  return fail('value', `Unknown query "${text}"`, didYouMean(text, queries.keys()));
}

/** The address or network that a value is; numbers are addresses. */
export function subjectOf(value: Val, version: 4 | 6 | undefined): Subject | undefined {
  if (value === true || !isTruthy(value)) return undefined;
  const text = toText(value);
  if (/^\d+$/.test(text)) return ofNumber(BigInt(text), version);
  const network = parseNetwork(text) ?? numbered(text);
  if (network === undefined) return undefined;
  const written = parseNetwork(text) === undefined ? networkText(network) : value;
  return { network, type: text.includes('/') ? 'network' : 'address', value: written };
}

function ofNumber(ip: bigint, wanted: 4 | 6 | undefined): Subject | undefined {
  const version = wanted ?? (ip < 1n << 32n ? 4 : 6);
  if (ip >= 1n << BigInt(bitsOf(version))) return undefined;
  const network: Network = { version, ip, prefix: bitsOf(version) };
  return { network, type: 'address', value: networkText(network) };
}

/** `167772161/24` */
function numbered(text: string): Network | undefined {
  const [, address, prefix] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (address === undefined || prefix === undefined) return undefined;
  const ip = BigInt(address);
  const version = ip < 1n << 32n && Number(prefix) <= 32 ? 4 : 6;
  return ip < 1n << BigInt(bitsOf(version)) && Number(prefix) <= bitsOf(version)
    ? { version, ip, prefix: Number(prefix) }
    : undefined;
}

/** The network that a value is, or an error. */
export function networkOf(given: Val, what: string): Network {
  const value = known(given);
  return (
    subjectOf(value, undefined)?.network ??
    fail('value', `${what} must be an address or a network, found "${toText(value)}"`)
  );
}
