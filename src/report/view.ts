import type { Event } from '../core/events.ts';

/** Something that shows a run, made of its events alone. */
export interface View {
  readonly emit: (event: Event) => void;
  /** Clears what is drawn and draws no more until `resume`, so that the operator can be asked something. */
  readonly suspend: () => Promise<void>;
  readonly resume: () => void;
  /** Everything is written when it resolves. */
  readonly end: () => Promise<void>;
}
