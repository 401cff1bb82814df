import { setMaxListeners } from 'node:events';
import { exitCodes } from '../core/exit-codes.ts';
import type { System } from './system.ts';

/**
 * The first Ctrl-C (or SIGTERM, or a terminal that goes away) asks the run to end what it started on the hosts; the
 * second ends hlb at once.
 */
export function abortOnSignals(system: System): AbortSignal {
  const controller = new AbortController();
  // Each host listens, and Node warns of more than ten.
  setMaxListeners(0, controller.signal);
  const interrupt = (): void => {
    if (controller.signal.aborted) system.exit(exitCodes.interrupted);
    system.err.write('\nInterrupted: ending what runs on the hosts; once more to leave at once\n');
    controller.abort(new Error('Interrupted'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) system.onSignal(signal, interrupt);
  return controller.signal;
}
