import { toText } from '../expr/runtime/text.ts';
import type { Task } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { answererFor } from './answerer.ts';
import { createAnswers, settle } from './ask.ts';
import { holds } from './conditions.ts';
import type { BatchContext } from './context.ts';
import { doubtHost } from './doubt.ts';
import type { HostState } from './host-state.ts';
import { reachOf } from './target.ts';
import { environmentOf } from './variables.ts';

type Flush = (batch: BatchContext, hosts: readonly HostState[]) => Promise<void>;

/** `meta` tasks: they steer the play itself, and are told to nobody, as in Ansible. */
export async function runMeta(
  task: Task,
  hosts: readonly HostState[],
  batch: BatchContext,
  flush: Flush,
): Promise<void> {
  const chosen: HostState[] = [];
  const perhaps: HostState[] = [];
  let because = '';
  let action = '';
  for (const host of hosts) {
    const answers = createAnswers(answererFor(batch.play, task));
    const env = environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers);
    const verdict = await holds(task.keywords.when, env, answers);
    const isUnknown = verdict.kind === 'failed' && verdict.error.reason === 'unknown';
    const doubt = host.doubt?.because ?? (isUnknown ? verdict.error.message : undefined);
    if (verdict.kind !== 'true' && doubt === undefined) continue;
    const term = task.args.kind === 'mapping' ? [...task.args.entries.values()][0] : undefined;
    const outcome = term === undefined ? undefined : await settle(() => evaluateTerm(term, env), answers);
    action = outcome?.kind === 'value' ? toText(outcome.value) : '';
    if (doubt === undefined) chosen.push(host);
    else {
      because = doubt;
      perhaps.push(host);
    }
  }
  await act(action, task, chosen, batch, flush);
  if (perhaps.length > 0 && batch.play.run.options.check) {
    const whole = action === 'end_play' ? batch.play.hosts : action === 'end_batch' ? batch.hosts : perhaps;
    for (const host of action.startsWith('end_') ? whole : []) doubtHost(host, because, 'play-end');
  }
}

async function act(
  action: string,
  task: Task,
  hosts: readonly HostState[],
  batch: BatchContext,
  flush: Flush,
): Promise<void> {
  const { run } = batch.play;
  switch (action) {
    case 'flush_handlers':
      return flush(batch, hosts);
    case 'end_host':
      return end(hosts, 'host');
    case 'end_role':
      for (const host of hosts) if (task.role !== undefined) host.rolesEnded.add(task.role);
      return undefined;
    case 'end_batch':
      return hosts.length === 0 ? undefined : end(batch.hosts, 'batch');
    case 'end_play':
      return hosts.length === 0 ? undefined : end(batch.play.hosts, 'play');
    case 'clear_facts':
      for (const host of hosts) host.facts.clear();
      return undefined;
    case 'clear_host_errors':
      for (const host of batch.play.hosts) if (host.stopped?.kind !== 'ended') host.stopped = undefined;
      return undefined;
    case 'reset_connection':
      for (const host of hosts) {
        const answers = createAnswers(answererFor(batch.play, task));
        const reach = await reachOf(
          host.name,
          task.keywords,
          environmentOf(batch, host, {}, answers),
          answers,
          run.options,
        );
        if (reach.ok) await run.pool.drop(reach.value.target);
      }
      return undefined;
    default:
      return undefined;
  }
}

function end(hosts: readonly HostState[], scope: 'host' | 'batch' | 'play'): void {
  for (const host of hosts) host.stopped ??= { kind: 'ended', scope };
}
