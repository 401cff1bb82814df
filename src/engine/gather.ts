import { gatherId } from '../playbook/select.ts';
import type { Task } from '../playbook/tree.ts';
import type { PlayContext } from './context.ts';

/** The task that gathers facts at the start of a play; absent with `gather_facts: false`. It may fuse with what reads no facts. */
export function gatherTask(play: PlayContext): Task | undefined {
  const { keywords, at } = play.play;
  if (!play.settings.gatherFacts) return undefined;
  const module = play.run.options.module('setup');
  if (module === undefined) return undefined;
  return {
    kind: 'task',
    id: gatherId(play.play),
    at,
    name: { kind: 'constant', value: 'Gathering Facts', at },
    keywords: { ...keywords, tags: [...new Set([...keywords.tags, 'always'])] },
    file: at.source.path,
    action: 'setup',
    module,
    args: { kind: 'mapping', entries: new Map(), at },
    until: [],
    notify: [],
  };
}
