import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { marginQueries, nameOf } from '../ha/cluster-look.ts';
import { type MarginVerdict, marginOf, marginText, type NodeMargin, type NodeView } from '../ha/margin.ts';
import { type LoadStep, mayLoad, transitionOf, undoOf } from '../ha/transition.ts';
import type { Disrupts, ListedServer, Listing } from '../module/define.ts';
import { defineGuard, type GuardVerdict, type Situation } from '../module/guard.ts';
import { bool, filledText, int, list, optional, withDefault } from '../module/params.ts';
import { type Observed, observedCluster, serversTaken } from './cluster/observed.ts';
import { overCluster } from './cluster/over-cluster.ts';
import { refusal } from './cluster/refusal.ts';

const server = z.strictObject({
  name: filledText(),
  address: filledText(),
  port: int({ min: 1, max: 65535 }).default(6443),
});

const params = z.strictObject({
  min: withDefault(int({ min: 1 }), 1, 'Live API servers that the balancer of every node keeps at every moment'),
  nodes: optional(filledText(), 'Pattern of the hosts whose balancers count; every one of the cluster when left out'),
  servers: optional(
    z.array(server).min(1, { error: 'Expected at least one API server' }),
    'The list that every balancer has in the end: nothing leaves any of them before all have it, and have it live',
  ),
  allow_unknown: withDefault(list(filledText()), [], 'Names of nodes that may be left out where they cannot be asked'),
  allow_gap: withDefault(
    bool(),
    false,
    'Let a node be without its balancer while that is replaced, one node at a time',
  ),
  patience: withDefault(int({ min: 0 }), 60, 'Seconds that servers may take to come up again after a batch'),
});
type Params = z.output<typeof params>;

/** Never empty: what a batch takes away must leave every node of the cluster its live API servers (design §6). */
export default defineGuard({
  name: 'api_backends',
  summary: 'Lets a batch begin only where the balancer of every node keeps enough live API servers',
  examples: ['api_backends', 'api_backends:\n  min: 2\n  allow_unknown: [worker7]'],
  params,
  ...overCluster<Params>({
    ask: marginQueries,
    counts: ['api_server', 'etcd', 'node', 'balancer'],
    judge: (p, situation, observed) => verdictOn(p, situation, observed),
  }),
  undo: (p, { cluster, looks, taken }, before) => {
    const [now, then] = [observedCluster(cluster, looks), observedCluster(cluster, before)];
    if (!now.ok) return refusal(`The cluster cannot be told from the inventory: ${now.error}`);
    const problem = then.ok ? undoProblem(p, [...taken.keys()], now.value, then.value) : undefined;
    return problem === undefined ? { verdict: 'pass', message: '', numbers: {} } : refusal(problem.message);
  },
});

/** An API server stands on the etcd beside it, and both on their node. */
const standsOn: readonly Disrupts[] = ['api_server', 'etcd', 'node'];

function verdictOn(p: Params, situation: Situation, observed: Observed): GuardVerdict {
  const nodes = countedNodes(p, situation, observed).map((node) => withoutAnnouncers(node, situation, observed));
  const away = serversTaken(situation, observed, standsOn);
  const healthy = new Set([...observed.view.healthy].filter((name) => !away.has(name)));
  const gaps = gapsIn(situation, observed);
  const [gap, ...moreGaps] = gaps;
  if (gap !== undefined && !p.allow_gap) {
    return refusal(
      `${gaps.join(', ')} would be without a balancer, with 0 backends, while it is replaced, restarted or made to listen elsewhere`,
      'Change its servers with haproxy_config, which hands the listener over, or accept the gap with "allow_gap: true"',
    );
  }
  if (moreGaps.length > 0)
    return refusal(`${gaps.length} nodes would be without a balancer at once: ${gaps.join(', ')}`);
  const staying = nodes.filter((node) => !isApart(situation, observed, node, away, gaps));
  if (staying.length === 0 && nodes.length === 0) {
    return refusal('No node has a balancer that counts', 'Check "nodes", and the groups of the inventory');
  }
  const margin = marginOf(staying, observed.view.healthy, away, p.min);
  const numbers = numbersOf(p, margin, staying, observed, away);
  if (!margin.safe) return { verdict: 'refuse', ...marginRefusal(margin, observed, away, situation), numbers };
  if (healthy.size < p.min) {
    const message = `${awayText(away)}the cluster keeps ${healthy.size} of ${observed.view.healthy.size} live API servers; needs ${p.min}`;
    return { verdict: 'refuse', message, numbers };
  }
  const problem = orderProblem(p, situation, observed, nodes, healthy) ?? listProblem(p, situation, observed, healthy);
  if (problem !== undefined) return { verdict: 'refuse', ...problem, numbers };
  const left = leftOut(p, observed);
  return { verdict: 'pass', message: `${awayText(away)}${marginText(margin)}${left}`, numbers };
}

