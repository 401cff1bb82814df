import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../host/session.ts';

/** Everything that decides how a host is reached: the inventory's word first, then ssh_config's, then ssh's defaults. */
export interface SshSettings {
  /** The name or address that is dialled, and that known_hosts is asked for unless there is an alias. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias?: string;
  readonly hostKey: HostKeyMode;
  /** The first takes new keys. */
  readonly knownHostsFiles: readonly string[];
  readonly hashKnownHosts: boolean;
  readonly identityFiles: readonly string[];
  /** Only keys of `identityFiles` are offered, from the agent as well. */
  readonly identitiesOnly: boolean;
  readonly agentSocket?: string;
  /** Hosts to go through, in order, as ssh writes them: `user@host:port`. */
  readonly jumps: readonly string[];
  readonly family?: 4 | 6;
  readonly keepaliveMs: number;
  /** What only the system's ssh can do, in its own words, such as `ProxyCommand`. */
  readonly beyond?: string;
}

export type HostKeyMode = 'strict' | 'accept-new' | 'off';

/** A cut cable is noticed after three of these. */
export const defaultKeepaliveMs = 10_000;

/** What ssh does where no configuration says anything. */
export function defaultSettings(target: Target, env: NodeJS.ProcessEnv): SshSettings {
  const home = homedir();
  const agent = env['SSH_AUTH_SOCK'];
  return {
    host: target.address,
    port: target.port ?? 22,
    user: target.user ?? userInfo().username,
    hostKey: target.hostKey ?? 'strict',
    knownHostsFiles: target.knownHostsFile === undefined ? standardKnownHosts(home) : [target.knownHostsFile],
    hashKnownHosts: false,
    identityFiles: [
      ...(target.privateKeyFile === undefined ? [] : [target.privateKeyFile]),
      ...['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name)),
    ],
    identitiesOnly: false,
    ...(agent === undefined || agent === '' ? {} : { agentSocket: agent }),
    jumps: [],
    keepaliveMs: defaultKeepaliveMs,
  };
}

function standardKnownHosts(home: string): readonly string[] {
  return [
    join(home, '.ssh', 'known_hosts'),
    join(home, '.ssh', 'known_hosts2'),
    '/etc/ssh/ssh_known_hosts',
    '/etc/ssh/ssh_known_hosts2',
  ];
}
