import { marginOf, type NodeView } from '../../src/ha/margin.ts';
import { additionOf, type Member, quorumOf, removalOf } from '../../src/ha/quorum.ts';
import { type LoadStep, mayLoad, transitionOf, undoOf } from '../../src/ha/transition.ts';

/**
 * An exhaustive walk over what hlb, the API servers and the nodes can do while a list of control planes changes. Every
 * decision of hlb's is made by the functions of src/ha; the model holds only the world that they look at.
 *
 * hlb looks and acts in one step: a death between its look and its act is no step of its own. A reload with the same list
 * changes no list, so it is no step here.
 */

/** What keeps a node from being emptied; each can be removed to see that the walk notices. */
export const guards = ['margin', 'fresh', 'expand', 'verify', 'quorum', 'unknown', 'undo'] as const;
export type Guard = (typeof guards)[number];

/** `config`: API servers are restarted with a new configuration, up to two at once; the others change the set. */
export type Operation = 'add' | 'remove' | 'replace' | 'config';

export interface Scenario {
  readonly operation: Operation;
  /** Control planes before the operation, 1 to 5. */
  readonly controlPlanes: number;
  /** A server that the first node cannot reach although it is healthy; the last one is what is added. */
  readonly cutOff: number | undefined;
  /** Deaths, lost nodes, failed loads and deaths of hlb in one walk. */
  readonly failures: number;
  readonly least: number;
  readonly without: Guard | undefined;
}

export interface Findings {
  readonly states: number;
  readonly steps: number;
  /** States in which the operation is done (of `config`: in which a server is being restarted). */
  readonly done: number;
  /** The first step of hlb's own that emptied a node or cost etcd its quorum, with the way to it. */
  readonly violation: readonly string[] | undefined;
}

const nodes = [0, 1, 2] as const;

/** What is true of one server, as bits: alive, listed by node 0, 1 and 2, taken away for a moment, an etcd member, remembered. */
const alive = 1;
const listed = (node: number): number => 2 << node;
const away = 16;
const member = 32;
/** Alive at hlb's last look (only where `fresh` is removed), or listed before the load that is being undone. */
const remembered = 64;

const phases = { start: 0, expand: 1, contract: 2, undo: 3 } as const;

interface State {
  /** One a server, as bits. */
  readonly servers: readonly number[];
  /** `undo` is of one node: undo + node. */
  readonly phase: number;
  /** Bits: the nodes that can be asked. */
  readonly askable: number;
  /** The server that is added has joined by half: it is in etcd without a vote. */
  readonly learner: boolean;
  readonly failures: number;
}

interface Step {
  readonly name: string;
  readonly byHlb: boolean;
  readonly to: State;
}

/** Walks every state that can be reached, until a violation or the end. */
export function walk(scenario: Scenario): Findings {
  const world = worldOf(scenario);
  const seen = new Set<number>();
  const queue: { readonly state: State; readonly via: Trail | undefined }[] = [];
  let steps = 0;
  let done = 0;
  const visit = (state: State, via: Trail | undefined): void => {
    const canonical = world.canonical(state);
    if (seen.has(canonical.key)) return;
    seen.add(canonical.key);
    if (world.done(canonical.state)) done++;
    queue.push({ state: canonical.state, via });
  };
  for (const state of initialStates(scenario)) visit(state, undefined);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { state } = next;
    for (const step of world.steps(state)) {
      steps++;
      const harm = step.byHlb ? world.harm(state, step.to) : undefined;
      const via = { before: next.via, text: `${shown(state)} ${step.name}` };
      if (harm !== undefined)
        return { states: seen.size, steps, done, violation: [...trailOf(via), harm, shown(step.to)] };
      visit(step.to, via);
    }
  }
  return { states: seen.size, steps, done, violation: undefined };
}

interface Trail {
  readonly before: Trail | undefined;
  readonly text: string;
}

function trailOf(trail: Trail | undefined): readonly string[] {
  return trail === undefined ? [] : [...trailOf(trail.before), trail.text];
}

