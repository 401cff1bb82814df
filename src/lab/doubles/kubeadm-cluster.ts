import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { type ApiClient, ApiError, apiClient, ConnectionError } from './api-client.ts';
import { type BootstrapToken, tokenOf, tokenSecret } from './bootstrap-token.ts';
import { type EtcdClient, EtcdError, etcdClient } from './etcd-client.ts';
import { type Json, listAt, objectAt, textAt, textsAt, toJson } from './json.ts';
import { pkiDir, sharedFiles, writeNew } from './kubeadm-certs.ts';
import { type ClusterConfig, clusterOf } from './kubeadm-config.ts';
import { readKubeconfig } from './kubeconfig.ts';
import { Exit } from './program.ts';

/** What kubeadm keeps in the cluster itself: its configuration, tokens, certificates, labels. */

const inSystem = (kind: string, name = ''): string =>
  `/api/v1/namespaces/kube-system/${kind}${name === '' ? '' : `/${name}`}`;

/** The API server of a kubeconfig file, or another one with its credentials. */
export function apiOf(path = '/etc/kubernetes/admin.conf', other: { readonly server?: string } = {}): ApiClient {
  if (!existsSync(path))
    throw new Exit(1, `error: failed to load admin kubeconfig: open ${path}: no such file or directory`);
  return apiClient({ ...readKubeconfig(readFileSync(path, 'utf8')), ...other });
}

/** What may be otherwise in a moment: nobody answers, the API server is not ready, etcd is choosing a leader. */
function mayPass(error: unknown): boolean {
  if (error instanceof ApiError) return error.code >= 500 || error.code === 403;
  return error instanceof ConnectionError || error instanceof EtcdError;
}

/** Tries again what may pass, as kubeadm's clients do, for up to a minute. */
export async function patiently<T>(work: () => Promise<T>, limitMs = 60_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || Date.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

/** Writes an object whether or not it exists. */
export async function putObject(api: ApiClient, collection: string, object: Json): Promise<void> {
  const name = textAt(object, 'metadata', 'name') ?? '';
  try {
    await api.send('POST', collection, object);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 409) throw error;
    await api.send('PUT', `${collection}/${name}`, object);
  }
}

const configMap = (name: string, namespace: string, data: Readonly<Record<string, string>>): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});

/** The whole configuration as v1beta4 has it. */
export function clusterConfiguration(cluster: ClusterConfig): Json {
  return {
    apiServer: cluster.certSans.length === 0 ? {} : { certSANs: cluster.certSans },
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    caCertificateValidityPeriod: '87600h0m0s',
    certificateValidityPeriod: '8760h0m0s',
    certificatesDir: pkiDir,
    clusterName: cluster.clusterName,
    ...(cluster.endpoint === undefined ? {} : { controlPlaneEndpoint: cluster.endpoint }),
    controllerManager: {},
    dns: {},
    encryptionAlgorithm: 'RSA-2048',
    etcd: { local: { dataDir: cluster.etcdDataDir } },
    imageRepository: cluster.imageRepository,
    kind: 'ClusterConfiguration',
    kubernetesVersion: cluster.kubernetesVersion,
    networking: {
      dnsDomain: cluster.dnsDomain,
      ...(cluster.podSubnet === '' ? {} : { podSubnet: cluster.podSubnet }),
      serviceSubnet: cluster.serviceSubnet,
    },
    proxy: {},
    scheduler: {},
  };
}

export async function storeConfig(api: ApiClient, cluster: ClusterConfig, kubelet: Json): Promise<void> {
  const data = { ClusterConfiguration: stringify(clusterConfiguration(cluster)) };
  await putObject(api, inSystem('configmaps'), configMap('kubeadm-config', 'kube-system', data));
  await putObject(
    api,
    inSystem('configmaps'),
    configMap('kubelet-config', 'kube-system', { kubelet: stringify(kubelet) }),
  );
}

export async function fetchConfig(
  api: ApiClient,
): Promise<{ readonly cluster: ClusterConfig; readonly kubelet: Json }> {
  const config = await api.get(inSystem('configmaps', 'kubeadm-config'));
  const kubelet = await api.find(inSystem('configmaps', 'kubelet-config'));
  return {
    cluster: clusterOf(toJson(parse(textAt(config, 'data', 'ClusterConfiguration') ?? '{}'))),
    kubelet: toJson(parse(textAt(kubelet, 'data', 'kubelet') ?? '{}')),
  };
}

/** The kubeconfig without a user that anybody may read: where the API server is, and its authority. */
export async function storeClusterInfo(api: ApiClient, server: string, ca: string): Promise<void> {
  const kubeconfig = stringify({
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': Buffer.from(ca).toString('base64'), server }, name: '' }],
    contexts: null,
    'current-context': '',
    kind: 'Config',
    users: null,
  });
  await putObject(
    api,
    '/api/v1/namespaces/kube-public/configmaps',
    configMap('cluster-info', 'kube-public', { kubeconfig }),
  );
}

