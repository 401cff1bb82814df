import { describe, expect, it } from 'vitest';
import type { Saw } from '../../../src/lab/clients.ts';
import { detectionMs, type Fault, lossesOf, lowestMargin } from '../../rig/losses.ts';

const run = { from: 10_000, until: 20_000 };

function client(host: string, ...lost: readonly (readonly [at: number, until: number])[]): Saw {
  const losses = lost.map(([at, until]) => ({ type: 'lost' as const, at, until, why: 'refused' }));
  return { host, from: 0, until: 40_000, asked: 100, longestGapMs: 10, lost: losses, servers: [] };
}

const count = (saw: readonly Saw[], faults: readonly Fault[] = []): readonly number[] => {
  const { fault, run: ofRun, nobody } = lossesOf(saw, run, faults);
  return [fault, ofRun, nobody];
};

describe('a lost request', () => {
  it("is hlb's where it lives while hlb runs, or soon after its end", () => {
    expect(count([client('w1', [9900, 10_100], [15_000, 15_010], [24_900, 25_900])])).toEqual([0, 3, 0]);
  });

  it("is nobody's where hlb has not begun or has long ended", () => {
    expect(count([client('w1', [9000, 9900], [25_100, 25_200])])).toEqual([0, 0, 2]);
  });

  it("is a fault's where it lives while the fault is in force, on every host or on the one that has it", () => {
    const everywhere = { what: 'cp1 dies', at: 15_000, until: 15_000 + detectionMs };
    const here = { ...everywhere, host: 'w1' };
    const saw = [client('w1', [14_000, 15_100], [19_000, 19_100]), client('w2', [16_000, 16_100])];
    expect(count(saw, [everywhere])).toEqual([2, 1, 0]);
    expect(count(saw, [here])).toEqual([1, 2, 0]);
  });

  it('is told with its host and time where it is not the fault of anything', () => {
    const { examples } = lossesOf([client('w1', [12_000, 12_040])], run, []);
    expect(examples).toEqual(['w1 2000 ms after the start of hlb, within 40 ms: refused']);
  });
});

describe('the lowest margin', () => {
  const watched = (...servers: readonly (readonly [at: number, ...up: string[]])[]): Saw => ({
    ...client('w1'),
    servers: servers.map(([at, ...up]) => ({ type: 'servers' as const, at, up })),
  });

  it('counts what a node has up and what is ready in truth', () => {
    const ready = [{ at: 0, ready: ['a', 'b', 'c'] }];
    expect(lowestMargin([watched([1, 'a', 'b'], [5, 'a', 'b', 'c'])], ready)?.margin).toBe(2);
    expect(lowestMargin([watched([1, 'a', 'b']), watched([1, 'd'])], ready)?.margin).toBe(0);
  });

  it('falls when a server dies that a node still believes up', () => {
    const ready = [
      { at: 0, ready: ['a', 'b'] },
      { at: 7, ready: ['b'] },
    ];
    expect(lowestMargin([watched([1, 'a', 'b'])], ready)).toEqual({ margin: 1, host: 'w1', keeps: ['b'] });
  });
});
