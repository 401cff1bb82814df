import { command, containers } from '../host/ask.ts';
import { type Facts, factOf } from '../host/facts.ts';
import type { Observation } from '../host/observation.ts';

/** What was seen of kube-vip on one control plane. */
export interface VipLook {
  /** Its container runs, so that the shared address can come here; undefined where that cannot be told. */
  readonly running: boolean | undefined;
  /** Its interface has the shared address now; undefined where that cannot be told. */
  readonly holds: boolean | undefined;
  readonly problem?: string;
}

const pod = 'kube-vip';

export function vipQueries(address: string): readonly Observation[] {
  return [containers(pod), addressQuery(address)];
}

const addressQuery = (address: string) => command(['ip', '-o', 'addr', 'show', 'to', address]);

export function vipLook(address: string, facts: Facts): VipLook {
  const found = factOf(facts, containers(pod));
  const addresses = factOf(facts, addressQuery(address));
  const problem = found?.error;
  return {
    running:
      found === undefined || problem !== undefined
        ? undefined
        : found.containers.some((one) => one.state === 'running'),
    holds: addresses === undefined || addresses.code !== 0 ? undefined : addresses.stdout.trim() !== '',
    ...(problem === undefined ? {} : { problem: `crictl says: ${problem}` }),
  };
}
