import type { BootstrapToken } from './bootstrap-token.ts';
import { isOn, option, type Parsed } from './flags.ts';
import { parseDuration } from './go-time.ts';
import { authority } from './kubeadm-certs.ts';
import { apiOf, deleteToken, fetchConfig, listTokens, storeToken } from './kubeadm-cluster.ts';
import { Exit, print, printJson, write } from './program.ts';
import { authorityPin, joinCommand, randomToken } from './secrets.ts';
import { drawTable } from './table.ts';

/** The time that a token has left, in its largest unit. */
function left(token: BootstrapToken): string {
  if (token.expires === undefined) return '<forever>';
  const seconds = Math.floor((Date.parse(token.expires) - Date.now()) / 1000);
  if (seconds < 0) return '<invalid>';
  if (seconds < 60) return `${seconds}s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}

const orNone = (text: string): string => (text === '' ? '<none>' : text);

async function list(flags: Parsed): Promise<void> {
  const tokens = await listTokens(apiOf(option(flags, 'kubeconfig')));
  if (option(flags, 'output') === 'json') {
    for (const one of tokens) {
      printJson(
        {
          kind: 'BootstrapToken',
          apiVersion: 'output.kubeadm.k8s.io/v1alpha3',
          token: `${one.id}.${one.secret}`,
          ...(one.description === '' ? {} : { description: one.description }),
          ...(one.expires === undefined ? {} : { expires: one.expires }),
          ...(one.usages.length === 0 ? {} : { usages: one.usages }),
          ...(one.groups === '' ? {} : { groups: one.groups.split(',') }),
        },
        4,
      );
    }
    return;
  }
  const rows = tokens.map((one) => [
    `${one.id}.${one.secret}`,
    left(one),
    one.expires ?? '<never>',
    orNone(one.usages.join(',')),
    orNone(one.description),
    orNone(one.groups),
  ]);
  write('stdout', drawTable([['TOKEN', 'TTL', 'EXPIRES', 'USAGES', 'DESCRIPTION', 'EXTRA GROUPS'], ...rows], 10, 3));
}

async function create(flags: Parsed): Promise<void> {
  const [id, secret] = flags.rest[2]?.split('.') ?? [];
  const token = id === undefined || secret === undefined ? randomToken() : { id, secret };
  const api = apiOf(option(flags, 'kubeconfig'));
  const { cluster } = await fetchConfig(api);
  const ttlMs = parseDuration(option(flags, 'ttl')) ?? 86_400_000;
  await storeToken(api, {
    ...token,
    expires: ttlMs === 0 ? undefined : new Date(Date.now() + ttlMs).toISOString().replace(/\.\d+Z/, 'Z'),
    usages: ['authentication', 'signing'],
    description: option(flags, 'description') ?? '',
    groups: 'system:bootstrappers:kubeadm:default-node-token',
  });
  const text = `${token.id}.${token.secret}`;
  if (!isOn(flags, 'print-join-command')) return print(text);
  const endpoint = cluster.endpoint ?? api.server.replace('https://', '');
  const line = joinCommand(endpoint, text, authorityPin(authority('ca').certificate));
  const key = option(flags, 'certificate-key');
  print(key === undefined ? line : `${line}--control-plane --certificate-key ${key}`);
}

/** `kubeadm token create|list|delete|generate`. */
export async function token(flags: Parsed): Promise<void> {
  switch (flags.rest[1] ?? '') {
    case 'list':
      return list(flags);
    case 'create':
      return create(flags);
    case 'generate': {
      const { id, secret } = randomToken();
      return print(`${id}.${secret}`);
    }
    case 'delete': {
      const id = flags.rest[2]?.split('.')[0] ?? '';
      await deleteToken(apiOf(option(flags, 'kubeconfig')), id);
      return print(`bootstrap token "${id}" deleted`);
    }
    default:
      throw new Exit(1, 'error: missing subcommand; "token" is not meant to be run on its own');
  }
}
