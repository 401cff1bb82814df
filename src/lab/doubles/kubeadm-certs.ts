import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { type ClusterConfig, firstAddress, type NodeConfig } from './kubeadm-config.ts';
import { print } from './program.ts';
import { type Authority, type CertificateWish, certify, newKeyPair } from './x509.ts';

export const pkiDir = '/etc/kubernetes/pki';

/** Writes by rename, as kubeadm does not, so that nobody reads half a file; the mode is the one observed. */
export function writeNew(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const temporary = join(dirname(path), `.${path.split('/').at(-1) ?? ''}.new`);
  writeFileSync(temporary, text, { mode });
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

const certificatePath = (name: string): string => join(pkiDir, `${name}.crt`);
const keyPath = (name: string): string => join(pkiDir, `${name}.key`);

export function authority(name: string): Authority {
  return { certificate: readFileSync(certificatePath(name), 'utf8'), key: readFileSync(keyPath(name), 'utf8') };
}

interface Leaf {
  readonly name: string;
  readonly authority: 'ca' | 'etcd/ca' | 'front-proxy-ca';
  /** What `certs renew` and `certs check-expiration` call it. */
  readonly title: string;
  readonly renewed: string;
  readonly wish: (cluster: ClusterConfig, node: NodeConfig) => Omit<CertificateWish, 'publicPem' | 'days'>;
}

const client =
  (commonName: string, ...organizations: readonly string[]) =>
  () => ({
    subject: { commonName, organizations },
    use: 'client' as const,
  });

const etcdServer = (_: ClusterConfig, node: NodeConfig) => ({
  subject: { commonName: node.nodeName },
  use: 'both' as const,
  names: [node.nodeName, 'localhost'].sort(),
  addresses: [node.advertiseAddress, '127.0.0.1', '::1'],
});

/** Names and addresses that the API server's certificate is good for. */
function apiServer(cluster: ClusterConfig, node: NodeConfig): Omit<CertificateWish, 'publicPem' | 'days'> {
  const host = cluster.endpoint?.replace(/:\d+$/, '');
  const given = [...cluster.certSans, ...(host === undefined ? [] : [host])];
  const service = [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${cluster.dnsDomain}`,
  ];
  const names = new Set([node.nodeName, ...service, ...given.filter((one) => isIP(one) === 0)]);
  const addresses = new Set([
    firstAddress(cluster.serviceSubnet),
    node.advertiseAddress,
    ...given.filter((one) => isIP(one) !== 0),
  ]);
  return {
    subject: { commonName: 'kube-apiserver' },
    use: 'server',
    names: [...names].sort(),
    addresses: [...addresses],
  };
}

export const leaves: readonly Leaf[] = [
  {
    name: 'apiserver',
    authority: 'ca',
    title: 'apiserver',
    renewed: 'certificate for serving the Kubernetes API',
    wish: apiServer,
  },
  {
    name: 'apiserver-etcd-client',
    authority: 'etcd/ca',
    title: 'apiserver-etcd-client',
    renewed: 'certificate the apiserver uses to access etcd',
    wish: client('kube-apiserver-etcd-client'),
  },
  {
    name: 'apiserver-kubelet-client',
    authority: 'ca',
    title: 'apiserver-kubelet-client',
    renewed: 'certificate for the API server to connect to kubelet',
    wish: client('kube-apiserver-kubelet-client', 'kubeadm:cluster-admins'),
  },
  {
    name: 'etcd/healthcheck-client',
    authority: 'etcd/ca',
    title: 'etcd-healthcheck-client',
    renewed: 'certificate for liveness probes to healthcheck etcd',
    wish: client('kube-etcd-healthcheck-client'),
  },
  {
    name: 'etcd/peer',
    authority: 'etcd/ca',
    title: 'etcd-peer',
    renewed: 'certificate for etcd nodes to communicate with each other',
    wish: etcdServer,
  },
  {
    name: 'etcd/server',
    authority: 'etcd/ca',
    title: 'etcd-server',
    renewed: 'certificate for serving etcd',
    wish: etcdServer,
  },
  {
    name: 'front-proxy-client',
    authority: 'front-proxy-ca',
    title: 'front-proxy-client',
    renewed: 'certificate for the front proxy client',
    wish: client('front-proxy-client'),
  },
];

export const authorities: readonly { readonly name: string; readonly title: string; readonly commonName: string }[] = [
  { name: 'ca', title: 'ca', commonName: 'kubernetes' },
  { name: 'etcd/ca', title: 'etcd-ca', commonName: 'etcd-ca' },
  { name: 'front-proxy-ca', title: 'front-proxy-ca', commonName: 'front-proxy-ca' },
];

/** Makes an authority where there is none yet. */
export function ensureAuthority(name: string): void {
  if (existsSync(certificatePath(name)) && existsSync(keyPath(name)))
    return print(`[certs] Using existing ${name} certificate authority`);
  print(`[certs] Generating "${name}" certificate and key`);
  const { privatePem, publicPem } = newKeyPair();
  const commonName = authorities.find((one) => one.name === name)?.commonName ?? name;
  writeNew(keyPath(name), privatePem, 0o600);
  const wish = { subject: { commonName }, publicPem, use: 'authority' as const, days: 3650 };
  writeNew(certificatePath(name), certify(wish, { selfKey: privatePem }), 0o644);
}

/** Makes a certificate and its key anew. */
export function writeLeaf(leaf: Leaf, cluster: ClusterConfig, node: NodeConfig): CertificateWish {
  const { privatePem, publicPem } = newKeyPair();
  const wish = { ...leaf.wish(cluster, node), publicPem, days: 365 };
  writeNew(keyPath(leaf.name), privatePem, 0o600);
  writeNew(certificatePath(leaf.name), certify(wish, authority(leaf.authority)), 0o644);
  return wish;
}

/** Makes a certificate where there is none yet, and says what it is good for, as kubeadm does. */
export function ensureLeaf(leaf: Leaf, cluster: ClusterConfig, node: NodeConfig): void {
  if (existsSync(certificatePath(leaf.name)) && existsSync(keyPath(leaf.name))) {
    return print(`[certs] Using existing ${leaf.name} certificate and key on disk`);
  }
  print(`[certs] Generating "${leaf.name}" certificate and key`);
  const wish = writeLeaf(leaf, cluster, node);
  if (wish.names === undefined) return;
  print(
    `[certs] ${leaf.name} serving cert is signed for DNS names [${wish.names.join(' ')}] and IPs [${(wish.addresses ?? []).join(' ')}]`,
  );
}

/** The key pair that service accounts are signed with. */
export function ensureServiceAccountKey(): void {
  if (existsSync(keyPath('sa'))) return print('[certs] Using the existing "sa" key');
  print('[certs] Generating "sa" key and public key');
  const { privatePem, publicPem } = newKeyPair();
  writeNew(keyPath('sa'), privatePem, 0o600);
  writeNew(join(pkiDir, 'sa.pub'), publicPem, 0o600);
}

/** The seven files that a joining control plane gets from the first, and their modes there. */
export const sharedFiles: readonly { readonly name: string; readonly mode: number }[] = [
  { name: 'ca.crt', mode: 0o644 },
  { name: 'ca.key', mode: 0o600 },
  { name: 'etcd/ca.crt', mode: 0o644 },
  { name: 'etcd/ca.key', mode: 0o600 },
  { name: 'front-proxy-ca.crt', mode: 0o644 },
  { name: 'front-proxy-ca.key', mode: 0o600 },
  { name: 'sa.key', mode: 0o600 },
  { name: 'sa.pub', mode: 0o644 },
];
