import type { Controller } from '../../engine/options.ts';
import type { Ask } from '../prompt.ts';
import { runProgram } from '../run-program.ts';
import type { System } from '../system.ts';

/** What the engine may do on this machine. */
export function createController(system: System, ask: Ask): Controller {
  return {
    env: (name) => system.env[name],
    pipe: (command) => runProgram('/bin/sh', ['-c', command], { cwd: system.cwd }),
    prompt: ask,
    workingDirectory: system.cwd,
    home: system.home,
  };
}
