import { createHmac } from 'node:crypto';
import { type Json, objectAt, textAt } from './json.ts';

/** A bootstrap token as its Secret keeps it. */
export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
  /** RFC 3339; undefined for one that never ends. */
  readonly expires: string | undefined;
  readonly usages: readonly string[];
  readonly description: string;
  readonly groups: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const decoded = (secret: Json, key: string): string =>
  Buffer.from(textAt(secret, 'data', key) ?? '', 'base64').toString();

export function tokenSecret(token: BootstrapToken): Json {
  return {
    kind: 'Secret',
    apiVersion: 'v1',
    type: 'bootstrap.kubernetes.io/token',
    metadata: { name: `bootstrap-token-${token.id}`, namespace: 'kube-system' },
    data: {
      'token-id': base64(token.id),
      'token-secret': base64(token.secret),
      description: base64(token.description),
      'auth-extra-groups': base64(token.groups),
      ...(token.expires === undefined ? {} : { expiration: base64(token.expires) }),
      ...Object.fromEntries(token.usages.map((usage) => [`usage-bootstrap-${usage}`, base64('true')])),
    },
  };
}

export function tokenOf(secret: Json): BootstrapToken {
  const expires = decoded(secret, 'expiration');
  return {
    id: decoded(secret, 'token-id'),
    secret: decoded(secret, 'token-secret'),
    expires: expires === '' ? undefined : expires,
    usages: Object.keys(objectAt(secret, 'data'))
      .flatMap((key) => /^usage-bootstrap-(.*)$/.exec(key)?.[1] ?? [])
      .sort(),
    description: decoded(secret, 'description'),
    groups: decoded(secret, 'auth-extra-groups'),
  };
}

export function isLive(token: BootstrapToken): boolean {
  return token.expires === undefined || Date.parse(token.expires) > Date.now();
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** The detached signature over cluster-info by which a joining node knows that the cluster knows its token. */
export function signature(token: { readonly id: string; readonly secret: string }, kubeconfig: string): string {
  const header = base64url(JSON.stringify({ alg: 'HS256', kid: token.id }));
  const mac = createHmac('sha256', token.secret)
    .update(`${header}.${base64url(kubeconfig)}`)
    .digest('base64url');
  return `${header}..${mac}`;
}
