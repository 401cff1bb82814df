import type { hostQueries } from '../../ha/cluster-look.ts';
import { clusterVariables } from '../../ha/cluster-variables.ts';
import type { Disrupts } from '../../module/define.ts';
import type { GuardDefinition, GuardVerdict, Situation } from '../../module/guard.ts';
import { machineVariables, settledWork, strangerProblem } from './machines.ts';
import { clusterQuestions, type Observed, observedCluster } from './observed.ts';
import { refusal } from './refusal.ts';

interface Over<Params> {
  /** What each host is asked. */
  readonly ask: typeof hostQueries;
  /** What of the work it counts. */
  readonly counts: readonly Disrupts[];
  readonly judge: (params: Params, situation: Situation, observed: Observed) => GuardVerdict;
}

/** What guards have in common that look at the whole cluster as its inventory describes it. */
export function overCluster<Params extends { readonly patience: number }>({
  ask,
  counts,
  judge,
}: Over<Params>): Pick<GuardDefinition<Params>, 'variables' | 'observe' | 'verdict' | 'patience'> {
  return {
    variables: [...new Set([...clusterVariables, ...machineVariables])],
    observe: (_, cluster, looks) => clusterQuestions(cluster, looks, ask),
    verdict: (p, given) => {
      const settled = settledWork(given);
      const { situation } = settled;
      const observed = observedCluster(situation.cluster, situation.looks, situation.pretended);
      if (!observed.ok) return refusal(`The cluster cannot be told from the inventory: ${observed.error}`);
      const stranger = strangerProblem(settled, counts);
      if (stranger !== undefined) return refusal(stranger.message, stranger.help);
      return judge(p, situation, observed.value);
    },
    patience: (p) => p.patience,
  };
}
