import type { Location } from '../core/source.ts';
import { parseAddress } from './address.ts';
import { expandRanges } from './ranges.ts';
import { problem, type Reading } from './reading.ts';

export interface HostNames {
  readonly names: readonly string[];
  readonly port: number | undefined;
}

/** The hosts that a name with ranges and a port stands for; what is no proper address is a name as it is, as in Ansible. */
export function hostNames(reading: Reading, text: string, at: Location): HostNames {
  const address = parseAddress(text);
  const pattern = address?.host ?? text;
  const names = expandRanges(pattern);
  if (names.ok) return { names: names.value, port: address?.port };
  problem(reading, 'inventory/range', names.error, at);
  return { names: [], port: undefined };
}
