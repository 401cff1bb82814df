/** A place among the channels of one connection; `release` may be called more than once. */
export interface Slot {
  readonly release: () => void;
}

export interface Slots {
  /** Waits until a channel may be opened. */
  readonly take: (purpose: SlotPurpose) => Promise<Slot>;
  /** A shell that does nothing may be closed to make room; answers how to take the offer back. */
  readonly offer: (close: () => void) => () => void;
}

/** `kill` has a place of its own, so that work can always be ended. */
export type SlotPurpose = 'work' | 'kill';

/**
 * sshd allows ten sessions a connection and frees them late: more than four in flight end in "open failed".
 * One of the four is kept for ending what runs.
 */
const limit: Readonly<Record<SlotPurpose, number>> = { work: 3, kill: 1 };

export function createSlots(): Slots {
  const used: Record<SlotPurpose, number> = { work: 0, kill: 0 };
  const waiting: Record<SlotPurpose, (() => void)[]> = { work: [], kill: [] };
  const idle = new Set<() => void>();

  const slot = (purpose: SlotPurpose): Slot => {
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        const next = waiting[purpose].shift();
        if (next === undefined) used[purpose] -= 1;
        else next();
      },
    };
  };

  /** The one that has been idle for longest: a Set keeps the order of insertion. */
  const evict = (): void => {
    const [close] = idle;
    if (close === undefined) return;
    idle.delete(close);
    close();
  };

  return {
    take: async (purpose) => {
      if (used[purpose] >= limit[purpose] && purpose === 'work') evict();
      if (used[purpose] < limit[purpose]) {
        used[purpose] += 1;
        return slot(purpose);
      }
      await new Promise<void>((resolve) => waiting[purpose].push(resolve));
      return slot(purpose);
    },
    offer: (close) => {
      if (waiting.work.length > 0) close();
      else idle.add(close);
      return () => idle.delete(close);
    },
  };
}
