import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, apiClient, ConnectionError } from './api-client.ts';
import { klogHead } from './go-time.ts';
import {
  authority,
  ensureAuthority,
  ensureLeaf,
  ensureServiceAccountKey,
  leaves,
  pkiDir,
  writeNew,
} from './kubeadm-certs.ts';
import {
  apiOf,
  kubeletConfiguration,
  markControlPlane,
  patiently,
  putObject,
  storeClusterInfo,
  storeConfig,
  storeToken,
  uploadCertificates,
} from './kubeadm-cluster.ts';
import type { ClusterConfig, KubeadmInput, NodeConfig } from './kubeadm-config.ts';
import {
  kubeconfigUsers,
  startKubelet,
  systemctl,
  waitForKubelet,
  writeInstanceConfig,
  writeKubeconfig,
  writeKubeletConfig,
  writeKubeletFlags,
} from './kubeadm-kubelet.ts';
import { componentManifest, components, etcdManifest, manifestDir, writeManifest } from './kubeadm-manifests.ts';
import { initChecks, phaseError, preflight, pullImages } from './kubeadm-preflight.ts';
import { kubeconfigText, rotating } from './kubeconfig.ts';
import { type Exit, print, warn } from './program.ts';
import { authorityPin, certificateKey, joinCommand, randomToken } from './secrets.ts';

/** The addresses of the API server: the one for everybody, and the node's own. */
export function servers(
  cluster: ClusterConfig,
  node: NodeConfig,
): { readonly cluster: string; readonly local: string } {
  const local = `https://${node.advertiseAddress}:${node.bindPort}`;
  return { cluster: cluster.endpoint === undefined ? local : `https://${cluster.endpoint}`, local };
}

function warnOfPort(cluster: ClusterConfig, node: NodeConfig): void {
  if (cluster.endpoint === undefined || cluster.endpoint.endsWith(`:${node.bindPort}`)) return;
  warn(
    `${klogHead('W', 'endpoint.go:56')}[endpoint] WARNING: port specified in controlPlaneEndpoint overrides bindPort in the controlplane address`,
  );
}

/** Certificates in kubeadm's order: each authority before what it signs. */
export function certsPhase(cluster: ClusterConfig, node: NodeConfig, withAuthorities: boolean): void {
  print(`[certs] Using certificateDir folder "${pkiDir}"`);
  for (const name of ['ca', 'front-proxy-ca', 'etcd/ca']) {
    if (withAuthorities) ensureAuthority(name);
    for (const leaf of leaves.filter((one) => one.authority === name)) ensureLeaf(leaf, cluster, node);
  }
}

export function kubeconfigPhase(names: readonly string[], cluster: ClusterConfig, node: NodeConfig): void {
  for (const name of names) {
    warnOfPort(cluster, node);
    print(`[kubeconfig] Writing "${name}" kubeconfig file`);
    writeKubeconfig(name, servers(cluster, node));
  }
}

function writeFirstKubeletConf(cluster: ClusterConfig, node: NodeConfig): void {
  print('[kubeconfig] Writing "kubelet.conf" kubeconfig file');
  const user = {
    user: `system:node:${node.nodeName}`,
    organizations: ['system:nodes'],
    endpoint: 'local' as const,
    renewed: '',
  };
  writeKubeconfig('kubelet.conf', servers(cluster, node), user);
}

export function manifestsPhase(cluster: ClusterConfig, node: NodeConfig): void {
  print(`[control-plane] Using manifest folder "${manifestDir}"`);
  for (const component of components) {
    print(`[control-plane] Creating static Pod manifest for "${component}"`);
    writeManifest(component, componentManifest(component, cluster, node));
  }
}

