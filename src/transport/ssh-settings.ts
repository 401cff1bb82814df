import { homedir, userInfo } from 'node:os';
import type { Target } from '../host/session.ts';
import type { SshConfig } from './ssh-config.ts';

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
}

export type HostKeyMode = 'strict' | 'accept-new' | 'off';

/** What ssh does where no configuration says anything, or what it says when asked. */
export function settingsOf(target: Target, config: SshConfig | undefined, env: NodeJS.ProcessEnv): SshSettings {
  const home = homedir();
  const get = (key: string): string | undefined => config?.get(key)?.[0];
  const host = get('hostname') ?? target.address;
  const port = Number(get('port') ?? target.port ?? 22);
  const user = get('user') ?? target.user ?? userInfo().username;
  const tokens: Readonly<Record<string, string>> = {
    '%': '%',
    d: home,
    h: host,
    n: target.address,
    p: String(port),
    r: user,
    u: userInfo().username,
  };
  const expand = (path: string): string =>
    path.replace(/^~(?=\/|$)/, home).replace(/%([%a-zA-Z])/g, (all, letter: string) => tokens[letter] ?? all);
  const list = (text: string | undefined): readonly string[] =>
    (text ?? '')
      .split(' ')
      .filter((word) => word !== '' && word !== 'none')
      .map(expand);
  const alias = get('hostkeyalias');
  const agent = agentOf(get('identityagent'), env, expand);
  const jump = get('proxyjump');
  const identities = config?.get('identityfile') ?? (target.privateKeyFile === undefined ? defaultIdentities : []);
  const family = get('addressfamily');
  return {
    host,
    port,
    user,
    ...(alias === undefined ? {} : { hostKeyAlias: alias }),
    hostKey: target.hostKey ?? hostKeyMode(get('stricthostkeychecking')),
    knownHostsFiles:
      target.knownHostsFile !== undefined
        ? [target.knownHostsFile]
        : [
            ...list(get('userknownhostsfile') ?? '~/.ssh/known_hosts ~/.ssh/known_hosts2'),
            ...list(get('globalknownhostsfile') ?? '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2'),
          ],
    hashKnownHosts: get('hashknownhosts') === 'yes',
    identityFiles: [
      ...new Set([...(target.privateKeyFile === undefined ? [] : [target.privateKeyFile]), ...identities.map(expand)]),
    ],
    identitiesOnly: get('identitiesonly') === 'yes',
    ...(agent === undefined ? {} : { agentSocket: agent }),
    jumps: jump === undefined || jump === 'none' ? [] : jump.split(','),
    ...(family === 'inet' ? { family: 4 } : family === 'inet6' ? { family: 6 } : {}),
  };
}

/** Tried where neither the inventory nor a configuration names a key. */
const defaultIdentities = [
  '~/.ssh/id_rsa',
  '~/.ssh/id_ecdsa',
  '~/.ssh/id_ecdsa_sk',
  '~/.ssh/id_ed25519',
  '~/.ssh/id_ed25519_sk',
];

function hostKeyMode(word: string | undefined): HostKeyMode {
  if (word === 'accept-new') return word;
  return word === 'no' || word === 'off' || word === 'false' ? 'off' : 'strict';
}

function agentOf(
  word: string | undefined,
  env: NodeJS.ProcessEnv,
  expand: (path: string) => string,
): string | undefined {
  if (word === 'none') return undefined;
  const socket =
    word === undefined || word === 'SSH_AUTH_SOCK'
      ? env['SSH_AUTH_SOCK']
      : word.startsWith('$')
        ? env[word.slice(1)]
        : expand(word);
  return socket === '' ? undefined : socket;
}

/** Asked for the same few files again and again: the caller remembers. */
export type FileExists = (path: string) => Promise<boolean>;

/** What of a configuration only the system's ssh can do, in its own words; absent where ssh2 does as well. */
export async function beyondSsh2(
  settings: SshSettings,
  config: SshConfig | undefined,
  env: NodeJS.ProcessEnv,
  exists: FileExists,
): Promise<string | undefined> {
  const get = (key: string): string | undefined => config?.get(key)?.[0];
  const set = (key: string): boolean => !['none', 'no', 'false', undefined].includes(get(key));
  for (const [key, name] of openSshOnly) if (set(key)) return name;
  // Distributions switch GSSAPI on for everybody; it does something only for who has a Kerberos ticket.
  if (
    set('gssapiauthentication') &&
    (env['KRB5CCNAME'] !== undefined || (await exists(`/tmp/krb5cc_${userInfo().uid}`)))
  )
    return 'GSSAPIAuthentication';
  for (const path of settings.identityFiles) {
    if (await exists(`${path}-cert.pub`)) return `a certificate beside ${path}`;
    if (path.endsWith('_sk') && (await exists(path))) return `the FIDO key ${path}`;
  }
  return undefined;
}

const openSshOnly: readonly (readonly [string, string])[] = [
  ['proxycommand', 'ProxyCommand'],
  ['certificatefile', 'CertificateFile'],
  ['pkcs11provider', 'PKCS11Provider'],
  ['hostbasedauthentication', 'HostbasedAuthentication'],
  ['knownhostscommand', 'KnownHostsCommand'],
  ['revokedhostkeys', 'RevokedHostKeys'],
  ['verifyhostkeydns', 'VerifyHostKeyDNS'],
  ['bindaddress', 'BindAddress'],
  ['bindinterface', 'BindInterface'],
];