function shown(state: State): string {
  const servers = state.servers.map(
    (bits, index) =>
      `s${index}${bits & alive ? '+' : '-'}${nodes.filter((node) => bits & listed(node)).join('')}${bits & away ? 'a' : ''}${bits & member ? 'm' : ''}`,
  );
  return `[${servers.join(' ')} phase ${state.phase} askable ${state.askable}]`;
}

/** Any list on each node, any health; every control plane is a member of etcd. Of servers that are alike, one order is enough. */
function* initialStates(scenario: Scenario): Generator<State> {
  const { controlPlanes, failures } = scenario;
  const roles = rolesOf(scenario);
  const kinds = Array.from({ length: 16 }, (_, kind) => kind | member);
  function* columns(before: readonly number[]): Generator<readonly number[]> {
    const server = before.length;
    const alike = server > 0 && roles[server] === roles[server - 1];
    const least = alike ? (before[server - 1] ?? 0) : 0;
    if (server === roles.length) yield before;
    else if (server >= controlPlanes) yield* columns([...before, 0]);
    else for (const kind of kinds) if (kind >= least) yield* columns([...before, kind]);
  }
  for (const servers of columns([])) {
    if (nodes.every((node) => servers.some((bits) => bits & listed(node))))
      yield { servers, phase: phases.start, askable: 7, learner: false, failures };
  }
}

