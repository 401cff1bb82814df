import type { HostResult } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/value.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Include, Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Term } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import type { BatchContext, Inside } from './context.ts';
import type { HostState } from './host-state.ts';
import { failedResult } from './results.ts';
import { environmentOf } from './variables.ts';

/** The name that a person reads, as Ansible prints it: `role : name`, or what the task does. */
function nameOf(task: Task | Include, batch: BatchContext, host: HostState | undefined): string {
  const named = ownName(task, batch, host);
  if (task.kind === 'include' && task.what === 'role')
    return named === '' ? `${task.action} : ${textOf(task.target, task, batch, host)}` : named;
  const prefix = task.role === undefined ? '' : `${task.role.name} : `;
  return `${prefix}${named === '' ? task.action : named}`;
}

/** The name that a playbook gives it. */
export function ownName(task: Task | Include, batch: BatchContext, host: HostState | undefined): string {
  return task.name === undefined ? '' : textOf(task.name, task, batch, host);
}

/** Templates are evaluated where the first host's variables allow. */
function textOf(term: Term, task: Task | Include, batch: BatchContext, host: HostState | undefined): string {
  if (term.kind === 'constant') return toText(term.value);
  if (host !== undefined) {
    const answers = createAnswers(answererFor(batch.play, task));
    const outcome = evaluateTerm(
      term,
      environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers),
    );
    if (outcome.kind === 'value') return toText(outcome.value);
  }
  return term.kind === 'template' ? term.template.text : '';
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
    name: redactor.text(nameOf(task, batch, host)),
    module,
    place: task.at,
  });
}

export function tell(
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
  host.stopped = { kind: 'failed', task, name: ownName(task, batch, host), result, failure, more: inside.more };
  tell(batch, taskId, host, { outcome: 'failed', result, failure, rescued: inside.rescuable });
}
