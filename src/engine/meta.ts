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
import { startTask, tell } from './telling.ts';
import { environmentOf } from './variables.ts';

type Flush = (batch: BatchContext, hosts: readonly HostState[]) => Promise<void>;

/** What each host decides for itself; of the others the first host's condition counts for all, as in Ansible. */
const ofEachHost = new Set(['flush_handlers', 'end_host', 'end_role']);

/** These take no condition; Ansible warns of one and acts all the same. */
const unconditional = new Set(['noop', 'refresh_inventory', 'reset_connection']);

/** `meta` tasks: they steer the play itself; only where one is skipped it is told, and not counted, as in Ansible. */
export async function runMeta(
  task: Task,
  hosts: readonly HostState[],
  batch: BatchContext,
  flush: Flush,
): Promise<void> {
  const [first] = hosts;
  if (first === undefined) return;
  const { run } = batch.play;
  const action = await actionOf(task, first, batch);
  if (unconditional.has(action)) {
    await act(action, task, hosts, batch, flush);
    return;
  }
  const chosen: HostState[] = [];
  const perhaps: HostState[] = [];
  let because = '';
  const taskId = run.nextId('task');
  let skipped = 0;
  for (const host of ofEachHost.has(action) ? hosts : [first]) {
    const answers = createAnswers(answererFor(batch.play, task));
    const env = environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers);
    const verdict = await holds(task.keywords.when, env, answers);
    const isUnknown = verdict.kind === 'failed' && verdict.error.reason === 'unknown';
    const doubt = host.doubt?.because ?? (isUnknown ? verdict.error.message : undefined);
    if (doubt !== undefined) {
      because = doubt;
      perhaps.push(host);
      continue;
    }
    if (verdict.kind === 'true') {
      chosen.push(host);
      continue;
    }
    if (skipped === 0) startTask(task, taskId, 'task', 'meta', batch, first);
    skipped += 1;
    const note = verdict.kind === 'false' ? verdict.text : verdict.error.message;
    tell(batch, taskId, host, { outcome: 'skipped', result: { changed: false, msg: action, skipped: true }, note });
  }
  if (chosen.length > 0) await act(action, task, chosen, batch, flush);
  if (perhaps.length > 0 && run.options.check) {
    const whole = action === 'end_play' ? batch.play.hosts : action === 'end_batch' ? batch.hosts : perhaps;
    for (const host of action.startsWith('end_') ? whole : []) doubtHost(host, because, 'play-end');
  }
}

async function actionOf(task: Task, host: HostState, batch: BatchContext): Promise<string> {
  const term = task.args.kind === 'mapping' ? [...task.args.entries.values()][0] : undefined;
  if (term === undefined) return '';
  const answers = createAnswers(answererFor(batch.play, task));
  const env = environmentOf(batch, host, { keywords: task.keywords, role: task.role }, answers);
  const outcome = await settle(() => evaluateTerm(term, env), answers);
  return outcome.kind === 'value' ? toText(outcome.value) : '';
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
      return end(batch.hosts, 'batch');
    case 'end_play':
      return end(batch.play.hosts, 'play');
    case 'clear_facts':
      for (const host of batch.play.hosts) host.facts.clear();
      return undefined;
    case 'clear_host_errors':
      for (const host of batch.play.named) forgive(host);
      return undefined;
    case 'refresh_inventory':
      run.inventory = await run.refreshInventory();
      return undefined;
    case 'reset_connection':
      for (const host of hosts) await reset(task, host, batch);
      return undefined;
    default:
      return undefined;
  }
}

async function reset(task: Task, host: HostState, batch: BatchContext): Promise<void> {
  const { run } = batch.play;
  const answers = createAnswers(answererFor(batch.play, task));
  const env = environmentOf(batch, host, {}, answers);
  const reach = await reachOf(host.name, task.keywords, env, answers, run.options);
  if (reach.ok) await run.pool.drop(reach.value.target);
}

/** Who was not reached is tried again from here on; what failed is done with in this play, and has a part in the next. */
function forgive(host: HostState): void {
  if (host.stopped?.kind === 'unreachable') host.stopped = undefined;
  if (host.stopped?.kind === 'failed') host.stopped = { kind: 'ended', scope: 'host' };
}

function end(hosts: readonly HostState[], scope: 'host' | 'batch' | 'play'): void {
  for (const host of hosts) host.stopped ??= { kind: 'ended', scope };
}
