import { CommanderError } from 'commander';
import { exitCodes } from '../core/exit-codes.ts';
import { bugText } from './bug-text.ts';
import { createProgram } from './program.ts';
import { createSystem, type ImportFile } from './system.ts';

/** Runs the command line and ends the process with its exit code. */
export async function main(process: NodeJS.Process, importFile: ImportFile): Promise<void> {
  const system = createSystem(process, importFile);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', readerIsGone(process));
  // Node ends in silence, and well, where nothing is left that could wake what still waits.
  process.once('beforeExit', () => {
    system.err.write(bugText('Nothing is left to wait for, and the work is not done'));
    process.exitCode = exitCodes.internal;
  });
  let code: number = exitCodes.ok;
  try {
    const program = createProgram(system, (ended) => {
      code = ended;
    });
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end well; anything else that commander refuses is bad input.
      code = error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
    } else {
      system.err.write(bugText(error));
      code = exitCodes.internal;
    }
  }
  // Sockets of lost connections may still be open; nothing waits for them once all is written.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

/**
 * Whoever reads the output may go away (`hlb … | head`). A run that has begun is ended as by a signal, so that nothing
 * stays behind on the hosts; anything else just ends.
 */
function readerIsGone(process: NodeJS.Process): (error: NodeJS.ErrnoException) => void {
  let isKnown = false;
  return (error) => {
    if (error.code !== 'EPIPE') throw error;
    if (isKnown) return;
    isKnown = true;
    if (process.listenerCount('SIGTERM') === 0) process.exit(exitCodes.ok);
    process.kill(process.pid, 'SIGTERM');
  };
}
