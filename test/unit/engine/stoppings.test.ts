import { describe, expect, it } from 'vitest';
import type { Pretence } from '../../../src/core/pretence.ts';
import { clampNote, mostOf } from '../../../src/engine/clamp.ts';
import type { Judged } from '../../../src/engine/guarding.ts';
import { stoppings } from '../../../src/engine/stoppings.ts';
import { defaultPlace } from '../../../src/ha/balancer-place.ts';
import type { Cluster } from '../../../src/ha/cluster.ts';

const cluster: Cluster = {
  apiServers: ['cp1', 'cp2'].map((name) => ({ name, address: name, port: 6443 })),
  balancers: new Map([['w1', defaultPlace]]),
  vip: undefined,
  hosts: ['cp1', 'cp2', 'w1'],
};
const verdict = (pass: boolean, message = ''): readonly Judged[] => [
  { guard: 'spare', verdict: pass ? 'pass' : 'refuse', message, numbers: {} },
];

describe('the failures that would stop a roll', () => {
  const batches = [
    { hosts: ['cp1'], refused: false },
    { hosts: ['cp2', 'w1'], refused: false },
  ];
  const shown = (harmful: (index: number, failure: Pretence) => boolean) =>
    stoppings(cluster, batches, (index, failure) =>
      verdict(!harmful(index, failure), `${failure.kind} ${failure.host}`),
    );

  it('are told with the batches that would not begin, and where the roll would stand', () => {
    expect(shown((index, { kind, host }) => index === 1 && kind === 'api-down' && host === 'cp2')).toEqual([
      {
        failure: { kind: 'api-down', host: 'cp2' },
        batches: [1],
        guard: 'spare',
        message: 'api-down cp2',
        done: ['cp1'],
        untouched: ['cp2', 'w1'],
      },
    ]);
  });

  it('are those of every API server, every member of etcd and every node', () => {
    expect(shown(() => true).map(({ failure }) => `${failure.kind} ${failure.host}`)).toEqual([
      'api-down cp1',
      'api-down cp2',
      'etcd-down cp1',
      'etcd-down cp2',
      'unasked w1',
    ]);
    expect(shown(() => false)).toEqual([]);
  });

  it('are not asked of a batch that is refused already', () => {
    expect(stoppings(cluster, [{ hosts: ['cp1'], refused: true }], () => verdict(false))).toEqual([]);
  });
});

describe('a batch that guards make smaller', () => {
  it('is the largest that they let go, from the first host on', () => {
    const most = mostOf(['a', 'b', 'c'], (some) => verdict(some.length <= 2, some.join('')));
    expect(most).toMatchObject({ size: 2, judged: [{ message: 'ab' }], refusals: [{ message: 'abc' }] });
    expect(clampNote(3, most.size, most.refusals)).toBe('you asked for 3 at a time, spare allows 2: abc');
  });

  it('is none of which a part must not go alone: hosts of a batch are not done at the same moment', () => {
    const most = mostOf(['a', 'b', 'c'], (some) => verdict(some.length !== 2, some.join('')));
    expect(most).toMatchObject({ size: 1, judged: [{ message: 'a' }], refusals: [{ message: 'ab' }] });
  });

  it('is none where not one host may go', () => {
    expect(mostOf(['a', 'b'], (some) => verdict(false, some.join('')))).toMatchObject({
      size: 0,
      judged: [{ message: 'a' }],
      refusals: [],
    });
  });
});
