import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../core/events.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import type { Redactor } from '../../core/redact.ts';
import { openFileStore } from '../../engine/file-store.ts';
import { run } from '../../engine/run.ts';
import { createExitCode } from '../../report/exit-code.ts';
import { createJunit } from '../../report/junit.ts';
import type { View } from '../../report/view.ts';
import { createTransport } from '../../transport/transport.ts';
import { bugText } from '../bug-text.ts';
import { writeDiagnostics } from '../diagnostics.ts';
import { abortOnSignals } from '../interrupts.ts';
import type { Input } from '../load.ts';
import { createAsk } from '../prompt.ts';
import { connectionOf } from '../reach-options.ts';
import type { System } from '../system.ts';
import { createController } from './controller.ts';
import { loaderOf } from './loader.ts';
import type { PlayOptions } from './options.ts';
import { readPasswords } from './passwords.ts';
import { chooseView } from './view.ts';

interface Execution {
  readonly system: System;
  readonly redactor: Redactor;
  readonly ownView: View | undefined;
}

/** Runs what was read and checked, and gives the exit code. */
export async function execute(
  input: Input,
  limit: ReadonlySet<string> | undefined,
  options: PlayOptions,
  { system, redactor, ownView }: Execution,
): Promise<number> {
  const { clock, random } = system;
  const view = ownView ?? (await chooseView(options, system));
  const ask = createAsk(system, view);
  const passwords = await readPasswords(options, ask, redactor);
  if (!passwords.ok) {
    writeDiagnostics([passwords.error], { output: system.err, format: options.format, color: system.err.color });
    return exitCodes.badInput;
  }
  const runId = system.newRunId();
  const exitCode = createExitCode({ pending: options.check === true && options.exitCode === true });
  const junit = options.junit === undefined ? undefined : createJunit();
  const emit = (event: Event): void => {
    view.emit(event);
    exitCode.emit(event);
    junit?.emit(event);
  };
  const transport = createTransport({
    clock,
    random,
    runId,
    env: system.env,
    onWarning: (message) => emit({ type: 'warning', at: clock.now(), message: redactor.text(message) }),
    prompt: ({ text, echo }) => ask(text, echo),
  });
  try {
    await run({
      runId,
      playbooks: input.playbooks,
      inventory: input.inventory,
      readInventory: input.readInventory,
      ...(limit === undefined ? {} : { limit }),
      ...(options.limit === undefined ? {} : { limitText: options.limit }),
      extraVars: input.extraVars,
      module: input.loadOptions.registry.find,
      guard: (name) => input.loadOptions.guards?.find(name),
      load: loaderOf(input),
      readFile: input.loadOptions.readFile,
      decrypt: input.loadOptions.decrypt,
      transport,
      controller: createController(system, ask),
      connection: connectionOf(options, passwords.value),
      clock,
      random,
      emit,
      redactor,
      store: await openFileStore(join(system.cwd, '.hlb', 'runs', runId, 'journal.ndjson')),
      signal: abortOnSignals(system),
      forks: options.forks,
      check: options.check === true,
      diff: options.diff === true,
      fuse: options.fuse,
      tags: { only: options.tags ?? [], skip: options.skipTags ?? [] },
      ...(options.startAtTask === undefined ? {} : { startAtTask: options.startAtTask }),
      verbosity: options.verbose ?? 0,
    });
  } catch (error) {
    system.err.write(redactor.text(bugText(error)));
    return exitCodes.internal;
  } finally {
    await view.end();
    if (options.junit !== undefined && junit !== undefined) writeFileSync(options.junit, junit.xml());
  }
  return exitCode.code();
}
