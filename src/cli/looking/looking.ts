import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import type { Redactor } from '../../core/redact.ts';
import type { RunContext } from '../../engine/context.ts';
import { createRunContext } from '../../engine/run-context.ts';
import { bugText } from '../bug-text.ts';
import { writeDiagnostics } from '../diagnostics.ts';
import type { Input } from '../load.ts';
import type { InputOptions, OutputOptions } from '../option-values.ts';
import { readPasswords } from '../play/passwords.ts';
import { problem } from '../problem.ts';
import { createAsk } from '../prompt.ts';
import type { ReachOptions } from '../reach-options.ts';
import type { System } from '../system.ts';
import { lookingOptions } from './run-options.ts';

export interface Looking {
  readonly run: RunContext;
  /** Set by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Writes what is wrong, and gives the exit code of bad input. */
  readonly refuse: (diagnostics: readonly Diagnostic[]) => number;
}

export interface LookingSetting {
  readonly input: Input;
  /** Beside those of the input. */
  readonly diagnostics: readonly Diagnostic[];
  readonly options: InputOptions & OutputOptions & ReachOptions;
  readonly limit?: ReadonlySet<string> | undefined;
  readonly system: System;
  readonly redactor: Redactor;
}

/** What every command does that looks at hosts and changes nothing: bad input ends it before it asks anybody. */
export async function looking(setting: LookingSetting, work: (looking: Looking) => Promise<number>): Promise<number> {
  const { input, diagnostics, options, limit, system, redactor } = setting;
  const write = (some: readonly Diagnostic[]): void => {
    const color = options.color && system.err.color;
    writeDiagnostics(some, { output: system.err, format: options.format, color, redactor });
  };
  const refuse = (some: readonly Diagnostic[]): number => {
    write(some);
    return exitCodes.badInput;
  };
  const missing = input.hasInventory ? [] : [problem('cli/no-inventory', 'No inventory was given', 'Name one with -i')];
  const all = [...input.diagnostics, ...missing, ...diagnostics];
  if (hasErrors(all)) return refuse(all);
  write(all);
  const ask = createAsk(system);
  const passwords = await readPasswords(options, ask, redactor);
  if (!passwords.ok) return refuse([passwords.error]);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    system.onSignal(signal, () => ending.abort(new Error('Interrupted')));
  const { signal } = ending;
  const run = createRunContext({
    ...lookingOptions({ input, options, passwords: passwords.value, system, redactor, ask, signal }),
    ...(limit === undefined ? {} : { limit }),
  });
  try {
    const code = await work({ run, signal, refuse });
    return signal.aborted ? exitCodes.interrupted : code;
  } catch (error) {
    system.err.write(redactor.text(bugText(error)));
    return exitCodes.internal;
  } finally {
    await run.pool.close();
  }
}