interface Problem {
  readonly message: string;
  readonly help?: string;
}

/** Every node whose kubelet goes through a balancer, but for those that are named as not to be waited for. */
function countedNodes(p: Params, { cluster }: Situation, { view, apart }: Observed): readonly NodeView[] {
  const among = p.nodes === undefined ? undefined : new Set(cluster.match(p.nodes));
  return view.nodes.filter(
    (node) =>
      (among === undefined || among.has(node.name)) &&
      !apart.has(node.name) &&
      !(node.loaded === 'unknown' && p.allow_unknown.includes(node.name)),
  );
}

/** The shared address cannot be at a control plane whose kube-vip is replaced. */
function withoutAnnouncers(node: NodeView, { taken }: Situation, { cluster }: Observed): NodeView {
  if (node.name !== cluster.vip || node.loaded === 'unknown') return node;
  return {
    ...node,
    loaded: new Set([...node.loaded].filter((name) => taken.get(name)?.disrupts.has('balancer') !== true)),
  };
}

/** Nodes that lose their listener and go on: of a host that is taken as a whole nobody there is left to ask, unless it balances for others. */
function gapsIn({ taken }: Situation, { cluster, apart }: Observed): readonly string[] {
  return [...cluster.balancers].flatMap(([name, { placement }]) => {
    const work = taken.get(name)?.disrupts;
    if (work === undefined || apart.has(name)) return [];
    return work.has('balancer') || (placement === 'external' && work.has('node')) ? [name] : [];
  });
}

/**
 * A node that is taken as a whole need not keep anything, unless the same work takes API servers of other hosts from it: a
 * node may be back, or may never have gone, while those are still away.
 */
function isApart(
  situation: Situation,
  observed: Observed,
  { name, loaded }: NodeView,
  away: ReadonlySet<string>,
  gaps: readonly string[],
): boolean {
  const work = situation.taken.get(name);
  const isExternal = observed.cluster.balancers.get(name)?.placement === 'external';
  if (work === undefined || !(gaps.includes(name) || (work.disrupts.has('node') && !isExternal))) return false;
  const own = serversTaken({ cluster: situation.cluster, taken: new Map([[name, work]]) }, observed, standsOn);
  const lost = loaded === 'unknown' ? [] : [...loaded].filter((server) => away.has(server) && !own.has(server));
  return lost.length === 0;
}

/**
 * Each list that the work loads must be live by itself, and what a node loses must not be what it lives on: also on a node
 * that need not be waited for, since the roll touches it.
 */
function listProblem(
  p: Params,
  situation: Situation,
  observed: Observed,
  healthy: ReadonlySet<string>,
): Problem | undefined {
  for (const [name, { lists }] of situation.taken) {
    const seen = observed.view.nodes.find((one) => one.name === name);
    if (seen === undefined || observed.apart.has(name)) continue;
    for (const listed of lists) {
      if (typeof listed === 'string') {
        const problem = untoldProblem(name, listed, observed);
        if (problem !== undefined) return problem;
        continue;
      }
      const names = namesOf(listed, observed);
      // Of a node that is left out by name it is only known what it would list then.
      const isLeftOut = seen.loaded === 'unknown' && p.allow_unknown.includes(name);
      const node = isLeftOut ? { name, loaded: new Set<string>() } : seen;
      const step = stepTo(node, names);
      if (!mayLoad(step, node, healthy, p.min).safe) return loadRefusal(step, node, observed, healthy, p.min);
    }
  }
  return undefined;
}

