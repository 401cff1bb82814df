import type { Term } from '../vars/term.ts';
import type { Keywords } from './tree.ts';

/** Keywords of which only those that stand there are set. */
export type OwnKeywords = Partial<Keywords>;

/** What an entry has from the play, roles and blocks around it. */
export interface Inherited {
  readonly keywords: Keywords;
  readonly notify: readonly Term[];
  readonly disrupts: readonly Disruption[] | undefined;
}
export type Disruption = 'nothing' | 'balancer' | 'api_server' | 'etcd' | 'node';

export const noKeywords: Keywords = { when: [], tags: [], environment: [], moduleDefaults: [], vars: [] };

/**
 * Ansible's rules: conditions of outer entries come first, tags are joined, environments and module defaults are layered with
 * the inner ones winning, variables are layered, and of everything else the nearest counts.
 */
export function inherit(outer: Keywords, own: OwnKeywords): Keywords {
  return {
    ...outer,
    ...own,
    when: [...outer.when, ...(own.when ?? [])],
    tags: [...new Set([...outer.tags, ...(own.tags ?? [])])],
    environment: layered(outer.environment, own.environment),
    moduleDefaults: layered(outer.moduleDefaults, own.moduleDefaults),
    vars: layered(outer.vars, own.vars),
  };
}

function layered<T>(outer: readonly T[], own: readonly T[] | undefined): readonly T[] {
  return own === undefined || own.length === 0 ? outer : [...outer, ...own];
}
