import { command } from '../host/ask.ts';
import { type Facts, factOf } from '../host/facts.ts';
import type { CommandQuery } from '../host/observation.ts';
import type { Server } from './config.ts';
import { sameAddress } from './endpoint.ts';
import type { Member } from './quorum.ts';

/** One member, as etcd itself lists it. */
export interface EtcdMember extends Member {
  /** Hexadecimal and not padded, as `member remove` wants it; a number could not hold all of them. */
  readonly id: string;
  /** Hosts of its peer URLs. */
  readonly addresses: readonly string[];
  /** Why it is not healthy, as etcd says. */
  readonly problem?: string;
}

export type EtcdLook =
  | { readonly kind: 'members'; readonly members: readonly EtcdMember[] }
  | { readonly kind: 'unknown'; readonly reason: string };

const certificates = '/etc/kubernetes/pki/etcd';
const flags = [
  '--endpoints=https://127.0.0.1:2379',
  `--cacert=${certificates}/ca.crt`,
  `--cert=${certificates}/server.crt`,
  `--key=${certificates}/server.key`,
  '--dial-timeout=2s',
  '--command-timeout=3s',
].join(' ');

/** A blank line parts the members from their health. The image has no shell, so crictl runs etcdctl itself. */
const script = `c=$(crictl ps -q --name '^etcd$') || exit
c=$(printf '%s\\n' "$c" | head -n 1)
[ "$c" ] || { echo 'no etcd container runs here' >&2; exit 1; }
e() { crictl exec "$c" etcdctl ${flags} "$@"; }
m=$(e member list) || exit
printf '%s\\n\\n' "$m"
e endpoint health --cluster 2>&1
exit 0`;

/** The members and their health, as the etcd of this control plane sees them; one question, since a lost quorum is slow to answer. */
export const etcdQuery: CommandQuery = command(['/bin/sh', '-c', script], { timeoutMs: 20_000 });

/** Undefined where the host that was to ask could not. */
export function etcdLook(facts: Facts): EtcdLook | undefined {
  const fact = factOf(facts, etcdQuery);
  if (fact === undefined) return undefined;
  if (fact.code !== 0) return { kind: 'unknown', reason: complaint(fact.stderr) };
  const [list = '', ...health] = fact.stdout.split('\n\n');
  return { kind: 'members', members: parseMembers(list, health.join('\n')) };
}

/** `member list` and `endpoint health --cluster` in their plain forms, `rpc not supported for learner` included. */
export function parseMembers(list: string, health: string): readonly EtcdMember[] {
  const healths = healthsOf(health);
  return list.split('\n').flatMap((line): readonly EtcdMember[] => {
    const [id = '', status, name = '', peers = '', clients = '', learner] = line.split(', ');
    if (!/^[0-9a-f]{1,16}$/.test(id) || status === undefined) return [];
    const told = clients.split(',').flatMap((url) => healths.get(url) ?? []);
    const problem = told.find((one) => one !== '') ?? (status === 'started' ? undefined : 'not started yet');
    return [
      {
        id,
        name,
        learner: learner === 'true',
        healthy: told.includes(''),
        addresses: peers
          .split(',')
          .flatMap((url) => (URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : [])),
        ...(problem === undefined ? {} : { problem }),
      },
    ];
  });
}

/** What is wrong with each endpoint; empty text where it is healthy. */
function healthsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
      const [, url = '', state, detail = ''] = /^(\S+) is (healthy|unhealthy): (.*)$/.exec(line) ?? [];
      if (state === undefined) return [];
      return [[url, state === 'healthy' ? '' : detail.replace(/^failed to commit proposal: /, '')]];
    }),
  );
}

/** Members under the names that API servers have in the inventory: kubeadm names them after the node, which may differ. */
export function memberNames(members: readonly EtcdMember[], apiServers: readonly Server[]): readonly EtcdMember[] {
  return members.map((member) => {
    const server = apiServers.find((one) => member.addresses.some((address) => sameAddress(address, one.address)));
    return member.name === '' || server === undefined ? member : { ...member, name: server.name };
  });
}

/** etcdctl logs its retries as JSON before it says what is wrong; crictl adds that the command ended. */
function complaint(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\{|^execing command|^WARN|^time=/.test(line));
  return lines.at(-1)?.replace(/^Error: /, '') ?? 'etcdctl gave no answer';
}
