import type { Clock, Random } from '../core/clock.ts';
import type { Result } from '../core/result.ts';

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly attempts: number;
  readonly signal: AbortSignal;
}

const firstWaitMs = 100;
const longestWaitMs = 3_000;

/** Tries again while the failure is worth it, each time after a random wait of up to twice as long. */
export async function withRetries<T, E>(
  attempt: () => Promise<Result<T, E>>,
  again: (error: E) => boolean,
  { clock, random, attempts, signal }: RetryOptions,
): Promise<Result<T, E>> {
  for (let made = 1; ; made += 1) {
    const result = await attempt();
    if (result.ok || made >= attempts || signal.aborted || !again(result.error)) return result;
    const most = Math.min(firstWaitMs * 2 ** made, longestWaitMs);
    await clock.sleep(most / 4 + random() * most * 0.75, signal).catch(() => undefined);
  }
}

/** At most `limit` at once for each key; the others wait in line. */
export function createGate(limit: number): <T>(key: string, run: () => Promise<T>) => Promise<T> {
  const lines = new Map<string, { running: number; readonly waiting: (() => void)[] }>();
  return async (key, run) => {
    const line = lines.get(key) ?? { running: 0, waiting: [] };
    lines.set(key, line);
    if (line.running >= limit) await new Promise<void>((resolve) => line.waiting.push(resolve));
    else line.running += 1;
    try {
      return await run();
    } finally {
      // The place goes to the next in line, or is free again.
      const next = line.waiting.shift();
      if (next === undefined) line.running -= 1;
      else next();
    }
  };
}
