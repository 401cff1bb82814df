import type { HostCounts } from '../core/events.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { startTask } from '../playbook/select.ts';
import { createConnectionPool } from './connections.ts';
import type { RunContext } from './context.ts';
import { type HostState, newHostState } from './host-state.ts';
import { createInputCache } from './inputs.ts';
import type { RunOptions } from './options.ts';
import { runPlay } from './play.ts';

export interface RunOutcome {
  readonly exitCode: number;
  readonly hosts: Readonly<Record<string, HostCounts>>;
}

/** Runs playbooks from the first play to the last, tells everything as events, and leaves no connection open. */
export async function run(options: RunOptions): Promise<RunOutcome> {
  const { clock, emit, store } = options;
  const began = clock.monotonic();
  const states = new Map<string, HostState>();
  const pool = createConnectionPool(options.transport, options.signal);
  const context: RunContext = {
    options,
    pool,
    inputs: createInputCache(),
    inventory: options.inventory,
    host: (name) => {
      const before = states.get(name);
      if (before !== undefined) return before;
      const state = newHostState(name);
      states.set(name, state);
      return state;
    },
    nextId: createIds(),
    startAt: options.startAtTask === undefined ? undefined : startTask(options.playbooks, options.startAtTask),
    halted: undefined,
  };
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
      emit({ type: 'warning', at: clock.now(), message: done.error.message, place: done.error.at ?? play.at });
      break;
    }
  } finally {
    for (const state of states.values()) state.counts.roundTrips = pool.roundTrips(state.name);
    await pool.close();
  }
  const hosts = Object.fromEntries([...states].map(([name, state]) => [name, { ...state.counts }]));
  const exitCode = options.signal.aborted ? exitCodes.interrupted : exitCodeOf([...states.values()], refused, context);
  emit({ type: 'run-end', at: clock.now(), durationMs: clock.monotonic() - began, hosts, exitCode });
  await store.append([{ kind: 'end', at: clock.now(), exitCode }]);
  await store.close();
  return { exitCode, hosts };
}

/** A failed host counts more than an unreachable one: something was done there. */
function exitCodeOf(states: readonly HostState[], refused: boolean, { halted }: RunContext): number {
  if (refused || states.some((state) => state.counts.failed > 0 || state.stopped?.kind === 'failed'))
    return exitCodes.failed;
  if (states.some((state) => state.stopped?.kind === 'unreachable')) return exitCodes.unreachable;
  if (halted === 'refused') return exitCodes.refused;
  return exitCodes.ok;
}

function createIds(): (prefix: string) => string {
  let last = 0;
  return (prefix) => {
    last += 1;
    return `${prefix}-${last}`;
  };
}
