import { createLinesView } from '../../report/lines.ts';
import { createNdjsonView } from '../../report/ndjson.ts';
import type { View } from '../../report/view.ts';
import type { System } from '../system.ts';
import type { PlayOptions } from './options.ts';

/** The view that the options ask for and the output can show. */
export async function chooseView(options: PlayOptions, { out, env, clock }: System): Promise<View> {
  if (options.json === true) return createNdjsonView(out.write);
  const settings = { write: out.write, color: options.color && out.color, verbosity: options.verbose ?? 0 };
  if (!wantsTerminal(options, out.isTerminal, env)) return createLinesView(settings);
  const { createTerminalView } = await import('../../report/terminal.ts');
  return createTerminalView({ ...settings, clock });
}

/** CI systems give some jobs a terminal that nobody watches. */
function wantsTerminal({ view, verbose = 0 }: PlayOptions, isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (view !== 'auto') return view === 'terminal' && isTerminal;
  return isTerminal && verbose === 0 && (env['CI'] ?? '') === '' && env['TERM'] !== 'dumb';
}
