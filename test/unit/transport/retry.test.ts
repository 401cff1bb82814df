import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { err, ok } from '../../../src/core/result.ts';
import { createGate, withRetries } from '../../../src/transport/retry.ts';
import { createSlots } from '../../../src/transport/slots.ts';

function recordingClock(): { readonly clock: Clock; readonly slept: number[] } {
  const slept: number[] = [];
  return { slept, clock: { now: () => 0, monotonic: () => 0, sleep: async (ms) => void slept.push(ms) } };
}

describe('retries', () => {
  const signal = new AbortController().signal;

  it('wait longer each time, within bounds, by chance', async () => {
    const { clock, slept } = recordingClock();
    let made = 0;
    const result = await withRetries(
      async () => {
        made += 1;
        return made < 8 ? err('busy') : ok('in');
      },
      () => true,
      { clock, random: () => 0.5, attempts: 10, signal },
    );
    expect(result).toEqual(ok('in'));
    expect(slept).toEqual([125, 250, 500, 1000, 1875, 1875, 1875]);
  });

  it('end with what is not worth it, with the last attempt, and when told to stop', async () => {
    const { clock, slept } = recordingClock();
    const options = { clock, random: () => 0, attempts: 3, signal };
    expect(
      await withRetries(
        async () => err('no'),
        (error) => error !== 'no',
        options,
      ),
    ).toEqual(err('no'));
    expect(slept).toEqual([]);
    expect(
      await withRetries(
        async () => err('busy'),
        () => true,
        options,
      ),
    ).toEqual(err('busy'));
    expect(slept).toHaveLength(2);
    expect(
      await withRetries(
        async () => err('busy'),
        () => true,
        { ...options, signal: AbortSignal.abort() },
      ),
    ).toEqual(err('busy'));
    expect(slept).toHaveLength(2);
  });
});

describe('a gate', () => {
  it('lets so many through at once for each key, the others in their order', async () => {
    const gate = createGate(2);
    const open: (() => void)[] = [];
    const begun: string[] = [];
    const run = (key: string, name: string): Promise<void> =>
      gate(key, async () => {
        begun.push(name);
        await new Promise<void>((resolve) => open.push(resolve));
      });
    const all = [run('x', 'x1'), run('x', 'x2'), run('x', 'x3'), run('y', 'y1'), run('x', 'x4')];
    await Promise.resolve();
    expect(begun).toEqual(['x1', 'x2', 'y1']);
    open.shift()?.();
    await all[0];
    await Promise.resolve();
    expect(begun).toEqual(['x1', 'x2', 'y1', 'x3']);
    for (let turn = 0; turn < 10; turn += 1) {
      for (const one of open.splice(0)) one();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(begun).toHaveLength(5);
  });

  it('goes on after a failure', async () => {
    const gate = createGate(1);
    await expect(gate('x', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await gate('x', async () => 1)).toBe(1);
  });
});

describe('the channels of a connection', () => {
  it('are three for work and one for ending it', async () => {
    const slots = createSlots();
    const work = [await slots.take('work'), await slots.take('work'), await slots.take('work')];
    let fourth = false;
    const waiting = slots.take('work').then((slot) => {
      fourth = true;
      return slot;
    });
    const kill = await slots.take('kill');
    expect(fourth).toBe(false);
    work[0]?.release();
    work[0]?.release();
    await waiting;
    expect(fourth).toBe(true);
    kill.release();
  });

  it('are taken from the shell that has been idle for longest', async () => {
    const slots = createSlots();
    const closed: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const slot = await slots.take('work');
      const claim = slots.offer(() => {
        closed.push(name);
        slot.release();
      });
      if (name === 'a') claim();
    }
    await slots.take('work');
    expect(closed).toEqual(['b']);
  });

  it('are given to who waits when a shell becomes idle', async () => {
    const slots = createSlots();
    const mine = [await slots.take('work'), await slots.take('work'), await slots.take('work')];
    const waiting = slots.take('work');
    slots.offer(() => mine[0]?.release());
    await waiting;
  });
});
