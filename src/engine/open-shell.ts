import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import { err } from '../core/result.ts';
import { answererFor } from './answerer.ts';
import { createAnswers } from './ask.ts';
import type { Call } from './call.ts';
import type { ConnectionPool } from './connections.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { templateFailure } from './results.ts';
import type { Intention, Kept, Shell } from './shell.ts';
import { type Reach, reachOf } from './target.ts';
import { environmentOf } from './variables.ts';

/** The shell that a call works in, on its own host or the one it is delegated to. Nothing is opened yet. */
export function createShell(
  call: Call,
  reached: () => Promise<Result<Reach, Failure>>,
  worksOn: HostState,
  batch: BatchContext,
  intend: (changes: readonly Intention[]) => Promise<void>,
  kept: Kept[] | undefined,
): Shell {
  const { pool, options } = batch.play.run;
  return {
    clock: options.clock,
    signal: options.signal,
    runId: options.runId,
    nextId: () => batch.play.run.nextId('step'),
    check: call.context.check,
    // What check mode only pretends is nothing to a task that is done for real.
    pretended: call.context.check ? worksOn.pretended : [],
    intend,
    ...(kept === undefined ? {} : { kept }),
    ...openerOf(pool, reached),
  };
}

function openerOf(
  pool: ConnectionPool,
  reached: () => Promise<Result<Reach, Failure>>,
): Pick<Shell, 'session' | 'connection' | 'become' | 'drop'> {
  return {
    session: async () => {
      const found = await reached();
      return found.ok ? pool.session(found.value.target, found.value.become) : found;
    },
    connection: async () => {
      const found = await reached();
      return found.ok ? pool.connection(found.value.target) : found;
    },
    become: async () => {
      const found = await reached();
      return found.ok ? found.value.become : undefined;
    },
    drop: async () => {
      const found = await reached();
      if (found.ok) await pool.drop(found.value.target);
    },
  };
}

/** The shell of the play's own user on a host that guards look at, whether it is in the play or not. Nothing is opened yet. */
export function hostShell(host: HostState, batch: BatchContext): Shell {
  const { pool, options } = batch.play.run;
  const { keywords, at } = batch.play.play;
  const reach = async (): Promise<Result<Reach, Failure>> => {
    const answers = createAnswers(answererFor(batch.play, { file: at.source.path }));
    const found = await reachOf(host.name, keywords, environmentOf(batch, host, {}, answers), answers, options);
    return found.ok ? found : err(templateFailure(found.error));
  };
  let found: Promise<Result<Reach, Failure>> | undefined;
  const reached = (): Promise<Result<Reach, Failure>> => {
    found ??= reach();
    return found;
  };
  return {
    clock: options.clock,
    signal: options.signal,
    runId: options.runId,
    nextId: () => batch.play.run.nextId('step'),
    check: true,
    pretended: [],
    intend: async () => undefined,
    ...openerOf(pool, reached),
  };
}

/** How a call reaches the host that it works on. */
export async function findReach(call: Call, host: HostState, batch: BatchContext): Promise<Result<Reach, Failure>> {
  const { options } = batch.play.run;
  const { keywords } = call.task;
  const { delegate } = call;
  const answers = delegate === undefined ? call.answers : createAnswers(answererFor(batch.play, call.task));
  const env = delegate === undefined ? call.env : environmentOf(batch, batch.play.run.host(delegate), {}, answers);
  const found = await reachOf(delegate ?? host.name, keywords, env, answers, options);
  return found.ok ? found : err(templateFailure(found.error));
}
