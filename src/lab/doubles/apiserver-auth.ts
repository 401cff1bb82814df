import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ObjectStore } from './apiserver-store.ts';
import { isLive, tokenOf } from './bootstrap-token.ts';

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

function certificateUser(request: IncomingMessage): User | undefined {
  const { socket } = request;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { CN, O } = socket.getPeerCertificate().subject;
  const groups: readonly string[] = O === undefined ? [] : [O].flat();
  return { name: [CN].flat().join(), groups };
}

/** Who asks: by certificate, by bootstrap token, or nobody in particular; undefined for a token that is not known. */
export async function authenticate(request: IncomingMessage, store: ObjectStore): Promise<User | undefined> {
  const bearer = /^Bearer (?<id>[a-z0-9]{6})\.(?<secret>[a-z0-9]{16})$/.exec(
    request.headers.authorization ?? '',
  )?.groups;
  if (bearer === undefined) return certificateUser(request) ?? anonymous;
  const resource = {
    group: '',
    version: 'v1',
    kind: 'secrets',
    namespace: 'kube-system',
    name: `bootstrap-token-${bearer['id'] ?? ''}`,
  };
  const secret = await store.get(resource);
  const token = secret === undefined ? undefined : tokenOf(secret);
  if (
    token === undefined ||
    token.secret !== bearer['secret'] ||
    !isLive(token) ||
    !token.usages.includes('authentication')
  )
    return undefined;
  return { name: `system:bootstrap:${token.id}`, groups: ['system:bootstrappers', 'system:authenticated'] };
}

const publicPaths = ['/livez', '/readyz', '/healthz', '/version'];
const clusterInfo = '/api/v1/namespaces/kube-public/configmaps/cluster-info';
const adminBinding = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'clusterrolebindings',
  namespace: undefined,
  name: 'kubeadm:cluster-admins',
};

/** What a user may do: everybody the public paths, kubeadm's admin nothing before its binding exists, nodes and tokens their part. */
export async function isAllowed(user: User, method: string, path: string, store: ObjectStore): Promise<boolean> {
  if (publicPaths.includes(path) || (method === 'GET' && path === clusterInfo)) return true;
  if (user.groups.includes('system:unauthenticated')) return false;
  if (user.groups.includes('system:masters')) return true;
  if (user.groups.includes('kubeadm:cluster-admins')) return (await store.get(adminBinding)) !== undefined;
  if (user.groups.includes('system:nodes') || user.groups.includes('system:bootstrappers')) {
    return method === 'GET' || /\/(nodes|pods|leases|certificatesigningrequests)(\/|$)/.test(path);
  }
  return user.name.startsWith('system:kube-');
}
