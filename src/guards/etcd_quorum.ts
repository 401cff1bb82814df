import { z } from 'zod';
import { hostQueries } from '../ha/cluster-look.ts';
import { quorumOf, spareMembers } from '../ha/quorum.ts';
import { defineGuard, type GuardVerdict, type Situation } from '../module/guard.ts';
import { bool, int, withDefault } from '../module/params.ts';
import { type Observed, takenMachines } from './cluster/observed.ts';
import { overCluster } from './cluster/over-cluster.ts';
import { refusal } from './cluster/refusal.ts';

const params = z.strictObject({
  allow_single: withDefault(bool(), false, 'Accept the outage where the cluster has one member only'),
  patience: withDefault(int({ min: 0 }), 60, 'Seconds that members may take to be healthy again after a batch'),
});
type Params = z.output<typeof params>;

/** etcd keeps its quorum while the batch is away (design §6). */
export default defineGuard({
  name: 'etcd_quorum',
  summary: 'Lets a batch begin only where etcd keeps its quorum without the members that it takes away',
  examples: ['etcd_quorum', 'etcd_quorum:\n  allow_single: true'],
  params,
  ...overCluster<Params>({ ask: hostQueries, counts: ['etcd', 'node'], judge: verdictOn }),
});

function verdictOn(p: Params, situation: Situation, observed: Observed): GuardVerdict {
  const { etcd } = observed.view;
  if (etcd.kind === 'unknown') {
    return refusal(
      `No control plane says which members etcd has: ${etcd.reason}`,
      'Make one of them reachable; etcd beside the control planes is not known to this guard',
    );
  }
  const { members } = etcd;
  const isTaken = takenMachines(situation, ['etcd', 'node']);
  const away = new Set(members.filter((one) => isTaken(one.name, one.addresses)).map((one) => one.name));
  const quorum = quorumOf(members, away, { allowSingle: p.allow_single });
  const spare = spareMembers(members);
  const { voting, left } = quorum;
  const numbers = { voting, quorum: quorum.quorum, left, spare, away: [...away] };
  const sick = members.filter((one) => !one.healthy).map((one) => `${one.name} ${one.problem ?? 'not healthy'}`);
  const without = away.size === 0 ? '' : ` without ${[...away].join(', ')}`;
  const message = `${quorum.message}${without}${sick.length === 0 ? '' : ` (${sick.join(', ')})`}`;
  // With nobody taken away the arithmetic passes; the members themselves must still be a quorum, before a roll and behind a batch.
  const isLost = left < quorum.quorum && away.size === 0;
  if (quorum.safe && !isLost) return { verdict: 'pass', message, numbers };
  if (isLost) return { verdict: 'refuse', message, help: 'Bring the members of etcd back first', numbers };
  const help = voting === 1 ? 'Set "allow_single: true" to accept the outage' : undefined;
  return { verdict: 'refuse', message, numbers, ...(help === undefined ? {} : { help }) };
}
