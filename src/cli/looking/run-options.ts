import type { Event } from '../../core/events.ts';
import type { Redactor } from '../../core/redact.ts';
import type { RunOptions } from '../../engine/options.ts';
import { createTransport } from '../../transport/transport.ts';
import type { Input } from '../load.ts';
import { createController } from '../play/controller.ts';
import { loaderOf } from '../play/loader.ts';
import type { Passwords } from '../play/passwords.ts';
import type { Ask } from '../prompt.ts';
import { connectionOf, type ReachOptions } from '../reach-options.ts';
import type { System } from '../system.ts';
import { warningWord } from '../../report/warning-word.ts';

export interface LookingInput {
  readonly input: Input;
  readonly options: ReachOptions;
  readonly passwords: Passwords;
  readonly system: System;
  readonly redactor: Redactor;
  readonly ask: Ask;
  readonly signal: AbortSignal;
}

/**
 * The options of a run that only looks: check mode, no journal, and of its events nothing but warnings, which go to stderr.
 */
export function lookingOptions({ input, options, passwords, system, redactor, ask, signal }: LookingInput): RunOptions {
  const { clock, random } = system;
  const say = (word: string, message: string): void => system.err.write(redactor.text(`${word}: ${message}\n`));
  const warn = (message: string): void => say('warning', message);
  const runId = system.newRunId();
  return {
    runId,
    playbooks: input.playbooks,
    inventory: input.inventory,
    extraVars: input.extraVars,
    module: input.loadOptions.registry.find,
    guard: (name) => input.loadOptions.guards?.find(name),
    load: loaderOf(input),
    readFile: input.loadOptions.readFile,
    decrypt: input.loadOptions.decrypt,
    transport: createTransport({
      clock,
      random,
      runId,
      env: system.env,
      onWarning: warn,
      prompt: ({ text, echo }) => ask(text, echo),
    }),
    controller: createController(system, ask),
    connection: connectionOf(options, passwords),
    clock,
    random,
    emit: (event: Event) => {
      if (event.type === 'warning') say(warningWord(event).word, event.message);
    },
    redactor,
    store: { append: async () => undefined, close: async () => undefined },
    signal,
    forks: options.forks,
    check: true,
    diff: false,
    fuse: true,
    tags: { only: [], skip: [] },
    verbosity: 0,
  };
}