export async function storeToken(api: ApiClient, token: BootstrapToken): Promise<void> {
  await putObject(api, inSystem('secrets'), tokenSecret(token));
}

/** All tokens, those that live longest last. */
export async function listTokens(api: ApiClient): Promise<readonly BootstrapToken[]> {
  const secrets = listAt(await api.get(inSystem('secrets')), 'items');
  return secrets.filter((one) => textAt(one, 'type') === 'bootstrap.kubernetes.io/token').map(tokenOf);
}

export async function deleteToken(api: ApiClient, id: string): Promise<void> {
  await api.send('DELETE', inSystem('secrets', `bootstrap-token-${id}`));
}

function encrypt(bytes: Buffer, key: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv);
  return Buffer.concat([iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(text: string, key: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'hex'), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}

/** Puts the authorities' certificates and keys into a Secret that only who has `key` can read; earlier keys are dead then. */
export async function uploadCertificates(api: ApiClient, key: string): Promise<void> {
  const data = Object.fromEntries(
    sharedFiles.map(({ name }) => [name.replace('/', '-'), encrypt(readFileSync(join(pkiDir, name)), key)]),
  );
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'kubeadm-certs', namespace: 'kube-system' },
    data,
  };
  await putObject(api, inSystem('secrets'), secret);
}

export async function downloadCertificates(api: ApiClient, key: string): Promise<void> {
  const secret = await api.find(inSystem('secrets', 'kubeadm-certs'));
  if (secret === undefined) {
    throw new Error(
      'error downloading certs: error downloading the secret: Secret "kubeadm-certs" was not found in the "kube-system" Namespace. This Secret might have expired. Please, run `kubeadm init phase upload-certs --upload-certs` on a control plane to generate a new one',
    );
  }
  if (!/^[0-9a-f]{64}$/.test(key))
    throw new Error('error downloading certs: error decoding certificate key: encoding/hex: invalid byte');
  for (const { name, mode } of sharedFiles) {
    try {
      const bytes = decrypt(textAt(secret, 'data', name.replace('/', '-')) ?? '', key);
      writeNew(join(pkiDir, name), bytes.toString(), mode);
    } catch {
      throw new Error(
        'error downloading certs: error decoding secret data with provided key: cipher: message authentication failed',
      );
    }
  }
}

const controlPlaneLabels = [
  'node-role.kubernetes.io/control-plane',
  'node.kubernetes.io/exclude-from-external-load-balancers',
];

/** Waits for the node's object, then gives it the control plane's labels and its taint. */
export async function markControlPlane(
  api: ApiClient,
  name: string,
  taints: readonly Json[] | undefined,
): Promise<void> {
  await patiently(async () => {
    if ((await api.find(`/api/v1/nodes/${name}`)) === undefined)
      throw new ConnectionError('eof', `nodes "${name}" not found`);
    await api.send('PATCH', `/api/v1/nodes/${name}`, {
      metadata: { labels: Object.fromEntries(controlPlaneLabels.map((label) => [label, ''])) },
      spec: { taints: taints ?? [{ effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane' }] },
    });
  }, 240_000);
}

/** Who has a control plane: their addresses, read from the nodes. */
export async function controlPlaneAddresses(api: ApiClient): Promise<readonly string[]> {
  const nodes = listAt(await api.get('/api/v1/nodes'), 'items');
  return nodes
    .filter((node) => 'node-role.kubernetes.io/control-plane' in textsAt(node, 'metadata', 'labels'))
    .flatMap((node) => listAt(node, 'status', 'addresses').filter((one) => textAt(one, 'type') === 'InternalIP'))
    .map((one) => textAt(one, 'address') ?? '');
}

/** A client of the etcd members at these addresses, with the certificate that kubeadm keeps for looking after them. */
export function etcdOf(addresses: readonly string[], timeoutMs?: number): EtcdClient {
  const read = (name: string): string => readFileSync(join(pkiDir, 'etcd', name), 'utf8');
  const access = {
    ca: read('ca.crt'),
    certificate: read('healthcheck-client.crt'),
    key: read('healthcheck-client.key'),
  };
  return etcdClient({ endpoints: addresses.map((address) => `https://${address}:2379`), ...access }, timeoutMs);
}

/** Merges what a person gave over what kubeadm sets. */
export function kubeletConfiguration(cluster: ClusterConfig, given: Json): Json {
  const dns = cluster.serviceSubnet.split('/')[0]?.split('.').slice(0, 3).join('.');
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: '0s', enabled: true },
      x509: { clientCAFile: `${pkiDir}/ca.crt` },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '0s', cacheUnauthorizedTTL: '0s' } },
    cgroupDriver: 'systemd',
    clusterDNS: [`${dns}.10`],
    clusterDomain: cluster.dnsDomain,
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    kind: 'KubeletConfiguration',
    rotateCertificates: true,
    staticPodPath: '/etc/kubernetes/manifests',
    ...objectAt(given),
  };
}
