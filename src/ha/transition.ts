import { marginOf, type NodeView } from './margin.ts';

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
  | { readonly kind: 'refused'; readonly message: string; readonly nodes: readonly string[] };

/**
 * From any lists to the desired one, so that no node is ever without a live backend: old ∪ new is loaded and seen on
 * every node before anything old leaves (design §6).
 */
export function transitionOf(situation: Situation): Transition {
  const { nodes, desired, healthy, least } = situation;
  const refused = (message: string, names: readonly string[]): Transition => ({
    kind: 'refused',
    message,
    nodes: names,
  });
  if (desired.length === 0)
    return refused(
      'The new list of backends is empty',
      nodes.map((node) => node.name),
    );
  const unknown = nodes.filter((node) => node.loaded === 'unknown').map((node) => node.name);
  if (unknown.length > 0) return refused(`Cannot ask ${unknown.join(', ')} what its balancer has loaded`, unknown);
  const alive = desired.filter((server) => healthy.has(server));
  if (alive.length < least) {
    const list = desired.map((server) => `${server} ${healthy.has(server) ? 'ready' : 'not ready'}`).join(', ');
    return refused(
      `The new list keeps ${alive.length} live backends and ${least} are needed: ${list}`,
      nodes.map((node) => node.name),
    );
  }
  const steps = nodes.flatMap((node): LoadStep[] => {
    const from = listOf(node);
    const union = [...new Set([...from, ...desired])];
    return sameSet(from, union) ? [] : [{ phase: 'expand', node: node.name, from, to: union }];
  });
  const contractions = nodes.flatMap((node): LoadStep[] => {
    const union = [...new Set([...listOf(node), ...desired])];
    return sameSet(union, desired) ? [] : [{ phase: 'contract', node: node.name, from: union, to: desired }];
  });
  return { kind: 'steps', steps: [...steps, ...contractions] };
}

/** Whether a step may be taken now, asked again right before it: what was healthy when it was planned may not be any more. */
export function mayLoad(step: LoadStep, healthy: ReadonlySet<string>, least: number): boolean {
  return marginOf([{ name: step.node, loaded: new Set(step.to) }], healthy, new Set(), least).safe;
}

function listOf(node: NodeView): readonly string[] {
  return node.loaded === 'unknown' ? [] : [...node.loaded];
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const set = new Set(one);
  return set.size === new Set(other).size && other.every((item) => set.has(item));
}
