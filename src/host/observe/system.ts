import type { SystemFact, SystemQuery } from '../observation.ts';
import { distributionFacts } from '../system/distribution.ts';
import { gatheredFrom } from '../system/gathered.ts';
import { hardwareFacts } from '../system/hardware.ts';
import { networkFacts } from '../system/network.ts';
import { platformFacts } from '../system/platform.ts';
import { systemScript } from '../system/script.ts';
import { virtualizationFacts } from '../system/virtual.ts';
import type { Part } from './part.ts';
import { asking, single } from './part.ts';

/** Looking up the own full name may wait for a name server. */
const limitMs = 30_000;

export function observeSystem(query: SystemQuery): Part {
  return single(query, asking(systemScript, limitMs), (done) => ({
    observation: query,
    fact: systemFacts(done.stdout),
  }));
}

/** Under `ansible_facts` names; what only Python knows is missing. */
function systemFacts(output: Uint8Array): SystemFact {
  const from = gatheredFrom(output);
  const machine = from.section('machine').trim();
  return {
    ...platformFacts(from, machine),
    ...distributionFacts(from),
    ...hardwareFacts(from, machine),
    ...virtualizationFacts(from),
    ...networkFacts(from),
    gather_subset: ['all'],
    module_setup: true,
  };
}
