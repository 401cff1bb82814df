import type { Event, HostResult, ItemResult } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { isJsonObject, type JsonObject } from '../core/value.ts';
import type { CallResult, Item } from './call.ts';
import type { BatchContext, Inside } from './context.ts';
import type { GroupListener } from './host-group.ts';
import type { HostState } from './host-state.ts';
import type { TaskKey } from './store.ts';
import type { TaskResult } from './task-result.ts';

export interface Teller extends Omit<GroupListener, 'task'> {
  readonly task: (index: number, result: TaskResult, notified: readonly string[]) => Promise<void>;
}

const hiddenText = '(censored by no_log)';

const censored: JsonObject = {
  censored: "the output has been hidden due to the fact that 'no_log: true' was specified for this result",
};

/** What is left of a result under `no_log`: a loop's has one entry an item still. */
function hide(result: JsonObject): JsonObject {
  const { results } = result;
  const each = Array.isArray(results) ? { results: results.map((one) => (isJsonObject(one) ? hide(one) : null)) } : {};
  return { ...censored, changed: result['changed'] === true, ...each };
}

/** Makes events and journal records of what happens on one host in a group; every text passes the redactor. */
export function createTeller(
  ids: readonly string[],
  host: HostState,
  batch: BatchContext,
  inside: Inside,
  add: (index: number, event: Event) => void,
): Teller {
  const { clock, redactor, store } = batch.play.run.options;
  const shown = (result: JsonObject, hidden: boolean): JsonObject => {
    if (hidden) return hide(result);
    const redacted = redactor.json(result);
    return isJsonObject(redacted) ? redacted : {};
  };
  const failureOf = (failure: Failure | undefined, hidden: boolean): { readonly failure?: Failure } => {
    if (failure === undefined) return {};
    const { command, stderr, help, ...rest } = failure;
    if (hidden) return { failure: { ...rest, message: 'It failed; "no_log" hides how' } };
    return {
      failure: {
        ...rest,
        message: redactor.text(failure.message),
        ...(command === undefined ? {} : { command: redactor.text(command) }),
        ...(help === undefined ? {} : { help: redactor.text(help) }),
        ...(stderr === undefined ? {} : { stderr: redactor.text(stderr) }),
      },
    };
  };
  const diffsOf = (diffs: ItemResult['diffs'], hidden: boolean): ItemResult['diffs'] =>
    hidden
      ? []
      : diffs.map((one) => ({
          subject: one.subject,
          before: redactor.text(one.before),
          after: redactor.text(one.after),
        }));
  const idOf = (index: number): string => ids[index] ?? '';
  const intended = new Map<number, TaskKey>();

  return {
    item: (index, result: CallResult, item: Item, hidden) => {
      add(index, {
        type: 'item-result',
        at: clock.now(),
        taskId: idOf(index),
        host: host.name,
        outcome: result.outcome,
        result: shown(result.result, hidden),
        diffs: diffsOf(result.diffs, hidden),
        label: hidden ? hiddenText : redactor.text(item.label),
        ...failureOf(result.failure, hidden),
      });
    },
    retry: (index, attempt, retriesLeft, message, hidden) => {
      add(index, {
        type: 'host-retry',
        at: clock.now(),
        taskId: idOf(index),
        host: host.name,
        attempt,
        retriesLeft,
        message: hidden ? hiddenText : redactor.text(message),
      });
    },
    intend: async (changes) => {
      const keys = changes.map(({ call }) => ({
        index: call.index,
        key: { id: call.task.id, item: call.item?.index ?? -1, arguments: call.argumentsHash },
      }));
      for (const { index, key } of keys) intended.set(index, key);
      const texts = changes.map((one) => (one.call.hidden ? hiddenText : redactor.text(one.summary)));
      await store.append([
        { kind: 'intent', at: clock.now(), host: host.name, tasks: keys.map((one) => one.key), changes: texts },
      ]);
      for (const index of new Set(changes.map((one) => one.call.index))) {
        const own = texts.filter((_, at) => changes[at]?.call.index === index);
        add(index, { type: 'intent', at: clock.now(), taskId: idOf(index), host: host.name, changes: own });
      }
    },
    task: async (index, result, notified) => {
      count(host, result, inside);
      const key = intended.get(index);
      if (key !== undefined) {
        await store.append([
          { kind: 'result', at: clock.now(), host: host.name, task: key, outcome: result.outcome, notified },
        ]);
      }
      const event: HostResult = {
        type: 'host-result',
        at: clock.now(),
        taskId: idOf(index),
        host: host.name,
        outcome: result.outcome,
        result: shown(result.result, result.hidden),
        diffs: diffsOf(result.diffs, result.hidden),
        ignored: result.ignored,
        rescued: result.outcome === 'failed' && !result.ignored && inside.rescuable,
        durationMs: result.durationMs,
        notified,
        ...failureOf(result.failure, result.hidden),
        ...(result.note === undefined ? {} : { note: redactor.text(result.note) }),
      };
      add(index, event);
    },
  };
}

function count(host: HostState, result: TaskResult, inside: Inside): void {
  const { counts } = host;
  switch (result.outcome) {
    case 'ok':
      counts.ok += 1;
      break;
    case 'changed':
      counts.ok += 1;
      counts.changed += 1;
      break;
    case 'failed':
      if (result.ignored) {
        counts.ok += 1;
        counts.ignored += 1;
        if (result.result['changed'] === true) counts.changed += 1;
      } else if (inside.rescuable) counts.rescued += 1;
      else counts.failed += 1;
      break;
    case 'skipped':
      counts.skipped += 1;
      break;
    case 'unreachable':
      if (result.ignored) {
        counts.ok += 1;
        counts.ignored += 1;
      } else counts.unreachable += 1;
      break;
    case 'unknown':
      counts.unknown += 1;
  }
}
