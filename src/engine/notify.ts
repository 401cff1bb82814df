import type { Emit } from '../core/events.ts';
import { fromJson, isJsonObject, isList, type JsonObject, type Value } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Handler, Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { answererFor } from './answerer.ts';
import { createAnswers, settle } from './ask.ts';
import type { BatchContext } from './context.ts';
import { handlersNamed, handlersOf } from './handler-names.ts';
import type { HostState } from './host-state.ts';
import { environmentOf } from './variables.ts';

/**
 * The handlers that a changed task notifies, with the name it called them by: a looped one for each of its items. A name
 * that no handler has is told as a warning.
 */
export async function notifiedBy(
  task: Task,
  result: JsonObject,
  host: HostState,
  batch: BatchContext,
  emit: Emit,
): Promise<readonly { readonly name: string; readonly handler: Handler }[]> {
  if (task.notify.length === 0) return [];
  const answers = createAnswers(answererFor(batch.play, task));
  const setting = { keywords: task.keywords, role: task.role };
  const names = new Set<string>();
  for (const extra of itemsOf(task, result)) {
    const env = environmentOf(batch, host, { ...setting, extra }, answers);
    for (const term of task.notify) {
      const outcome = await settle(() => evaluateTerm(term, env), answers);
      if (outcome.kind === 'value') for (const name of textsOf(outcome.value)) names.add(name);
    }
  }
  const named = await search(host, batch);
  return [...names].flatMap((name) => {
    const handlers = named(name);
    if (handlers.length === 0) {
      emit({
        type: 'warning',
        at: batch.play.run.options.clock.now(),
        message: `No handler is named "${name}", and none listens to it`,
        place: task.at,
      });
    }
    return handlers.map((handler) => ({ name, handler }));
  });
}

/** By the name of a handler what it stands for now. */
async function search(host: HostState, batch: BatchContext): Promise<(name: string) => readonly Handler[]> {
  const called = await namesOfHandlers(host, batch);
  return (name) => handlersNamed(batch.play, name, (handler) => called.get(handler));
}

/** Names are looked up again where handlers are flushed, as in Ansible: what was included meanwhile may bear them. */
export async function recall(host: HostState, batch: BatchContext): Promise<void> {
  const calls = [...host.called].filter(([, ids]) => ids.some((id) => host.notified.has(id)));
  host.called.clear();
  if (batch.play.dynamicHandlers.length === 0 || calls.length === 0) return;
  const named = await search(host, batch);
  for (const [, ids] of calls) for (const id of ids) host.notified.delete(id);
  for (const [name] of calls) for (const { id } of named(name)) host.notified.add(id);
}

/** What the names of handlers come to: they may read variables of the play and of their role. */
async function namesOfHandlers(host: HostState, batch: BatchContext): Promise<ReadonlyMap<Handler, string>> {
  const names = new Map<Handler, string>();
  for (const handler of handlersOf(batch.play)) {
    const name = await nameOf(handler, host, batch);
    if (name !== undefined) names.set(handler, toText(name));
  }
  return names;
}

async function nameOf(handler: Handler, host: HostState, batch: BatchContext): Promise<Value | undefined> {
  const { name, keywords, role } = handler;
  if (name === undefined || name.kind === 'constant') return name?.value;
  const answers = createAnswers(answererFor(batch.play, handler));
  const env = environmentOf(batch, host, { keywords, role }, answers);
  const outcome = await settle(() => evaluateTerm(name, env), answers);
  return outcome.kind === 'value' ? outcome.value : undefined;
}

/** The variable of the loop, once for each item that was not skipped. */
function itemsOf({ loop }: Task, { results }: JsonObject): readonly ReadonlyMap<string, Value>[] {
  if (loop === undefined || !Array.isArray(results)) return [new Map()];
  return results.flatMap((one) =>
    isJsonObject(one) && one['skipped'] !== true
      ? [new Map([[loop.control.loopVar, fromJson(one['item'] ?? null)]])]
      : [],
  );
}

function textsOf(value: Value): readonly string[] {
  return isList(value) ? value.map(toText) : [toText(value)];
}
