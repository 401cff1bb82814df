/** One node's balancer, as it is known now. */
export interface NodeView {
  readonly name: string;
  /** Names of the servers that its haproxy has loaded; `unknown` where the node cannot be asked. */
  readonly loaded: ReadonlySet<string> | 'unknown';
  /**
   * Names of those that its haproxy has up. Where it is known, a server counts only if the API server itself and this node
   * say so: one that is healthy behind a path that is cut is of no use to the node. Absent: not asked.
   */
  readonly up?: ReadonlySet<string>;
}

/** How much a node has left while some API servers are taken away. */
export interface NodeMargin {
  readonly node: string;
  /** Servers that it lists, that are healthy (and up, where the node was asked), and that stay. */
  readonly keeps: readonly string[];
  /** How many it lists at all; `unknown` where it cannot be asked. */
  readonly listed: number | 'unknown';
}

export interface MarginVerdict {
  readonly safe: boolean;
  readonly needs: number;
  /** The node with the least left; absent without nodes. */
  readonly weakest: NodeMargin | undefined;
  /** Every node that would have too little. */
  readonly failing: readonly NodeMargin[];
}

/**
 * The never-empty rule (design §6): a batch may take API servers away only if for every node of the cluster
 * |loaded ∩ healthy \ taken| ≥ least. A node that cannot be asked has nothing to spare.
 */
export function marginOf(
  nodes: readonly NodeView[],
  healthy: ReadonlySet<string>,
  taken: ReadonlySet<string>,
  least: number,
): MarginVerdict {
  const margins = nodes.map((node) => nodeMargin(node, healthy, taken));
  const failing = margins.filter((one) => one.keeps.length < least);
  const weakest = margins.reduce<NodeMargin | undefined>(
    (fewest, one) => (fewest === undefined || one.keeps.length < fewest.keeps.length ? one : fewest),
    undefined,
  );
  return { safe: failing.length === 0, needs: least, weakest, failing };
}

function nodeMargin(node: NodeView, healthy: ReadonlySet<string>, taken: ReadonlySet<string>): NodeMargin {
  if (node.loaded === 'unknown') return { node: node.name, keeps: [], listed: 'unknown' };
  const { loaded, up = loaded } = node;
  const keeps = [...loaded].filter((server) => healthy.has(server) && up.has(server) && !taken.has(server));
  return { node: node.name, keeps, listed: loaded.size };
}

/** The verdict's numbers in words, for a person. */
export function marginText(verdict: MarginVerdict): string {
  const { weakest, needs } = verdict;
  if (weakest === undefined) return 'no node has a balancer';
  if (weakest.listed === 'unknown')
    return `node ${weakest.node} cannot be asked and counts as having nothing to spare; ${needs} needed`;
  const names = weakest.keeps.length === 0 ? 'none' : weakest.keeps.join(', ');
  return `weakest node ${weakest.node} keeps ${weakest.keeps.length} of ${weakest.listed} backends (${names}), needs ${needs}`;
}
