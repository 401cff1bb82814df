import type { Clock } from '../core/clock.ts';

/** A time limit that does not run while a person is asked something. */
export interface Patience {
  /** The time that this takes does not count. */
  readonly whileAsking: <T>(run: () => Promise<T>) => Promise<T>;
  /** Resolves when the time is over; rejects when the signal is aborted before. */
  readonly over: (signal: AbortSignal) => Promise<void>;
}

export function createPatience(clock: Clock, limitMs: number): Patience {
  const asking = new Set<Promise<unknown>>();
  let pausedAt = 0;
  let pausedMs = 0;
  return {
    whileAsking: async (run) => {
      if (asking.size === 0) pausedAt = clock.monotonic();
      const question = run();
      asking.add(question);
      try {
        return await question;
      } finally {
        asking.delete(question);
        if (asking.size === 0) pausedMs += clock.monotonic() - pausedAt;
      }
    },
    over: async (signal) => {
      let counted = 0;
      for (let wait = limitMs; wait > 0; ) {
        await clock.sleep(wait, signal);
        await Promise.allSettled(asking);
        wait = pausedMs - counted;
        counted = pausedMs;
      }
    },
  };
}