/** Polls the three components until each is well; four minutes together. */
export async function waitForControlPlane(node: NodeConfig): Promise<void> {
  const checks = [
    { name: 'kube-apiserver', url: `https://${node.advertiseAddress}:${node.bindPort}`, path: '/livez' },
    { name: 'kube-controller-manager', url: 'https://127.0.0.1:10257', path: '/healthz' },
    { name: 'kube-scheduler', url: 'https://127.0.0.1:10259', path: '/livez' },
  ];
  print('[control-plane-check] Waiting for healthy control plane components. This can take up to 4m0s');
  for (const { name, url, path } of checks) print(`[control-plane-check] Checking ${name} at ${url}${path}`);
  const begun = Date.now();
  const one = async ({ name, url, path }: (typeof checks)[number]): Promise<void> => {
    const api = apiClient(
      { server: url, ca: undefined, certificate: undefined, key: undefined, token: undefined },
      2000,
    );
    while (Date.now() - begun < 240_000) {
      const isWell = await api.raw('GET', path).then(
        ({ code }) => code === 200,
        () => false,
      );
      if (isWell) return print(`[control-plane-check] ${name} is healthy after ${Date.now() - begun}.0ms`);
      await sleep(300);
    }
    print(`[control-plane-check] ${name} is not healthy after 4m0.0s`);
    throw phaseError(
      'wait-control-plane',
      `failed while waiting for the control plane to start: ${name} check failed at ${url}${path}`,
    );
  };
  await Promise.all(checks.map(one));
}

/** Fails like the phase that could not reach the API server through the cluster's endpoint. */
function unreachablePhase(error: unknown): Exit {
  if (!(error instanceof ConnectionError) && !(error instanceof ApiError)) throw error;
  const why = `could not bootstrap the admin user in file admin.conf: unable to create ClusterRoleBinding: ${error.message}`;
  return phaseError('upload-config/kubeadm', why);
}

async function bootstrapCluster(input: KubeadmInput): Promise<void> {
  const { cluster, node } = input;
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kubeadm:cluster-admins' },
  };
  try {
    // Through the node's own API server, as observed: kube-vip may do nothing before this binding, and bears the endpoint.
    const powerful = apiOf('/etc/kubernetes/super-admin.conf', { server: servers(cluster, node).local });
    await patiently(() => putObject(powerful, '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', binding));
  } catch (error) {
    throw unreachablePhase(error);
  }
  const api = apiOf();
  print('[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace');
  print(
    '[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster',
  );
  await patiently(() => storeConfig(api, cluster, kubeletConfiguration(cluster, node.kubelet)));
}

export async function uploadCertsPhase(key: string, admin?: string): Promise<void> {
  print('[upload-certs] Storing the certificates in Secret "kubeadm-certs" in the "kube-system" Namespace');
  const api = apiOf(admin);
  await patiently(() => uploadCertificates(api, key));
  // kubeadm's own proxy for the secret's end: a token that nobody can use.
  const proxy = { ...randomToken(), expires: new Date(Date.now() + 7_200_000).toISOString().replace(/\.\d+Z/, 'Z') };
  await patiently(() =>
    storeToken(api, {
      ...proxy,
      usages: [],
      groups: '',
      description: 'Proxy for managing TTL for the kubeadm-certs secret',
    }),
  );
  print(`[upload-certs] Using certificate key:\n${key}`);
}

/** Joining nodes need a token, and cluster-info to check what they are told. */
async function tokenPhase(input: KubeadmInput): Promise<string> {
  const [id = '', secret = ''] = input.token?.split('.') ?? [];
  const token = id === '' ? randomToken() : { id, secret };
  print(`[bootstrap-token] Using token: ${token.id}.${token.secret}`);
  print('[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles');
  print('[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to get nodes');
  print(
    '[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials',
  );
  const api = apiOf();
  const expires = new Date(Date.now() + input.tokenTtlMs).toISOString().replace(/\.\d+Z/, 'Z');
  await patiently(() =>
    storeToken(api, {
      ...token,
      expires: input.tokenTtlMs === 0 ? undefined : expires,
      usages: ['authentication', 'signing'],
      description: '',
      groups: 'system:bootstrappers:kubeadm:default-node-token',
    }),
  );
  print('[bootstrap-token] Creating the "cluster-info" ConfigMap in the "kube-public" namespace');
  await patiently(() => storeClusterInfo(api, servers(input.cluster, input.node).cluster, authority('ca').certificate));
  return `${token.id}.${token.secret}`;
}