function worldOf(scenario: Scenario) {
  const { operation, controlPlanes, cutOff, least, without } = scenario;
  const adds = operation === 'add' || operation === 'replace';
  const removes = operation === 'remove' || operation === 'replace';
  const total = controlPlanes + (adds ? 1 : 0);
  const added = adds ? total - 1 : undefined;
  const removed = removes ? 0 : undefined;
  const names = Array.from({ length: total }, (_, server) => `cp${server + 1}`);
  const all = (1 << total) - 1;
  const desired = all & ~(removed === undefined ? 0 : 1 << removed);
  const setOf = memo((mask: number) => new Set(namesOf(mask)));
  function namesOf(mask: number): readonly string[] {
    return names.filter((_, server) => mask & (1 << server));
  }
  const maskOf = (list: readonly string[]): number => list.reduce((mask, name) => mask | (1 << names.indexOf(name)), 0);
  const reach = nodes.map((node) => (node === 0 && cutOff !== undefined ? all & ~(1 << cutOff) : all));
  const column = (state: State, bit: number): number =>
    state.servers.reduce((mask, bits, server) => (bits & bit ? mask | (1 << server) : mask), 0);
  const live = (state: State): number => column(state, alive) & ~column(state, away);
  const serving = (state: State, node: number): number =>
    column(state, listed(node)) & live(state) & (reach[node] ?? 0);

  /** What hlb believes to be healthy: what it sees now, or what it saw when it began. */
  const believed = (state: State): number => (without === 'fresh' ? column(state, remembered) : live(state));

  function viewOf(state: State, node: number): NodeView {
    const list = column(state, listed(node));
    const known = state.askable & (1 << node);
    const up = setOf(list & believed(state) & (reach[node] ?? 0));
    return known ? { name: String(node), loaded: setOf(list), up } : { name: String(node), loaded: 'unknown' };
  }

  const views = (state: State): readonly NodeView[] =>
    nodes.map((node) => viewOf(state, node)).filter((view) => without !== 'unknown' || view.loaded !== 'unknown');

  function membersOf(state: State): readonly Member[] {
    const healthy = believed(state);
    return names.flatMap((name, server) => {
      const learner = state.learner && server === added;
      if (!learner && ((state.servers[server] ?? 0) & member) === 0) return [];
      return [{ name, learner, healthy: !learner && (healthy & (1 << server)) !== 0 }];
    });
  }

  /** All that the decisions of hlb about a list depend on. */
  const sightOf = (state: State): number =>
    nodes.reduce((key, node) => key * 64 + column(state, listed(node)), believed(state)) * 8 + state.askable;

  interface Planned {
    readonly step: LoadStep;
    readonly node: number;
    readonly to: number;
    readonly allowed: boolean;
  }

  /** The planner's steps for what hlb sees now. Naively, each node gets the new list in one step and is looked at afterwards. */
  const planned = memoBy(sightOf, (state: State): readonly Planned[] => {
    const healthy = setOf(believed(state));
    const plan = transitionOf({ nodes: views(state), desired: namesOf(desired), healthy, least });
    if (plan.kind === 'refused') return [];
    const steps =
      without === 'expand'
        ? plan.steps
            .filter((step) => step.phase === 'contract')
            .map((step) => ({
              ...step,
              phase: 'expand' as const,
              from: namesOf(column(state, listed(Number(step.node)))),
            }))
        : plan.steps;
    return steps.map((step) => ({ step, node: Number(step.node), to: maskOf(step.to), allowed: allowed(state, step) }));
  });

  function allowed(state: State, step: LoadStep): boolean {
    const { name, loaded, up } = viewOf(state, Number(step.node));
    const view: NodeView = without === 'verify' || up === undefined ? { name, loaded } : { name, loaded, up };
    return mayLoad(step, view, setOf(believed(state)), least).safe;
  }

  /** Whether every node keeps enough while `taken` is away. */
  const spared = memoBy(
    (state: State, taken: number) => sightOf(state) * 64 + taken,
    (state, taken) => without === 'margin' || marginOf(views(state), setOf(believed(state)), setOf(taken), least).safe,
  );

  function load(state: State, node: number, list: number): readonly number[] {
    return state.servers.map((bits, server) => (list & (1 << server) ? bits | listed(node) : bits & ~listed(node)));
  }

  const remember = (servers: readonly number[], mask: number): readonly number[] =>
    servers.map((bits, server) => (mask & (1 << server) ? bits | remembered : bits & ~remembered));
  const looked = (state: State): readonly number[] => remember(state.servers, without === 'fresh' ? live(state) : 0);

  /** The lists: all of expand on the nodes in any order, a look at every one, then all of contract in any order. */
  function* lists(state: State): Generator<Step> {
    const plan = planned(state);
    if (state.phase === phases.start) {
      if (plan.length > 0)
        yield { name: 'plan', byHlb: true, to: { ...state, servers: looked(state), phase: phases.expand } };
      return;
    }
    const steps = plan.filter(({ step }) => (step.phase === 'expand') === (state.phase === phases.expand));
    if (state.phase === phases.expand && steps.length === 0 && plan.every((one) => one.allowed))
      yield { name: 'verified', byHlb: true, to: { ...state, servers: looked(state), phase: phases.contract } };
    if (state.phase === phases.contract && plan.length === 0)
      yield { name: 'rolled', byHlb: true, to: { ...state, servers: looked(state), phase: phases.start } };
    for (const { step, node, to } of steps.filter((one) => one.allowed)) {
      const servers = load(state, node, to);
      yield { name: `load ${step.phase} on ${node}`, byHlb: true, to: { ...state, servers } };
      if (state.failures === 0 || without === 'fresh') continue;
      const before = remember(servers, maskOf(undoOf(step).to));
      const failed = { ...state, servers: before, phase: phases.undo + node, failures: state.failures - 1 };
      yield { name: `load ${step.phase} on ${node}, seen to be wrong`, byHlb: true, to: failed };
    }
  }

  /** A load that was seen to be wrong is taken back; when that would empty the node it stays, and the roll stops. */
  function* undo(state: State): Generator<Step> {
    const node = state.phase - phases.undo;
    const to = column(state, remembered);
    const step: LoadStep = {
      phase: 'contract',
      node: String(node),
      from: namesOf(column(state, listed(node))),
      to: namesOf(to),
    };
    const stopped = { ...state, servers: looked(state), phase: phases.start };
    if (without !== 'undo' && !allowed(state, step)) yield { name: 'no undo', byHlb: true, to: stopped };
    else yield { name: `undo on ${node}`, byHlb: true, to: { ...stopped, servers: load(stopped, node, to) } };
  }

  /** API servers are taken away, for a moment or for good. */
  function* taking(state: State): Generator<Step> {
    if (operation === 'config') {
      for (let batch = 1; batch <= all; batch++) {
        const taken = namesOf(batch);
        if (taken.length > 2 || column(state, away) !== 0) continue;
        const quorate = without === 'quorum' || quorumOf(membersOf(state), setOf(batch), { allowSingle: false }).safe;
        if (!quorate || !spared(state, batch)) continue;
        const servers = state.servers.map((bits, server) => (batch & (1 << server) ? bits | away : bits));
        yield { name: `restart ${taken.join(', ')}`, byHlb: true, to: { ...state, servers } };
      }
    }
    if (removed === undefined) return;
    const bits = state.servers[removed] ?? 0;
    const name = names[removed] ?? '';
    if ((bits & member) === 0 || planned(state).length > 0 || !settled(state)) return;
    const quorum = without === 'quorum' || removalOf(membersOf(state), name).safe;
    if (!quorum || !spared(state, 1 << removed)) return;
    const servers = state.servers.map((one, server) => (server === removed ? one & ~(member | alive) : one));
    yield { name: `remove ${name}`, byHlb: true, to: { ...state, servers } };
  }

  /** Every node that hlb looks at lists what it shall. */
  const settled = (state: State): boolean =>
    views(state).every((view) => view.loaded !== 'unknown' && maskOf([...view.loaded]) === desired);

  /** A join ends with a vote and a ready API server, or breaks off and leaves a learner that has to be removed first. */
  function* joining(state: State): Generator<Step> {
    if (added === undefined || (state.servers[added] ?? 0) & member) return;
    if (state.learner) {
      if (without === 'quorum' || removalOf(membersOf(state), names[added] ?? '').safe)
        yield { name: 'remove the learner', byHlb: true, to: { ...state, learner: false } };
      return;
    }
    if (without !== 'quorum' && !additionOf(membersOf(state)).safe) return;
    const servers = state.servers.map((bits, server) => (server === added ? bits | member | alive : bits));
    yield { name: 'join', byHlb: true, to: { ...state, servers } };
    if (state.failures > 0)
      yield { name: 'join, broken off', byHlb: true, to: { ...state, learner: true, failures: state.failures - 1 } };
  }

  /** What is not hlb's doing. */
  function* world(state: State): Generator<Step> {
    for (const [server, bits] of state.servers.entries()) {
      const put = (to: number): readonly number[] => state.servers.map((one, index) => (index === server ? to : one));
      if (bits & away) yield { name: `s${server} is back`, byHlb: false, to: { ...state, servers: put(bits & ~away) } };
      if (state.failures > 0 && bits & alive)
        yield {
          name: `s${server} dies`,
          byHlb: false,
          to: { ...state, servers: put(bits & ~alive), failures: state.failures - 1 },
        };
    }
    for (const node of nodes) {
      if ((state.askable & (1 << node)) === 0)
        yield { name: `node ${node} answers`, byHlb: false, to: { ...state, askable: state.askable | (1 << node) } };
      else if (state.failures > 0)
        yield {
          name: `node ${node} is lost`,
          byHlb: false,
          to: { ...state, askable: state.askable & ~(1 << node), failures: state.failures - 1 },
        };
    }
    if (state.failures > 0 && state.phase !== phases.start)
      yield {
        name: 'hlb dies',
        byHlb: false,
        to: { ...state, servers: looked(state), phase: phases.start, failures: state.failures - 1 },
      };
  }

  function* steps(state: State): Generator<Step> {
    yield* world(state);
    if (state.phase >= phases.undo) {
      yield* undo(state);
      return;
    }
    if (state.phase === phases.start) {
      if (without === 'fresh' && column(state, remembered) === 0) {
        yield { name: 'look', byHlb: true, to: { ...state, servers: looked(state) } };
        return;
      }
      yield* joining(state);
      yield* taking(state);
    }
    if (operation === 'config' || (added !== undefined && ((state.servers[added] ?? 0) & member) === 0)) return;
    yield* lists(state);
  }

  const quorate = (state: State): boolean => {
    const voters = column(state, member);
    return count(voters & live(state)) >= Math.floor(count(voters) / 2) + 1;
  };

  function harm(before: State, after: State): string | undefined {
    const emptied = nodes.find((node) => serving(before, node) !== 0 && serving(after, node) === 0);
    if (emptied !== undefined) return `node ${emptied} has no live backend left`;
    return quorate(before) && !quorate(after) ? 'etcd has lost its quorum' : undefined;
  }

  function done(state: State): boolean {
    if (operation === 'config') return column(state, away) !== 0;
    const gone = removed === undefined || ((state.servers[removed] ?? 0) & member) === 0;
    return gone && nodes.every((node) => column(state, listed(node)) === desired);
  }

  return { steps, harm, done, canonical: canonicalOf(scenario) };
}

