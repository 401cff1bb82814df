import { painter } from '../../core/paint.ts';
import { createAdHocView } from '../../report/ad-hoc.ts';
import { createFactsView } from '../../report/facts.ts';
import type { View } from '../../report/view.ts';
import type { PlayOptions } from '../play/options.ts';
import { play } from '../play/play.ts';
import type { System } from '../system.ts';
import { type AdHocTask, adHocPath, playText } from './play-text.ts';

/** What an ad-hoc command was given; the same as for a play, without what is about plays. */
export type AdHocOptions = Omit<PlayOptions, 'fuse' | 'view'>;

/** `hlb run` and `hlb ping`: a play of one task, checked and run as any other. */
export function runTask(task: AdHocTask, options: AdHocOptions, system: System): Promise<number> {
  const { out } = system;
  const view = createAdHocView({ write: out.write, paint: painter(options.color && out.color) });
  return runIn(view, task, options, system);
}

/** `hlb facts`: the facts of hosts as JSON. */
export function showFacts(
  pattern: string,
  options: AdHocOptions & { readonly filter?: readonly string[] },
  system: System,
): Promise<number> {
  const { out, err } = system;
  const paint = painter(options.color && err.color);
  const view = createFactsView({ write: out.write, writeError: err.write, paint });
  const args = options.filter === undefined ? {} : { args: JSON.stringify({ filter: options.filter }) };
  return runIn(view, { pattern, module: 'setup', ...args }, options, system);
}

function runIn(view: View, task: AdHocTask, options: AdHocOptions, system: System): Promise<number> {
  const shown = options.json === true ? {} : { ownView: view };
  const texts = new Map([[adHocPath, playText(task)]]);
  return play([adHocPath], { ...options, fuse: true, view: 'lines' }, system, { texts, ...shown });
}
