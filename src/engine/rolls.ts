import { toText } from '../expr/runtime/text.ts';
import type { Block, Entry, Rolling } from '../playbook/tree.ts';
import type { Term } from '../vars/term.ts';
import type { BatchContext, PlayContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { partsOf } from './open-play.ts';

/** What rolls: its settings, its tasks, and the batch that they see some of its hosts in. */
export interface Rolled {
  readonly rolling: Rolling;
  readonly entries: readonly Entry[];
  /** Of a block or role, the batch of the play around it, whoever rolls. */
  readonly batchOf: (hosts: readonly HostState[]) => BatchContext;
}

/** Something of a play that rolls: the play itself, or a block or role in it. */
export interface FoundRoll extends Rolled {
  readonly name: string;
}

/** What rolls in a play, as far as it stands in the text: what is included when it runs is not known yet. */
export function rollsOf(context: PlayContext): readonly FoundRoll[] {
  const entries = partsOf(context).flat();
  const { rolling } = context.play;
  if (rolling !== undefined)
    return [
      { name: context.name, rolling, entries, batchOf: (hosts) => ({ play: context, hosts, size: hosts.length }) },
    ];
  const batch = { play: context, hosts: context.hosts, size: context.hosts.length };
  return entries.flatMap((entry) => (entry.kind === 'block' ? rollsIn(entry, batch) : []));
}

function rollsIn(block: Block, batch: BatchContext): readonly FoundRoll[] {
  const entries = [...block.entries, ...block.rescue, ...block.always];
  if (block.rolling !== undefined)
    return [{ name: nameOf(block.name) ?? batch.play.name, rolling: block.rolling, entries, batchOf: () => batch }];
  return entries.flatMap((entry) => (entry.kind === 'block' ? rollsIn(entry, batch) : []));
}

function nameOf(name: Term | undefined): string | undefined {
  return name?.kind === 'constant' ? toText(name.value) : undefined;
}