/** A list that nobody has written down yet; a service's own file is known where the balancer says that it serves that very file. */
function untoldProblem(
  name: string,
  listed: Extract<Listing, string>,
  { cluster, answers }: Observed,
): Problem | undefined {
  const message = `Which API servers ${name} would list cannot be told ahead`;
  if (listed === 'unknown')
    return { message, help: 'Give "servers" of haproxy_config without results of tasks that run in the roll' };
  // There the balancer is a pod, and the service something else's.
  if (cluster.balancers.get(name)?.placement === 'static_pod') return undefined;
  const answer = answers.get(name);
  const { servedHash, fileHash } = (answer?.kind === 'look' ? answer.look.balancer : undefined) ?? {};
  if (listed === 'file' && servedHash !== undefined && servedHash === fileHash) return undefined;
  return {
    message: `${message}: a service of haproxy would read a configuration that ${listed === 'file' ? 'it does not serve now' : 'a task of the roll may have changed'}`,
    help: 'Write the configuration with haproxy_config, which has it loaded too',
  };
}

/** A former list takes servers away as a contraction does: what the node listed before may have died since. */
function undoProblem(p: Params, names: readonly string[], now: Observed, then: Observed): Problem | undefined {
  for (const name of names) {
    const node = now.view.nodes.find((one) => one.name === name);
    const former = then.view.nodes.find((one) => one.name === name)?.loaded;
    // Of a list that nobody saw only the host itself can tell; it looks before it loads anything back.
    if (node === undefined || former === undefined || former === 'unknown' || now.apart.has(name)) continue;
    const { loaded } = node;
    const isSame = loaded !== 'unknown' && loaded.size === former.size && [...former].every((one) => loaded.has(one));
    // Where nothing lives any more nothing can be lost: the host looks at the former servers itself.
    if (isSame || !marginOf([node], now.view.healthy, new Set(), p.min).safe) continue;
    const made: LoadStep = {
      phase: 'expand',
      node: name,
      from: [...former],
      to: loaded === 'unknown' ? [] : [...loaded],
    };
    const step = undoOf(made);
    if (!mayLoad(step, node, now.view.healthy, p.min).safe)
      return loadRefusal(step, node, now, now.view.healthy, p.min);
  }
  return undefined;
}

function stepTo(node: NodeView, to: readonly string[]): LoadStep {
  const from = node.loaded === 'unknown' ? [] : [...node.loaded];
  const phase = from.every((name) => to.includes(name)) ? 'expand' : 'contract';
  return { phase, node: node.name, from, to };
}

/** Expand, verify, contract: nothing leaves any list before every node has the new one, and has it live (design §6). */
function orderProblem(
  p: Params,
  { taken, moment }: Situation,
  observed: Observed,
  nodes: readonly NodeView[],
  healthy: ReadonlySet<string>,
): Problem | undefined {
  if (p.servers === undefined) return undefined;
  const desired = namesOf(p.servers, observed);
  const transition = transitionOf({ nodes, desired, healthy, least: p.min });
  if (transition.kind === 'refused') {
    const on = transition.nodes.join(', ');
    if (transition.reason === 'unknown') return { message: `Cannot ask ${on} what its balancer has loaded` };
    if (transition.reason === 'empty') return { message: `The new list of backends is empty on ${on}, needs ${p.min}` };
    const alive = desired.filter((name) => healthy.has(name)).length;
    const state = (name: string): string =>
      observed.view.healthy.has(name) && !healthy.has(name) ? 'would be taken away' : stateText(name, observed);
    const states = desired.map((name) => `${name} ${state(name)}`).join(', ');
    return {
      message: `The new list keeps ${alive} of ${desired.length} live backends on ${on}, needs ${p.min}: ${states}`,
    };
  }
  const shrinks = [...taken].some(([name, { lists }]) => {
    const node = nodes.find((one) => one.name === name);
    const to = lists.flatMap((one) => (typeof one === 'string' ? [] : [namesOf(one, observed)]));
    return node !== undefined && to.some((names) => stepTo(node, names).phase === 'contract');
  });
  if (!shrinks) return undefined;
  // Before the first change it is only known that the new list can be reached; the order is asked of each batch.
  const waiting = moment === 'roll' ? undefined : transition.steps.find((step) => step.phase === 'expand');
  if (waiting !== undefined) {
    const missing = waiting.to.filter((name) => !waiting.from.includes(name)).join(', ');
    return {
      message: `Node ${waiting.node} does not list ${missing} yet, and nothing may leave a list before all of the new ones are in every list`,
      help: 'Roll haproxy_config with "keep_loaded: true" over all nodes first',
    };
  }
  for (const node of nodes) {
    const step: LoadStep = { phase: 'contract', node: node.name, from: [], to: desired };
    if (moment !== 'roll' && !mayLoad(step, node, healthy, p.min).safe)
      return loadRefusal(step, node, observed, healthy, p.min);
  }
  return undefined;
}