function finalizeKubelet(cluster: ClusterConfig, node: NodeConfig): void {
  print(
    '[kubelet-finalize] Updating "/etc/kubernetes/kubelet.conf" to point to a rotatable kubelet client certificate and key',
  );
  const ca = readFileSync(`${pkiDir}/ca.crt`, 'utf8');
  const wish = {
    server: servers(cluster, node).local,
    ca,
    user: `system:node:${node.nodeName}`,
    credentials: rotating,
  };
  writeNew('/etc/kubernetes/kubelet.conf', kubeconfigText({ ...wish, style: 'kubeadm' }), 0o600);
}

const farewell = (endpoint: string, token: string, pin: string, key: string | undefined): string => `
Your Kubernetes control-plane has initialized successfully!

(hlb test double: nothing of this is a real cluster)

You can now join any number of control-plane nodes running the following command on each as root:

  kubeadm join ${endpoint} --token ${token} \\
	--discovery-token-ca-cert-hash ${pin} \\
	--control-plane${key === undefined ? '' : ` --certificate-key ${key}`}

Then you can join any number of worker nodes by running the following on each as root:

${joinCommand(endpoint, token, pin).replace(' --discovery', ' \\\n\t--discovery')}`;

/** `kubeadm init`: every phase in the real one's order. */
export async function init(input: KubeadmInput, withUpload: boolean): Promise<void> {
  const { cluster, node } = input;
  print(`[init] Using Kubernetes version: ${cluster.kubernetesVersion}`);
  print('[preflight] Running pre-flight checks');
  await preflight(initChecks(cluster, node), node.ignore);
  await pullImages(cluster);
  certsPhase(cluster, node, true);
  ensureServiceAccountKey();
  print('[kubeconfig] Using kubeconfig folder "/etc/kubernetes"');
  kubeconfigPhase(['admin.conf', 'super-admin.conf'], cluster, node);
  writeFirstKubeletConf(cluster, node);
  kubeconfigPhase(Object.keys(kubeconfigUsers).slice(2), cluster, node);
  print(`[etcd] Creating static Pod manifest for local etcd in "${manifestDir}"`);
  writeManifest('etcd', etcdManifest(cluster, node, [`${node.nodeName}=https://${node.advertiseAddress}:2380`]));
  manifestsPhase(cluster, node);
  systemctl('stop', 'kubelet');
  writeKubeletFlags(node);
  writeInstanceConfig();
  writeKubeletConfig(kubeletConfiguration(cluster, node.kubelet));
  startKubelet();
  print(
    `[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods from directory "${manifestDir}"`,
  );
  await waitForKubelet('wait-control-plane');
  await waitForControlPlane(node);
  await bootstrapCluster(input);
  const key = withUpload ? (input.certificateKey ?? certificateKey()) : undefined;
  if (key !== undefined) await uploadCertsPhase(key);
  print(
    `[mark-control-plane] Marking the node ${node.nodeName} as control-plane by adding the labels: [node-role.kubernetes.io/control-plane node.kubernetes.io/exclude-from-external-load-balancers]`,
  );
  print(
    `[mark-control-plane] Marking the node ${node.nodeName} as control-plane by adding the taints [node-role.kubernetes.io/control-plane:NoSchedule]`,
  );
  await markControlPlane(apiOf(), node.nodeName, node.taints);
  const token = await tokenPhase(input);
  finalizeKubelet(cluster, node);
  print('[addons] Applied essential addon: CoreDNS');
  print(
    farewell(
      servers(cluster, node).cluster.replace('https://', ''),
      token,
      authorityPin(authority('ca').certificate),
      key,
    ),
  );
}
