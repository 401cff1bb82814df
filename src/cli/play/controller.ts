import type { Controller } from '../../engine/options.ts';
import type { Ask } from '../prompt.ts';
import { runProgram } from '../run-program.ts';
import type { System } from '../system.ts';

/** What the engine may do on this machine. */
export function createController(system: System, ask: Ask): Controller {
  return {
    env: (name) => system.env[name],
    pipe: (command) => runProgram('/bin/sh', ['-c', command], { cwd: system.cwd }),
    prompt: async (question, echo) => {
      const answer = await ask(question, echo);
      if (answer === undefined) throw new Error('There is no terminal to ask on');
      return answer;
    },
    workingDirectory: system.cwd,
    home: system.home,
  };
}