/** The inventory's names of the servers of a list; one that the inventory does not know keeps its own. */
function namesOf(servers: readonly ListedServer[], { cluster }: Observed): readonly string[] {
  return servers.map((one) => nameOf(cluster, one));
}

function loadRefusal(
  step: LoadStep,
  node: NodeView,
  observed: Observed,
  healthy: ReadonlySet<string>,
  least: number,
): Problem {
  const { up } = node;
  const states = step.to.map((name) => {
    const state = stateText(name, observed);
    if (!healthy.has(name)) return `${name} ${state}`;
    return step.phase === 'contract' && up !== undefined && !up.has(name)
      ? `${name} not up on this node`
      : `${name} ready`;
  });
  const keeps = mayLoad(step, node, healthy, least).weakest?.keeps.length ?? 0;
  const from = step.from.length === 0 ? '' : ` instead of ${step.from.join(', ')}`;
  return {
    message: `Node ${step.node} would list ${step.to.join(', ') || 'no server'}${from} and keep ${keeps} of ${step.to.length} live backends, needs ${least}: ${states.join(', ')}`,
    help: 'Add servers that are ready first, and take old ones out when every node has the new ones up',
  };
}

function stateText(name: string, { view }: Observed): string {
  const look = view.ready.get(name);
  if (look === undefined) return 'not asked';
  if (look.ready) return 'ready';
  return look.status === undefined ? `does not answer (${look.error ?? 'no reason given'})` : `answers ${look.status}`;
}

function marginRefusal(
  margin: MarginVerdict,
  observed: Observed,
  away: ReadonlySet<string>,
  { looks }: Situation,
): Problem {
  const of = (node: NodeMargin): string => {
    if (node.listed === 'unknown') {
      const look = looks.get(node.node);
      const reason = look?.kind === 'unreachable' ? look.reason : 'its balancer does not say what it has loaded';
      return `node ${node.node} cannot be asked (${reason}) and counts as having nothing to spare`;
    }
    const view = observed.view.nodes.find((one) => one.name === node.node);
    const loaded = view === undefined || view.loaded === 'unknown' ? [] : [...view.loaded];
    const states = loaded.map((name) => {
      if (away.has(name)) return `${name} would be taken away`;
      if (node.keeps.includes(name)) return `${name} stays`;
      return observed.view.healthy.has(name) ? `${name} not up on this node` : `${name} ${stateText(name, observed)}`;
    });
    return `node ${node.node} keeps ${node.keeps.length} of ${node.listed} backends${states.length === 0 ? '' : ` (${states.join(', ')})`}`;
  };
  const unknown = margin.failing.filter((node) => node.listed === 'unknown').map((node) => node.node);
  return {
    message: `${awayText(away)}${margin.failing.map(of).join('; ')}; needs ${margin.needs}`,
    ...(unknown.length === 0
      ? {}
      : { help: `Make ${unknown.join(', ')} reachable, or leave it out by name with "allow_unknown"` }),
  };
}

function awayText(away: ReadonlySet<string>): string {
  return away.size === 0 ? '' : `while ${[...away].join(', ')} ${away.size === 1 ? 'is' : 'are'} away: `;
}

function leftOut(p: Params, { view, apart }: Observed): string {
  const unknown = view.nodes.filter((node) => node.loaded === 'unknown' && p.allow_unknown.includes(node.name));
  const parts = [
    ...(unknown.length === 0 ? [] : [`left out by name: ${unknown.map((node) => node.name).join(', ')}`]),
    ...(apart.size === 0 ? [] : [`not joined yet: ${[...apart].join(', ')}`]),
  ];
  return parts.length === 0 ? '' : `; ${parts.join('; ')}`;
}

function numbersOf(
  p: Params,
  { weakest }: MarginVerdict,
  nodes: readonly NodeView[],
  { view }: Observed,
  away: ReadonlySet<string>,
): JsonObject {
  return {
    min: p.min,
    nodes: nodes.length,
    healthy: [...view.healthy],
    away: [...away],
    weakest:
      weakest === undefined
        ? null
        : {
            node: weakest.node,
            keeps: [...weakest.keeps],
            listed: weakest.listed === 'unknown' ? null : weakest.listed,
          },
  };
}
