import type { Diff, Outcome } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject, Value } from '../core/value.ts';
import type { Environment, ExprError } from '../expr/api.ts';
import type { Change } from '../host/change.ts';
import type { Context, Disrupts, Listing } from '../module/define.ts';
import type { Effect } from '../module/effect.ts';
import type { Inputs } from '../module/need.ts';
import type { Task } from '../playbook/tree.ts';
import type { Answers } from './ask.ts';

/** One item of a loop. */
export interface Item {
  readonly value: Value;
  /** From 0. */
  readonly index: number;
  readonly label: string;
  /** Why its label could not be told before it ran. */
  readonly labelProblem?: ExprError;
  /** The loop variable, the index variable and `ansible_loop`, as this item sees them. */
  readonly variables: ReadonlyMap<string, Value>;
}

/** One module call on one host: a task, or one item of its loop, with everything evaluated that can be ahead. */
export interface Call {
  readonly task: Task;
  /** The task's place in its group. */
  readonly index: number;
  readonly item?: Item;
  readonly env: Environment;
  readonly answers: Answers;
  readonly params: unknown;
  readonly argumentsHash: string;
  readonly inputs: Inputs;
  readonly context: Context;
  /** Environment variables for what the call runs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ignoreErrors: boolean;
  /** `no_log`. */
  readonly hidden: boolean;
  readonly timeoutMs?: number;
  /** The host that it works on, where that is not the one it is for. */
  readonly delegate?: string;
  /** `delegate_facts`: the facts that it finds are those of the delegate. */
  readonly delegateFacts: boolean;
  /** `async`. */
  readonly background?: Background;
}

/** A call that was asked to run in the background. */
export interface Background {
  /** Names its result, on the host and for `async_status`. */
  readonly id: string;
  readonly seconds: number;
  /** `poll` is more than 0. */
  readonly awaited: boolean;
}

/** What a plan takes away while it is carried out, and the list that it leaves in the host's balancer. */
export interface Takes {
  readonly disrupts: readonly Disrupts[];
  readonly list?: Listing;
}

/** What became of a call. */
export interface CallResult {
  readonly item: Item | undefined;
  readonly outcome: Exclude<Outcome, 'unreachable'>;
  /** What `register` holds, before changed_when and failed_when. */
  readonly result: JsonObject;
  readonly failure?: Failure;
  /** Check mode: why what `result` does not hold cannot be known. */
  readonly unknown?: string;
  readonly diffs: readonly Diff[];
  readonly effects: readonly Effect[];
  readonly note?: string;
  readonly changes: readonly Change[];
  /** Where a plan was made in check mode. */
  readonly takes?: Takes;
  readonly durationMs: number;
}
