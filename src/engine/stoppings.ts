import type { Pretence } from '../core/pretence.ts';
import type { Cluster } from '../ha/cluster.ts';
import { refusing } from './clamp.ts';
import type { Judged } from './guarding.ts';

/** A single failure that would stop a roll. */
export interface Stopping {
  readonly failure: Pretence;
  /** Indices of the batches that would not begin after it. */
  readonly batches: readonly number[];
  /** Where the roll would stand if it came before the first of them. */
  readonly guard: string;
  readonly message: string;
  readonly done: readonly string[];
  readonly untouched: readonly string[];
}

interface Walked {
  readonly hosts: readonly string[];
  readonly refused: boolean;
}

const manyJudgements = 1000;

/** Every failure of one thing, held against every batch: each alone, at any moment before it. */
export function stoppings(
  cluster: Cluster,
  batches: readonly Walked[],
  judge: (index: number, failure: Pretence) => readonly Judged[],
): readonly Stopping[] {
  const whole = batches.filter((one) => !one.refused);
  return failuresOf(cluster).flatMap((failure): readonly Stopping[] => {
    // A host that cannot be asked is the same at every batch, and there may be very many of them.
    const isMuch = failure.kind === 'unasked' && whole.length * cluster.balancers.size > manyJudgements;
    const stopped = (isMuch ? whole.slice(0, 1) : whole).flatMap((_, index) => {
      const [refusal] = refusing(judge(index, failure));
      return refusal === undefined ? [] : [{ index, refusal }];
    });
    const [first] = stopped;
    if (first === undefined) return [];
    const hosts = (from: number, to?: number): readonly string[] => whole.slice(from, to).flatMap((one) => one.hosts);
    return [
      {
        failure,
        batches: stopped.map((one) => one.index),
        guard: first.refusal.guard,
        message: first.refusal.message,
        done: hosts(0, first.index),
        untouched: hosts(first.index),
      },
    ];
  });
}

function failuresOf(cluster: Cluster): readonly Pretence[] {
  const servers = cluster.apiServers.map(({ name }) => name);
  return [
    ...servers.map((host) => ({ kind: 'api-down', host }) as const),
    ...servers.map((host) => ({ kind: 'etcd-down', host }) as const),
    ...[...cluster.balancers.keys()].map((host) => ({ kind: 'unasked', host }) as const),
  ];
}
