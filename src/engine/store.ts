import type { JsonObject } from '../core/value.ts';

/**
 * Where a run keeps what must outlive it: the journal of intents and results (design §7). One small interface, files
 * today, so that another kind of store can stand behind it.
 */
export interface Store {
  /** Resolves when the records are safe on disk. Callers that are ready together share one write. */
  append(records: readonly JournalRecord[]): Promise<void>;
  close(): Promise<void>;
}

export type JournalRecord =
  | { readonly kind: 'run'; readonly runId: string; readonly at: number; readonly playbooks: readonly string[] }
  /** Before the first frame of the changes is sent. */
  | {
      readonly kind: 'intent';
      readonly at: number;
      readonly host: string;
      /** Keys of the tasks that the changes belong to: the task's id, the item's index, the hash of its arguments. */
      readonly tasks: readonly TaskKey[];
      readonly changes: readonly string[];
    }
  | {
      readonly kind: 'result';
      readonly at: number;
      readonly host: string;
      readonly task: TaskKey;
      readonly outcome: string;
      readonly registered?: JsonObject;
      readonly notified: readonly string[];
    }
  | { readonly kind: 'end'; readonly at: number; readonly exitCode: number };

export interface TaskKey {
  readonly id: string;
  /** -1 without a loop. */
  readonly item: number;
  readonly arguments: string;
}
