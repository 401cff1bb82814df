import type { HostResult } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Include, Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import type { BatchContext, Inside } from './context.ts';
import type { HostState } from './host-state.ts';
import { failedResult } from './results.ts';
import { environmentOf } from './variables.ts';

/** The name that a person reads: `role : name`, templates evaluated where the first host's variables allow. */
function nameOf(task: Task | Include, module: string, batch: BatchContext, host: HostState | undefined): string {
  const prefix = task.role === undefined ? '' : `${task.role.name} : `;
  const term = task.name;
  if (term === undefined) return `${prefix}${module}`;
  if (term.kind === 'constant') return `${prefix}${toText(term.value)}`;
  if (host !== undefined) {
    const answers = createAnswers(answererFor(batch.play, task));
    const outcome = evaluateTerm(
      term,
      environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers),
    );
    if (outcome.kind === 'value') return `${prefix}${toText(outcome.value)}`;
  }
  return `${prefix}${term.kind === 'template' ? term.template.text : module}`;
}

export type TaskKind = 'task' | 'handler' | 'gather-facts' | 'include';

/** Tells that a task begins. */
export function startTask(
  task: Task | Include,
  taskId: string,
  kind: TaskKind,
  module: string,
  batch: BatchContext,
  host: HostState | undefined,
): void {
  const { run, playId } = batch.play;
  const { clock, emit, redactor } = run.options;
  emit({
    type: 'task-start',
    at: clock.now(),
    playId,
    taskId,
    kind,
    name: redactor.text(nameOf(task, module, batch, host)),
    module,
    place: task.at,
  });
}

function tell(
  batch: BatchContext,
  taskId: string,
  host: HostState,
  rest: Pick<HostResult, 'outcome' | 'result'> & Partial<HostResult>,
): void {
  const { clock, emit } = batch.play.run.options;
  emit({
    type: 'host-result',
    at: clock.now(),
    taskId,
    host: host.name,
    diffs: [],
    ignored: false,
    rescued: false,
    durationMs: 0,
    notified: [],
    ...rest,
  });
}

export function reportSkipped(batch: BatchContext, taskId: string, host: HostState, note: string): void {
  host.counts.skipped += 1;
  tell(batch, taskId, host, { outcome: 'skipped', result: { changed: false, skipped: true }, note });
}

/** Check mode: nobody knows whether or what would be included. */
export function reportUnknown(batch: BatchContext, taskId: string, host: HostState, note: string): void {
  host.counts.unknown += 1;
  tell(batch, taskId, host, { outcome: 'unknown', result: { msg: note }, note });
}

export function reportIncluded(batch: BatchContext, taskId: string, host: HostState, result: JsonObject): void {
  host.counts.ok += 1;
  tell(batch, taskId, host, { outcome: 'ok', result });
}

/** Counts and tells a failure that no module had a part in, and stops the host. */
export function reportFailure(
  batch: BatchContext,
  taskId: string,
  task: Task | Include,
  host: HostState,
  failure: Failure,
  inside: Inside,
): void {
  const result = failedResult(failure);
  host.counts[inside.rescuable ? 'rescued' : 'failed'] += 1;
  host.stopped = { kind: 'failed', task, result, failure };
  tell(batch, taskId, host, { outcome: 'failed', result, failure, rescued: inside.rescuable });
}
