import pLimit from 'p-limit';
import type { Emit } from '../core/events.ts';
import { toJson } from '../core/value.ts';
import type { Task } from '../playbook/tree.ts';
import type { Variable } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import type { BatchContext, Inside } from './context.ts';
import { type GroupListener, runGroupOnHost } from './host-group.ts';
import { type HostState, isActive } from './host-state.ts';
import { enforceLimits } from './limits.ts';
import { notifiedBy } from './notify.ts';
import { orderEvents } from './ordered.ts';
import { flag, optional } from './prepare.ts';
import type { TaskResult } from './task-result.ts';
import { createTeller } from './tell-results.ts';
import { ownName, startTask, type TaskKind } from './telling.ts';
import { dependsOn } from './unknown.ts';
import { environmentOf } from './variables.ts';

/** Runs a fused group on hosts, at most `forks` (or `throttle`) at once, and waits for all of them: a barrier. */
export async function runGroup(
  tasks: readonly [Task, ...Task[]],
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
  kind: (task: Task) => TaskKind = kindOf,
): Promise<void> {
  const [first] = tasks;
  const [firstHost] = hosts;
  if (firstHost === undefined) return;
  const { options } = batch.play.run;
  const settings = await groupSettings(first, firstHost, batch);
  const chosen = settings.once ? [firstHost] : hosts;
  const limit = pLimit(Math.max(1, Math.min(options.forks, settings.throttle ?? options.forks)));
  const ids = tasks.map(() => batch.play.run.nextId('task'));
  const begin = (index: number): void => {
    const task = tasks[index];
    const id = ids[index];
    if (task !== undefined && id !== undefined) startTask(task, id, kind(task), task.module.name, batch, firstHost);
  };
  const ordered = orderEvents(
    chosen.map((host) => host.name),
    tasks.length,
    begin,
    options.emit,
  );
  await Promise.all(
    chosen.map((host) =>
      limit(async () => {
        if (options.signal.aborted) {
          ordered.left(host.name);
          return;
        }
        const tell = createTeller(ids, host, batch, inside, ordered.add);
        const registerOn = settings.once ? hosts : [host];
        const heard: GroupListener = {
          item: tell.item,
          retry: tell.retry,
          intend: tell.intend,
          task: async (index, result) => {
            const task = tasks[index];
            if (task === undefined) return false;
            await settleTask(task, result, host, registerOn, batch, inside, {
              name: () => ownName(task, batch, firstHost),
              result: (told, notified) => tell.task(index, told, notified),
              warning: (event) => ordered.add(index, event),
            });
            if (isActive(host)) ordered.finished(host.name, index);
            else ordered.left(host.name, index);
            return isActive(host);
          },
        };
        await runGroupOnHost(tasks, host, batch, heard, registerOn).finally(() => ordered.left(host.name));
      }),
    ),
  );
  if (settings.once && firstHost.stopped !== undefined) {
    for (const host of hosts) host.stopped ??= firstHost.stopped;
  }
  await enforceLimits(first, hosts, batch);
}

function kindOf(task: Pick<Task, 'id'>): TaskKind {
  return task.id.endsWith('#gather_facts') ? 'gather-facts' : 'task';
}

/** What concerns the controller alone is done for the first host, and counts for all. */
const onceByNature = new Set(['add_host', 'pause']);

interface GroupSettings {
  readonly once: boolean;
  readonly throttle: number | undefined;
}

/** Keywords that concern the hosts together; read with the first host's variables. */
async function groupSettings(task: Task, host: HostState, batch: BatchContext): Promise<GroupSettings> {
  const { runOnce, throttle } = task.keywords;
  const always = onceByNature.has(task.module.name);
  if (runOnce === undefined && throttle === undefined) return { once: always, throttle: undefined };
  const answers = createAnswers(answererFor(batch.play, task));
  const env = environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers);
  const once = await flag(runOnce, env, answers, false);
  const most = await optional(throttle, env, answers);
  const number = most.ok && most.value !== undefined ? Number(toJson(most.value)) : 0;
  return { once: always || (once.ok && once.value), throttle: number > 0 ? number : undefined };
}

interface Tell {
  /** Of the task, as it was told: with the first host's variables. */
  readonly name: () => string;
  readonly result: (result: TaskResult, notified: readonly string[]) => Promise<void>;
  readonly warning: Emit;
}

/** Registers, notifies, counts, tells, and takes the host out of the play where it failed. */
async function settleTask(
  task: Task,
  result: TaskResult,
  host: HostState,
  registerOn: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
  tell: Tell,
): Promise<void> {
  if (task.register !== undefined) {
    const variable: Variable = { term: result.term, level: 'set-fact', origin: 'register' };
    for (const one of registerOn) one.setFacts.set(task.register, variable);
  }
  const { role } = task;
  const didRun = result.outcome !== 'skipped' && result.lost === undefined;
  if (role !== undefined && didRun && !host.rolesRun.has(role.key)) host.rolesRun.set(role.key, role);
  const notified = result.outcome === 'changed' ? await notifiedBy(task, result.result, host, batch, tell.warning) : [];
  for (const { name, handler } of notified) {
    host.notified.add(handler.id);
    host.called.set(name, [...(host.called.get(name) ?? []), handler.id]);
  }
  if (result.outcome === 'unknown') {
    for (const { handler } of await notifiedBy(task, result.result, host, batch, tell.warning))
      for (const one of registerOn) one.perhaps.set(handler.id, dependsOn(task));
  }
  const passes = result.lost === undefined ? result.ignored : await ignoresUnreachable(task, host, batch);
  if (!passes && result.lost !== undefined) host.stopped = { kind: 'unreachable', failure: result.lost };
  else if (!passes && result.failure !== undefined && result.outcome === 'failed') {
    const { failure, result: shown } = result;
    host.stopped = { kind: 'failed', task, name: tell.name(), result: shown, failure, more: inside.more };
  }
  await tell.result({ ...result, ignored: passes && (result.outcome === 'failed' || result.lost !== undefined) }, [
    ...new Set(notified.map((one) => one.name)),
  ]);
}

async function ignoresUnreachable(task: Task, host: HostState, batch: BatchContext): Promise<boolean> {
  const answers = createAnswers(answererFor(batch.play, task));
  const env = environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers);
  const ignored = await flag(task.keywords.ignoreUnreachable, env, answers, false);
  return ignored.ok && ignored.value;
}
