import { z } from 'zod';
import { hostQueries } from '../ha/cluster-look.ts';
import { clusterVariables } from '../ha/cluster-variables.ts';
import { quorumOf, spareMembers } from '../ha/quorum.ts';
import { defineGuard, type GuardVerdict } from '../module/guard.ts';
import { bool, int, withDefault } from '../module/params.ts';
import { clusterQuestions, observedCluster, serversTaken } from './cluster/observed.ts';

const params = z.strictObject({
  allow_single: withDefault(bool(), false, 'Accept the outage where the cluster has one member only'),
  patience: withDefault(int({ min: 0 }), 60, 'Seconds that members may take to be healthy again after a batch'),
});

/** etcd keeps its quorum while the batch is away (design §6). */
export default defineGuard({
  name: 'etcd_quorum',
  summary: 'Lets a batch begin only where etcd keeps its quorum without the members that it takes away',
  examples: ['etcd_quorum', 'etcd_quorum:\n  allow_single: true'],
  params,
  variables: clusterVariables,
  observe: (_, cluster, looks) => clusterQuestions(cluster, looks, hostQueries),
  verdict: (p, situation) => {
    const observed = observedCluster(situation.cluster, situation.looks, situation.pretended);
    if (!observed.ok) return refusal(`The cluster cannot be told from the inventory: ${observed.error}`);
    const { etcd } = observed.value.view;
    const away = serversTaken(situation, observed.value, ['etcd', 'node']);
    if (etcd.kind === 'unknown') {
      return refusal(
        `No control plane says which members etcd has: ${etcd.reason}`,
        'Make one of them reachable; etcd beside the control planes is not known to this guard',
      );
    }
    const { members } = etcd;
    const quorum = quorumOf(members, away, { allowSingle: p.allow_single });
    const spare = spareMembers(members);
    const { voting, left } = quorum;
    const numbers = { voting, quorum: quorum.quorum, left, spare, away: [...away] };
    const sick = members.filter((one) => !one.healthy).map((one) => `${one.name} ${one.problem ?? 'not healthy'}`);
    const without = away.size === 0 ? '' : ` without ${[...away].join(', ')}`;
    const message = `${quorum.message}${without}${sick.length === 0 ? '' : ` (${sick.join(', ')})`}`;
    // With nobody taken away the arithmetic passes; behind a batch the members themselves must still be a quorum.
    const isLost = situation.moment === 'after' && left < quorum.quorum;
    if (quorum.safe && !isLost) return { verdict: 'pass', message, numbers };
    const help = voting === 1 ? 'Set "allow_single: true" to accept the outage' : undefined;
    return { verdict: 'refuse', message, numbers, ...(help === undefined ? {} : { help }) };
  },
  patience: (p) => p.patience,
});

function refusal(message: string, help?: string): GuardVerdict {
  return { verdict: 'refuse', message, ...(help === undefined ? {} : { help }), numbers: {} };
}
