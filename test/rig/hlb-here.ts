import { randomUUID } from 'node:crypto';
import { createProgram } from '../../src/cli/program.ts';
import type { System } from '../../src/cli/system.ts';
import { realClock } from './clock.ts';

export interface RanHere {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line in this process, with nobody at a terminal. */
export async function ranHere(
  dir: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RanHere> {
  const out: string[] = [];
  const err: string[] = [];
  const output = (to: string[]): System['out'] => ({
    write: (text) => void to.push(String(text)),
    isTerminal: false,
    color: false,
  });
  const system: System = {
    out: output(out),
    err: output(err),
    input: process.stdin,
    canAsk: false,
    env: { PATH: process.env['PATH'], HOME: dir, LANG: 'C.UTF-8', TZ: 'UTC', ...env },
    cwd: dir,
    home: dir,
    clock: realClock,
    random: Math.random,
    // What a host keeps of a run that was cut is found again by this name.
    newRunId: () => randomUUID(),
    onSignal: () => undefined,
    importFile: (url) => import(url),
    interrupt: () => undefined,
    exit: (code) => {
      throw new Error(`hlb ended the process with ${code}`);
    },
  };
  let code = -1;
  const program = createProgram(system, (ended) => {
    code = ended;
  });
  await program.parseAsync(['node', 'hlb', ...args]);
  return { code, out: out.join(''), err: err.join('') };
}
