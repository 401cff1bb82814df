import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { listAt, textAt, toJson } from './json.ts';

/** How to reach an API server and as whom. */
export interface Kubeconfig {
  readonly server: string;
  /** PEM; undefined when the server's certificate is not checked. */
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly token: string | undefined;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const unbase64 = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'base64').toString();
const contentOf = (path: string | undefined): string | undefined =>
  path === undefined ? undefined : readFileSync(path, 'utf8');

/** Reads the first cluster and user of a kubeconfig; a file that it names must exist. */
export function readKubeconfig(text: string): Kubeconfig {
  const file = toJson(parse(text));
  const cluster = listAt(file, 'clusters')[0];
  const user = listAt(file, 'users')[0];
  return {
    server: textAt(cluster, 'cluster', 'server') ?? '',
    ca:
      unbase64(textAt(cluster, 'cluster', 'certificate-authority-data')) ??
      contentOf(textAt(cluster, 'cluster', 'certificate-authority')),
    certificate:
      unbase64(textAt(user, 'user', 'client-certificate-data')) ??
      contentOf(textAt(user, 'user', 'client-certificate')),
    key: unbase64(textAt(user, 'user', 'client-key-data')) ?? contentOf(textAt(user, 'user', 'client-key')),
    token: textAt(user, 'user', 'token'),
  };
}

export interface KubeconfigWish {
  readonly server: string;
  readonly ca: string;
  readonly user: string;
  /** What stands below `user:`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** kubeadm's names, or those that the kubelet writes after its bootstrap. */
  readonly style: 'kubeadm' | 'kubelet';
}

/** A kubeconfig as kubeadm writes it (context user@kubernetes), or as the kubelet does. */
export function kubeconfigText(wish: KubeconfigWish): string {
  const own = wish.style === 'kubelet';
  const [cluster, context] = own ? ['default-cluster', 'default-context'] : ['kubernetes', `${wish.user}@kubernetes`];
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(wish.ca)}
    server: ${wish.server}
  name: ${cluster}
contexts:
- context:
    cluster: ${cluster}
${own ? '    namespace: default\n' : ''}    user: ${wish.user}
  name: ${context}
current-context: ${context}
kind: Config
${own ? '' : 'preferences: {}\n'}users:
- name: ${wish.user}
  user:
${Object.entries(wish.credentials)
  .map(([key, value]) => `    ${key}: ${value}\n`)
  .join('')}`;
}

/** Credentials with their content, as in admin.conf. */
export function embedded(certificate: string, key: string): Readonly<Record<string, string>> {
  return { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
}

/** Where the kubelet keeps the certificate that it renews: certificate and key in one file. */
export const kubeletPem = '/var/lib/kubelet/pki/kubelet-client-current.pem';
export const rotating = { 'client-certificate': kubeletPem, 'client-key': kubeletPem };
