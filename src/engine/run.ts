import type { HostCounts } from '../core/events.ts';
import { exitCodes } from '../core/exit-codes.ts';
import type { RunContext } from './context.ts';
import type { HostState } from './host-state.ts';
import type { RunOptions } from './options.ts';
import { runPlay } from './play.ts';
import { createRunContext } from './run-context.ts';

export interface RunOutcome {
  readonly exitCode: number;
  readonly hosts: Readonly<Record<string, HostCounts>>;
}

/** Runs playbooks from the first play to the last, tells everything as events, and leaves no connection open. */
export async function run(options: RunOptions): Promise<RunOutcome> {
  const { clock, emit, store } = options;
  const began = clock.monotonic();
  const context = createRunContext(options);
  const { pool } = context;
  const playbooks = options.playbooks.map((playbook) => playbook.path);
  await store.append([{ kind: 'run', runId: options.runId, at: clock.now(), playbooks }]);
  emit({ type: 'run-start', runId: options.runId, at: clock.now(), playbooks, check: options.check });
  let refused = false;
  try {
    for (const play of options.playbooks.flatMap((playbook) => playbook.plays)) {
      if (options.signal.aborted) break;
      const done = await runPlay(context, play);
      if (done.ok && done.value === 'go-on') continue;
      if (done.ok) break;
      refused = true;
      const { message, at: place = play.at } = done.error;
      emit({ type: 'warning', severity: 'error', at: clock.now(), message, place });
      break;
    }
  } finally {
    for (const state of context.states.values()) state.counts.roundTrips = pool.roundTrips(state.name);
    await pool.close();
  }
  const hosts = Object.fromEntries([...context.states].map(([name, state]) => [name, { ...state.counts }]));
  const exitCode = options.signal.aborted ? exitCodes.interrupted : exitCodeOf(refused, context);
  emit({ type: 'run-end', at: clock.now(), durationMs: clock.monotonic() - began, hosts, exitCode });
  await store.append([{ kind: 'end', at: clock.now(), exitCode }]);
  await store.close();
  return { exitCode, hosts };
}

/** A failed host counts more than an unreachable one: something was done there. */
function exitCodeOf(refused: boolean, { halted, states: all }: RunContext): number {
  const states: readonly HostState[] = [...all.values()];
  if (refused || states.some((state) => state.stopped?.kind === 'failed')) return exitCodes.failed;
  if (states.some((state) => state.stopped?.kind === 'unreachable')) return exitCodes.unreachable;
  if (halted === 'refused') return exitCodes.refused;
  // A roll that stopped is no success where its failure was rescued, nor where it could not begin.
  if (halted === 'failed') return exitCodes.failed;
  return exitCodes.ok;
}
