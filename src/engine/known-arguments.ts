import { isMapping, type Value } from '../core/value.ts';
import { OMIT } from '../expr/api.ts';
import { toText } from '../expr/runtime/text.ts';
import { parameterName } from '../module/arguments.ts';
import type { Task } from '../playbook/tree.ts';
import { answererFor } from './answerer.ts';
import { defaultsOf, evaluateArgument, evaluateArguments } from './arguments.ts';
import { createAnswers } from './ask.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { environmentOf } from './variables.ts';

/** As much of a task's arguments as can be told where its plan cannot be made. */
export interface KnownArguments {
  /** Parsed; undefined where one of them cannot be told. */
  readonly params: unknown;
  /** Those that are text, by the names of their fields; undefined where one is given and cannot be told. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

/** `variables`: of the item, in a loop. */
export async function knownArguments(
  task: Task,
  variables: ReadonlyMap<string, Value> | undefined,
  host: HostState,
  batch: BatchContext,
): Promise<KnownArguments> {
  const answers = createAnswers(answererFor(batch.play, task));
  const setting = {
    keywords: task.keywords,
    role: task.role,
    ...(variables === undefined ? {} : { extra: variables }),
  };
  const env = environmentOf(batch, host, setting, answers);
  const all = await evaluateArguments(task, env, answers, batch.play.run.options.redactor);
  if (all.ok) return argumentsIn(all.value.params);
  const texts = new Map<string, string | undefined>();
  const note = (name: string, value: Value | undefined): void => {
    if (value === undefined || typeof value === 'string') texts.set(parameterName(task.module, name), value);
  };
  const fields = Object.keys(task.module.params.shape);
  const defaults = defaultsOf(task);
  for (const term of [
    ...(defaults === undefined ? [] : [defaults]),
    ...(task.args.kind === 'dynamic' ? [task.args.term] : []),
  ]) {
    const whole = await evaluateArgument(term, env, answers);
    if (!whole.ok) for (const name of fields) note(name, undefined);
    else if (isMapping(whole.value)) for (const [name, value] of whole.value) note(toText(name), value);
  }
  for (const [name, term] of task.args.kind === 'mapping' ? task.args.entries : []) {
    const value = await evaluateArgument(term, env, answers);
    note(name, value.ok ? value.value : undefined);
    if (value.ok && value.value === OMIT) texts.delete(parameterName(task.module, name));
  }
  return { params: undefined, texts };
}

export function argumentsIn(params: unknown): KnownArguments {
  const entries = typeof params === 'object' && params !== null ? Object.entries(params) : [];
  const texts = new Map(
    entries.flatMap(([name, value]: [string, unknown]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );
  return { params, texts };
}
