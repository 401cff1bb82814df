import type { Json } from '../../../src/core/value.ts';
import { keyOf } from '../../../src/host/key.ts';
import type { Known } from '../../../src/host/facts.ts';
import type { AnyFact, Observation } from '../../../src/host/observation.ts';
import type { Disrupts, ListedServer } from '../../../src/module/define.ts';
import type { Cluster, Foreseen, Guard, GuardVerdict, Look, Situation } from '../../../src/module/guard.ts';

/** Control planes cp1, cp2, … and workers w1, w2, … of a cluster, as they would answer. */
export interface World {
  /** By control plane: what its API server answers to /readyz; 0 for nothing. */
  readonly ready: Readonly<Record<string, number>>;
  /** By node: the servers that its balancer has loaded, a `-` behind those that are down there; `none` where none runs. */
  readonly loaded: Readonly<Record<string, readonly string[] | 'none'>>;
  readonly unreachable?: readonly string[];
  /** Nodes without a kubelet.conf. */
  readonly apart?: readonly string[];
  /** By member: healthy or not; a name with `?` behind it is a learner. */
  readonly etcd?: Readonly<Record<string, boolean>>;
  readonly variables?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

const addressOf = (name: string): string =>
  `10.0.0.${10 + Number(/\d+$/.exec(name)?.[0] ?? 0)}${name.startsWith('w') ? 0 : ''}`;

export const serverOf = (name: string): ListedServer => ({ name, address: addressOf(name), port: 6443 });

function hostsOf(world: World): readonly string[] {
  return Object.keys(world.loaded).sort();
}

function clusterOf(world: World): Cluster {
  const hosts = hostsOf(world).map((name) => ({
    name,
    groups: [name.startsWith('cp') ? 'control_plane' : name.startsWith('lb') ? 'balancers' : 'workers'],
    get: (variable: string): Json | undefined =>
      world.variables?.[name]?.[variable] ?? (variable === 'ansible_host' ? addressOf(name) : undefined),
  }));
  return {
    hosts,
    match: (pattern) =>
      hosts.filter((host) => host.groups.includes(pattern) || host.name === pattern).map((host) => host.name),
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const answer = (status: number, text = ''): AnyFact => ({
  status,
  headers: {},
  body: bytes(text),
  ...(status === 0 ? { error: 'Connection refused' } : {}),
});

function factOf(world: World, host: string, asked: Observation): AnyFact | undefined {
  const loaded = world.loaded[host] ?? 'none';
  switch (asked.kind) {
    case 'file':
      if (asked.path === '/etc/kubernetes/kubelet.conf' && !(world.apart ?? []).includes(host))
        return {
          exists: true,
          type: 'file',
          mode: 0o600,
          uid: 0,
          gid: 0,
          owner: 'root',
          group: 'root',
          size: 1,
          mtime: 0,
          atime: 0,
          ctime: 0,
          inode: 1,
          device: 1,
          links: 1,
          hashes: {},
        };
      return { exists: false, parentMissing: false };
    case 'containers':
      return { sandboxes: [], containers: [] };
    case 'unit':
      return undefined;
    case 'haproxy':
      return { answers: [], error: 'No such file' };
    case 'http': {
      if (asked.url.endsWith('/hlb-config')) return loaded === 'none' ? answer(0) : answer(200, 'a'.repeat(64));
      if (asked.url.endsWith('/hlb-servers')) {
        if (loaded === 'none') return answer(0);
        const words = loaded.map((name) => (name.endsWith('-') ? `${name.slice(0, -1)}=0` : `${name}=1`));
        return answer(200, `${words.length} ${words.join(' ')}`);
      }
      const name = Object.keys(world.ready).find((one) => asked.url === `https://${addressOf(one)}:6443/readyz`);
      return answer(name === undefined ? 0 : (world.ready[name] ?? 0));
    }
    case 'command': {
      if (world.etcd === undefined || world.etcd[host] === undefined)
        return { code: 1, stdout: '', stderr: 'no etcd container runs here' };
      const members = Object.entries(world.etcd).map(([name, healthy]) => ({
        name: name.replace('?', ''),
        learner: name.endsWith('?'),
        healthy,
      }));
      const list = members.map(
        ({ name, learner }, index) =>
          `a${index}, started, ${name}, https://${addressOf(name)}:2380, https://${addressOf(name)}:2379, ${learner}`,
      );
      const health = members.map(
        ({ name, healthy }) =>
          `https://${addressOf(name)}:2379 is ${healthy ? 'healthy: took 1ms' : 'unhealthy: failed to commit proposal: no answer'}`,
      );
      return { code: 0, stdout: `${list.join('\n')}\n\n${health.join('\n')}\n`, stderr: '' };
    }
    default:
      return undefined;
  }
}

export interface Work {
  readonly disrupts?: readonly Disrupts[];
  readonly lists?: readonly (readonly string[] | 'unknown')[];
}

/** What a guard says of a world while this work is done, by host. */
export function ask(
  guard: Guard,
  args: Readonly<Record<string, unknown>>,
  world: World,
  work: Readonly<Record<string, Work>> = {},
  moment: Situation['moment'] = 'batch',
): GuardVerdict {
  const params = guard.params.parse(args);
  const cluster = clusterOf(world);
  const looks = new Map<string, Look>();
  for (let round = 0; round < 4; round += 1) {
    for (const [host, asked] of guard.observe(params, cluster, looks)) {
      if ((world.unreachable ?? []).includes(host)) {
        looks.set(host, { kind: 'unreachable', reason: 'Connection refused' });
        continue;
      }
      const facts = new Map<string, Known>();
      for (const observation of asked) {
        const fact = factOf(world, host, observation);
        if (fact !== undefined) facts.set(keyOf(observation), { observation, fact });
      }
      looks.set(host, { kind: 'seen', facts });
    }
  }
  const taken = new Map(
    Object.entries(work).map(([host, { disrupts = [], lists = [] }]): [string, Foreseen] => [
      host,
      { disrupts: new Set(disrupts), lists: lists.map((list) => (list === 'unknown' ? list : list.map(serverOf))) },
    ]),
  );
  return guard.verdict(params, { cluster, looks, taken, moment });
}
