import { toText } from '../expr/runtime/text.ts';
import type { Block, Entry, Rolling } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import type { PlayContext } from './context.ts';
import { partsOf } from './open-play.ts';

/** Something of a play that rolls: the play itself, or a block or role in it. */
export interface FoundRoll {
  readonly name: string;
  readonly rolling: Rolling;
  readonly entries: readonly Entry[];
}

/** What rolls in a play, as far as it stands in the text: what is included when it runs is not known yet. */
export function rollsOf(context: PlayContext): readonly FoundRoll[] {
  const entries = partsOf(context).flat();
  const { rolling } = context.play;
  if (rolling !== undefined) return [{ name: context.name, rolling, entries }];
  return entries.flatMap((entry) => (entry.kind === 'block' ? rollsIn(entry, context.name) : []));
}

function rollsIn(block: Block, play: string): readonly FoundRoll[] {
  const entries = [...block.entries, ...block.rescue, ...block.always];
  if (block.rolling !== undefined) return [{ name: nameOf(block.name) ?? play, rolling: block.rolling, entries }];
  return entries.flatMap((entry) => (entry.kind === 'block' ? rollsIn(entry, play) : []));
}

function nameOf(name: Term | undefined): string | undefined {
  return name?.kind === 'constant' ? toText(name.value) : undefined;
}
