import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import { createRedactor } from '../../core/redact.ts';
import { didYouMean } from '../../core/suggest.ts';
import { limitHosts } from '../../inventory/patterns.ts';
import { entryName, leaves, startTask } from '../../playbook/select.ts';
import type { View } from '../../report/view.ts';
import { writeDiagnostics } from '../diagnostics.ts';
import { type Input, loadInput } from '../load.ts';
import { problem } from '../problem.ts';
import type { System } from '../system.ts';
import { execute } from './execute.ts';
import { listing } from './listing.ts';
import type { PlayOptions } from './options.ts';

export interface PlayExtras {
  /** Playbooks that lie in no file, by their paths. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Shows the run instead of the view that the options choose. */
  readonly ownView?: View;
}

/** `hlb play`: reads and checks everything, and only then connects. */
export async function play(
  paths: readonly string[],
  options: PlayOptions,
  system: System,
  { texts, ownView }: PlayExtras = {},
): Promise<number> {
  const { out, err } = system;
  const redactor = createRedactor();
  const input = await loadInput(paths, options, system, redactor, texts);
  const limit = options.limit === undefined ? undefined : limitHosts(options.limit, input.inventory);
  const diagnostics = [
    ...input.diagnostics,
    ...withoutInventory(input),
    ...(limit?.diagnostics ?? []),
    ...unknownStart(input, options),
  ];
  const refused = hasErrors(diagnostics);
  const color = options.color && err.color;
  if (diagnostics.length > 0) writeDiagnostics(diagnostics, { output: err, format: options.format, color, redactor });
  if (refused) return exitCodes.badInput;
  const hosts = limit === undefined ? undefined : new Set(limit.hosts);
  const list = listing(input, options, hosts);
  if (list !== undefined) out.write(list);
  if (list !== undefined || options.syntaxCheck === true) return exitCodes.ok;
  return execute(input, hosts, options, { system, redactor, ownView });
}

function withoutInventory({ hasInventory }: Input): readonly Diagnostic[] {
  if (hasInventory) return [];
  const { message, ...rest } = problem(
    'cli/no-inventory',
    'No inventory was given, so that only localhost is known',
    'Name one with -i, or set HLB_INVENTORY',
  );
  return [{ ...rest, message, severity: 'warning' }];
}

function unknownStart({ playbooks }: Input, { startAtTask }: PlayOptions): readonly Diagnostic[] {
  if (startAtTask === undefined || startTask(playbooks, startAtTask) !== undefined) return [];
  const names = playbooks
    .flatMap((playbook) => playbook.plays)
    .flatMap((one) => one.sections)
    .flatMap((section) => leaves(section.entries).map(entryName));
  const help = didYouMean(startAtTask, names) ?? '--list-tasks shows the names';
  return [problem('cli/unknown-task', `No task is named "${startAtTask}"`, help)];
}
