import type { Json } from '../../../src/core/value.ts';
import { writtenHash } from '../../../src/ha/config.ts';
import { keyOf } from '../../../src/host/key.ts';
import type { Known } from '../../../src/host/facts.ts';
import type { AnyFact, ContainersFact, Observation } from '../../../src/host/observation.ts';
import type { Disrupts, ListedServer, Listing } from '../../../src/module/define.ts';
import type { Cluster, Foreseen, Guard, GuardVerdict, Look, Looks, Situation } from '../../../src/module/guard.ts';

/** Control planes cp1, cp2, … and workers w1, w2, … of a cluster, as they would answer. */
export interface World {
  /** By control plane: what its API server answers to /readyz; 0 for nothing. */
  readonly ready: Readonly<Record<string, number>>;
  /** By node: the servers that its balancer has loaded, a `-` behind those that are down there; `none` where none runs. */
  readonly loaded: Readonly<Record<string, readonly string[] | 'none'>>;
  /** Balancers tell the addresses of their servers, too. */
  readonly sockets?: boolean;
  /** By node: the text of its balancer's configuration, which is what is served too. */
  readonly configs?: Readonly<Record<string, string>>;
  readonly unreachable?: readonly string[];
  /** Nodes without a kubelet.conf. */
  readonly apart?: readonly string[];
  /** By member: healthy or not; a name with `?` behind it is a learner. */
  readonly etcd?: Readonly<Record<string, boolean>>;
  /** Control planes where kube-vip runs. */
  readonly announcers?: readonly string[];
  /** By host: its answer to any question, for guards that ask one. */
  readonly told?: Readonly<Record<string, AnyFact>>;
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

const noFile: AnyFact = { exists: false, parentMissing: false };
const someFile = {
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
} as const satisfies AnyFact;

function httpFact(world: World, host: string, url: string): AnyFact {
  const loaded = world.loaded[host] ?? 'none';
  if (url.includes('/hlb-') && loaded === 'none') return answer(0);
  if (url.endsWith('/hlb-config')) return answer(200, writtenHash(world.configs?.[host] ?? '') ?? 'a'.repeat(64));
  if (url.endsWith('/hlb-servers') && loaded !== 'none') {
    const words = loaded.map((name) => (name.endsWith('-') ? `${name.slice(0, -1)}=0` : `${name}=1`));
    return answer(200, `${words.length} ${words.join(' ')}`);
  }
  const name = Object.keys(world.ready).find((one) => url === `https://${addressOf(one)}:6443/readyz`);
  return answer(name === undefined ? 0 : (world.ready[name] ?? 0));
}

function socketFact({ loaded, sockets = false }: World, host: string): AnyFact {
  const listed = loaded[host] ?? 'none';
  if (!sockets || listed === 'none') return { answers: [], error: 'No such file' };
  const servers = listed.map((one) => ({ name: one.replace('-', ''), up: !one.endsWith('-') }));
  const stat = servers.map(({ name, up }) => `apiservers,${name},${up ? 'UP' : 'DOWN'},1,0,,`);
  const state = servers.map(({ name, up }) => `apiservers ${name} ${addressOf(name)} ${up ? 2 : 0} 0 1 6443`);
  return {
    answers: [
      'Version: 3.2.0\n',
      ['# pxname,svname,status,weight,scur,check_status,check_code', ...stat].join('\n'),
      ['1', '# be_name srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_port', ...state].join('\n'),
    ],
  };
}

function etcdFact({ etcd }: World, host: string): AnyFact {
  if (etcd?.[host] === undefined) return { code: 1, stdout: '', stderr: 'no etcd container runs here' };
  const members = Object.entries(etcd).map(([name, healthy]) => {
    const address = addressOf(name.replace('?', ''));
    const list = `started, ${name.replace('?', '')}, https://${address}:2380, https://${address}:2379, ${name.endsWith('?')}`;
    const state = healthy ? 'healthy: took 1ms' : 'unhealthy: failed to commit proposal: no answer';
    return { list, health: `https://${address}:2379 is ${state}` };
  });
  const list = members.map((one, index) => `a${index}, ${one.list}`);
  return { code: 0, stdout: `${list.join('\n')}\n\n${members.map((one) => one.health).join('\n')}\n`, stderr: '' };
}

/** Undefined where the host has no answer to such a question. */
function containersOf({ announcers = [] }: World, host: string, pod: string | undefined): ContainersFact['containers'] {
  if (pod !== 'kube-vip' || !announcers.includes(host)) return [];
  const image = 'ghcr.io/kube-vip/kube-vip';
  const ids = { id: 'c', sandboxId: 's', pid: 7, createdAt: 0 };
  return [{ ...ids, name: 'kube-vip', pod: `kube-vip-${host}`, attempt: 0, state: 'running', image }];
}

function factOf(world: World, host: string, asked: Observation): AnyFact | undefined {
  if (world.told !== undefined) return world.told[host];
  if (asked.kind === 'file') {
    const config = asked.path.endsWith('/haproxy.cfg') ? world.configs?.[host] : undefined;
    if (config !== undefined) return { ...someFile, content: bytes(config) };
    const isJoined = asked.path === '/etc/kubernetes/kubelet.conf' && !(world.apart ?? []).includes(host);
    return isJoined ? someFile : noFile;
  }
  if (asked.kind === 'containers') return { sandboxes: [], containers: containersOf(world, host, asked.pod) };
  if (asked.kind === 'haproxy') return socketFact(world, host);
  if (asked.kind === 'http') return httpFact(world, host, asked.url);
  return asked.kind === 'command' ? etcdFact(world, host) : undefined;
}

export interface Work {
  readonly disrupts?: readonly Disrupts[];
  readonly lists?: readonly (readonly string[] | Extract<Listing, string>)[];
}

/** The inventory of a world, and what a guard sees when it looks at it. */
function lookAt(guard: Guard, params: unknown, world: World): { readonly cluster: Cluster; readonly looks: Looks } {
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
  return { cluster, looks };
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
  return guard.verdict(params, { ...lookAt(guard, params, world), taken: takenOf(work), moment });
}

/** What a guard says of a host that gets back what it had in the world before. */
export function askUndo(guard: Guard, before: World, now: World, host: string): GuardVerdict | undefined {
  const params = guard.params.parse({});
  const taken = takenOf({ [host]: {} });
  return guard.undo?.(params, { ...lookAt(guard, params, now), taken }, lookAt(guard, params, before).looks);
}

function takenOf(work: Readonly<Record<string, Work>>): ReadonlyMap<string, Foreseen> {
  return new Map(
    Object.entries(work).map(([host, { disrupts = [], lists = [] }]): [string, Foreseen] => [
      host,
      {
        disrupts: new Set(disrupts),
        lists: lists.map((list) => (typeof list === 'string' ? list : list.map(serverOf))),
      },
    ]),
  );
}
