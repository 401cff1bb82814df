import type { Failure } from '../core/failure.ts';
import { toJson } from '../core/value.ts';
import type { Task } from '../playbook/tree.ts';
import { constantOf } from '../vars/constant.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import type { BatchContext } from './context.ts';
import { type HostState, isOut } from './host-state.ts';
import { flag, optional } from './prepare.ts';
import { ownName } from './telling.ts';
import { environmentOf } from './variables.ts';

/**
 * Whether a task says of `ignore_errors` anything but a plain false: with such a task `any_errors_fatal` counts for nothing.
 * Ansible asks before any host has a value for it.
 */
function mayIgnore({ keywords: { ignoreErrors } }: Task): boolean {
  return ignoreErrors !== undefined && constantOf(ignoreErrors) !== false;
}

/** `any_errors_fatal` and `max_fail_percentage`: the failure of some stops all of the batch, as Ansible does after each task. */
export async function enforceLimits(task: Task, hosts: readonly HostState[], batch: BatchContext): Promise<void> {
  const first = hosts.find(isOut);
  if (first === undefined) return;
  const answers = createAnswers(answererFor(batch.play, task));
  const env = environmentOf(batch, first, { keywords: task.keywords, role: task.role }, answers);
  const fatal = await flag(task.keywords.anyErrorsFatal, env, answers, false);
  if (fatal.ok && fatal.value && !mayIgnore(task))
    return stopAll(task, hosts, batch, `"any_errors_fatal" is set and "${first.name}" failed`);
  const percentage = await optional(batch.play.play.maxFailPercentage, env, answers);
  if (!percentage.ok || percentage.value === undefined) return;
  const allowed = Number(toJson(percentage.value));
  const gone = batch.hosts.filter(hasFailedForGood).length;
  // Ansible's rule: strictly more than the percentage, of the batch.
  if ((gone / batch.size) * 100 > allowed)
    stopAll(task, batch.hosts, batch, `${gone} of ${batch.size} hosts failed, more than ${allowed} %`);
}

/** Who was not reached does not count, nor who had a rescue or always to do. */
function hasFailedForGood({ stopped }: HostState): boolean {
  return stopped?.kind === 'failed' && !stopped.more;
}

function stopAll(task: Task, hosts: readonly HostState[], batch: BatchContext, message: string): void {
  const name = ownName(task, batch, hosts[0]);
  const result = { changed: false, failed: true, msg: message };
  const failure: Failure = { reason: 'aborted', message, retry: 'permanent', at: task.at };
  for (const host of hosts) host.stopped ??= { kind: 'failed', task, name, failure, result, more: false };
}
