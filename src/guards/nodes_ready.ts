import { z } from 'zod';
import { command } from '../host/ask.ts';
import { factOf } from '../host/facts.ts';
import { type Cluster, defineGuard, type Looks } from '../module/guard.ts';
import { filledText, int, list, withDefault } from '../module/params.ts';
import { machineVariables, settledWork, strangerProblem } from './cluster/machines.ts';
import { refusal } from './cluster/refusal.ts';

const params = z.strictObject({
  max_unavailable: withDefault(int({ min: 1 }), 1, 'Nodes that may be not ready or taken away at once'),
  from: withDefault(
    filledText(),
    'control_plane',
    'Pattern of the hosts with an admin.conf; the first that answers is believed',
  ),
  ignore: withDefault(list(filledText()), [], 'Names of nodes that need not be ready'),
  patience: withDefault(int({ min: 0 }), 120, 'Seconds that nodes may take to be ready again after a batch'),
});

const nodesQuery = command(
  ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', '--request-timeout=10s', 'get', 'nodes', '--no-headers'],
  { timeoutMs: 15_000 },
);

/** Nodes by what their kubelets say, through the cluster's own list of them. */
export default defineGuard({
  name: 'nodes_ready',
  summary: 'Lets a batch begin only where few enough nodes of the cluster are not ready, those of the batch among them',
  examples: ['nodes_ready', 'nodes_ready:\n  max_unavailable: 2\n  ignore: [worker9]'],
  params,
  variables: machineVariables,
  observe: (p, cluster, looks) => {
    const next = cluster.match(p.from).find((host) => !looks.has(host));
    const asked = cluster.match(p.from).filter((host) => looks.has(host));
    const answered = nodesOf(p.from, cluster, looks) !== undefined;
    return new Map([...asked, ...(answered || next === undefined ? [] : [next])].map((host) => [host, [nodesQuery]]));
  },
  verdict: (p, given) => {
    const settled = settledWork(given);
    const { cluster, looks, taken } = settled.situation;
    const stranger = strangerProblem(settled, ['node']);
    if (stranger !== undefined) return refusal(stranger.message, stranger.help);
    const nodes = nodesOf(p.from, cluster, looks);
    if (nodes === undefined) {
      return refusal(
        `No host of "${p.from}" could list the nodes${reasonText(p.from, cluster, looks)}`,
        'Make a control plane with /etc/kubernetes/admin.conf reachable',
      );
    }
    const counted = nodes.filter((node) => !p.ignore.includes(node.name));
    const isNode = (host: string): boolean => nodes.some((node) => node.name === host.toLowerCase());
    const taking = [...taken].filter(([, { disrupts }]) => disrupts.has('node')).map(([host]) => host);
    const away = taking.filter((host) => !p.ignore.includes(host) && (isNode(host) || isMember(cluster, host)));
    const nameless = away.filter((host) => !isNode(host));
    const sick = counted
      .filter((node) => !node.ready && !away.some((host) => host.toLowerCase() === node.name))
      .map((node) => node.name);
    const gone = away.length + sick.length;
    const parts = [
      ...(sick.length === 0 ? [] : [`not ready: ${sick.join(', ')}`]),
      ...(away.length === 0 ? [] : [`taken away: ${away.join(', ')}`]),
      ...(nameless.length === 0 ? [] : [`no node is named ${nameless.join(', ')}`]),
    ];
    const message = `${counted.length - gone + nameless.length} of ${counted.length} nodes are ready, ${gone} may not be counted on, ${p.max_unavailable} allowed${parts.length === 0 ? '' : ` (${parts.join('; ')})`}`;
    const numbers = {
      nodes: counted.length,
      unavailable: gone,
      max_unavailable: p.max_unavailable,
      not_ready: sick,
      away,
    };
    return gone <= p.max_unavailable
      ? { verdict: 'pass', message, numbers }
      : {
          verdict: 'refuse',
          message,
          help: 'Repair the nodes, or name those that need not be ready with "ignore"',
          numbers,
        };
  },
  patience: (p) => p.patience,
});

/** A host that is some node of the cluster, or will be one. */
function isMember(cluster: Cluster, host: string): boolean {
  const groups = cluster.hosts.find(({ name }) => name === host)?.groups ?? [];
  return groups.includes('control_plane') || groups.includes('workers');
}

interface Node {
  readonly name: string;
  readonly ready: boolean;
}

/** As the first host that can tells it. */
function nodesOf(from: string, cluster: Cluster, looks: Looks): readonly Node[] | undefined {
  for (const host of cluster.match(from)) {
    const look = looks.get(host);
    const fact = look?.kind === 'seen' ? factOf(look.facts, nodesQuery) : undefined;
    if (fact === undefined || fact.code !== 0) continue;
    return fact.stdout.split('\n').flatMap((line) => {
      const [name = '', status = ''] = line.trim().split(/\s+/);
      // Such as "Ready,SchedulingDisabled".
      return name === '' ? [] : [{ name, ready: status.split(',').includes('Ready') }];
    });
  }
  return undefined;
}

function reasonText(from: string, cluster: Cluster, looks: Looks): string {
  const reasons = cluster.match(from).flatMap((host) => {
    const look = looks.get(host);
    if (look === undefined) return [];
    if (look.kind === 'unreachable') return [`${host}: ${look.reason}`];
    const error = factOf(look.facts, nodesQuery)?.stderr.trim().split('\n').at(-1);
    return error === undefined || error === '' ? [] : [`${host}: ${error}`];
  });
  return reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
}
