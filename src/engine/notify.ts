import type { Emit } from '../core/events.ts';
import { isList, type Value } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Handler, Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { answererFor } from './answerer.ts';
import { createAnswers, settle } from './ask.ts';
import type { BatchContext } from './context.ts';
import { handlersNamed } from './handler-names.ts';
import type { HostState } from './host-state.ts';
import { environmentOf } from './variables.ts';

/** The handlers that a changed task notifies, with the name it called them by. A name that no handler has is told as a warning. */
export async function notifiedBy(
  task: Task,
  host: HostState,
  batch: BatchContext,
  emit: Emit,
): Promise<readonly { readonly name: string; readonly handler: Handler }[]> {
  if (task.notify.length === 0) return [];
  const answers = createAnswers(answererFor(batch.play, task));
  const env = environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers);
  const names: string[] = [];
  for (const term of task.notify) {
    const outcome = await settle(() => evaluateTerm(term, env), answers);
    if (outcome.kind === 'value') names.push(...textsOf(outcome.value));
  }
  return names.flatMap((name) => {
    const handlers = handlersNamed(batch.play, name);
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

function textsOf(value: Value): readonly string[] {
  return isList(value) ? value.map(toText) : [toText(value)];
}
