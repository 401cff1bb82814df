import { type MarginVerdict, marginOf, type NodeView } from './margin.ts';

/** One change of one node's server list. */
export interface LoadStep {
  readonly phase: 'expand' | 'contract';
  readonly node: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

export interface Situation {
  readonly nodes: readonly NodeView[];
  /** The servers that every node shall list in the end. */
  readonly desired: readonly string[];
  /** API servers that answer 200 at their own /readyz. */
  readonly healthy: ReadonlySet<string>;
  /** How many live backends every node must keep at every moment. */
  readonly least: number;
}

export type Transition =
  /** All of expand, seen healthy on every node, before any of contract. */
  | { readonly kind: 'steps'; readonly steps: readonly LoadStep[] }
  | { readonly kind: 'refused'; readonly reason: 'empty' | 'unknown' | 'dead'; readonly nodes: readonly string[] };

/**
 * From any lists to the desired one, so that no node is ever without a live backend: old ∪ new is loaded and seen on
 * every node before anything old leaves (design §6).
 */
export function transitionOf(situation: Situation): Transition {
  const { nodes, healthy, least } = situation;
  const desired = [...new Set(situation.desired)];
  const all = nodes.map((node) => node.name);
  if (desired.length === 0) return { kind: 'refused', reason: 'empty', nodes: all };
  const unknown = nodes.filter((node) => node.loaded === 'unknown').map((node) => node.name);
  if (unknown.length > 0) return { kind: 'refused', reason: 'unknown', nodes: unknown };
  const alive = desired.filter((server) => healthy.has(server));
  if (alive.length < least) return { kind: 'refused', reason: 'dead', nodes: all };
  const expansions = nodes.flatMap((node): LoadStep[] => {
    const { from, union } = listsOf(node, desired);
    return sameSet(from, union) ? [] : [{ phase: 'expand', node: node.name, from, to: union }];
  });
  const contractions = nodes.flatMap((node): LoadStep[] => {
    const { union } = listsOf(node, desired);
    return sameSet(union, desired) ? [] : [{ phase: 'contract', node: node.name, from: union, to: desired }];
  });
  return { kind: 'steps', steps: [...expansions, ...contractions] };
}

/**
 * Whether a step may be taken now, asked right before it with a fresh look at the node and at every API server: what was
 * true when it was planned may not be any more. Before a contraction a server counts only if the node has it up.
 */
export function mayLoad(step: LoadStep, node: NodeView, healthy: ReadonlySet<string>, least: number): MarginVerdict {
  const loaded = node.loaded === 'unknown' ? node.loaded : new Set(step.to);
  const { name, up } = node;
  const view = step.phase === 'contract' && up !== undefined ? { name, loaded, up } : { name, loaded };
  return marginOf([view], healthy, new Set(), least);
}

/**
 * The step that takes a load back. It takes servers away as a contraction does and needs `mayLoad` like one: what the node
 * listed before may have died since.
 */
export function undoOf(step: LoadStep): LoadStep {
  return { phase: 'contract', node: step.node, from: step.to, to: step.from };
}

function listsOf(node: NodeView, desired: readonly string[]) {
  const from = node.loaded === 'unknown' ? [] : [...node.loaded];
  return { from, union: [...new Set([...from, ...desired])] };
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const set = new Set(one);
  return set.size === new Set(other).size && other.every((item) => set.has(item));
}