/** Servers of one role are alike. */
function rolesOf({ operation, controlPlanes, cutOff }: Scenario): readonly number[] {
  const adds = operation === 'add' || operation === 'replace';
  const removes = operation === 'remove' || operation === 'replace';
  return Array.from(
    { length: controlPlanes + (adds ? 1 : 0) },
    (_, server) =>
      (removes && server === 0 ? 1 : 0) + (adds && server === controlPlanes ? 2 : 0) + (server === cutOff ? 4 : 0),
  );
}

/** Of all states that differ only in the names of servers of one role and of nodes of one reach, one is walked. */
function canonicalOf(scenario: Scenario) {
  const { cutOff } = scenario;
  const roles = rolesOf(scenario);
  const groups = [...new Set(roles)].map((role) => roles.flatMap((one, server) => (one === role ? [server] : [])));
  const orders =
    cutOff === undefined
      ? [
          [0, 1, 2],
          [0, 2, 1],
          [1, 0, 2],
          [1, 2, 0],
          [2, 0, 1],
          [2, 1, 0],
        ]
      : [
          [0, 1, 2],
          [0, 2, 1],
        ];
  const renamed = orders.map((order) => ({
    order,
    bits: Array.from({ length: 128 }, (_, bits) =>
      order.reduce((out, from, to) => (bits & listed(from) ? out | listed(to) : out), bits & ~14),
    ),
    nodes: Array.from({ length: 8 }, (_, mask) =>
      order.reduce((out, from, to) => (mask & (1 << from) ? out | (1 << to) : out), 0),
    ),
  }));
  return (state: State): { readonly key: number; readonly state: State } => {
    let best: { readonly key: number; readonly state: State } | undefined;
    for (const { order, bits, nodes: mask } of renamed) {
      const servers = state.servers.map((one) => bits[one] ?? 0);
      for (const group of groups) {
        if (group.length < 2) continue;
        const sorted = group.map((server) => servers[server] ?? 0).sort((a, b) => a - b);
        for (const [index, server] of group.entries()) servers[server] = sorted[index] ?? 0;
      }
      const askable = mask[state.askable] ?? 0;
      const phase = state.phase < phases.undo ? state.phase : phases.undo + order.indexOf(state.phase - phases.undo);
      let key = ((phase * 8 + askable) * 4 + state.failures) * 2 + (state.learner ? 1 : 0);
      for (const one of servers) key = key * 128 + one;
      if (best === undefined || key < best.key) best = { key, state: { ...state, servers, phase, askable } };
    }
    return best ?? { key: 0, state };
  };
}

function count(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

function memo<T>(make: (key: number) => T): (key: number) => T {
  return memoBy((key: number) => key, make);
}

function memoBy<Args extends readonly unknown[], T>(keyOf: (...args: Args) => number, make: (...args: Args) => T) {
  const made = new Map<number, T>();
  return (...args: Args): T => {
    const key = keyOf(...args);
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(...args);
    made.set(key, value);
    return value;
  };
}
