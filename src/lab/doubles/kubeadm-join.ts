import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, apiClient } from './api-client.ts';
import { EtcdError } from './etcd-client.ts';
import { klogHead } from './go-time.ts';
import { type Json, listAt, textAt } from './json.ts';
import { ensureServiceAccountKey, pkiDir, writeNew } from './kubeadm-certs.ts';
import {
  apiOf,
  controlPlaneAddresses,
  downloadCertificates,
  etcdOf,
  fetchConfig,
  markControlPlane,
  patiently,
} from './kubeadm-cluster.ts';
import type { ClusterConfig, KubeadmInput, NodeConfig } from './kubeadm-config.ts';
import { DiscoveryError, discover } from './kubeadm-discovery.ts';
import { certsPhase, kubeconfigPhase, manifestsPhase, waitForControlPlane } from './kubeadm-init.ts';
import {
  bootstrapConf,
  startKubelet,
  systemctl,
  waitForBootstrap,
  waitForKubelet,
  writeInstanceConfig,
  writeKubeletConfig,
  writeKubeletFlags,
} from './kubeadm-kubelet.ts';
import { etcdManifest, writeManifest } from './kubeadm-manifests.ts';
import { joinChecks, joinControlPlaneChecks, phaseError, preflight, pullImages } from './kubeadm-preflight.ts';
import { type Kubeconfig, kubeconfigText } from './kubeconfig.ts';
import { Exit, print, warn } from './program.ts';

/** Says what is missing or malformed before anything is looked at. */
function checkInput(input: KubeadmInput): void {
  const { join } = input;
  if (!/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(join.token)) {
    throw new Exit(
      1,
      `error: discovery.bootstrapToken.token: Invalid value: "${join.token}": the bootstrap token is invalid`,
    );
  }
  if (join.endpoint === '')
    throw new Exit(
      1,
      'error: discovery.bootstrapToken: Invalid value: "": using token-based discovery without an API server endpoint',
    );
  if (join.caCertHashes.length === 0 && !join.unsafeSkipCaVerification) {
    throw new Exit(
      1,
      'error: discovery.bootstrapToken: Invalid value: "": using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue',
    );
  }
}

async function find(input: KubeadmInput): Promise<Kubeconfig> {
  try {
    return await discover(input.join);
  } catch (error) {
    if (!(error instanceof DiscoveryError)) throw error;
    throw phaseError('preflight', `couldn't validate the identity of the API Server: ${error.message}`);
  }
}

/** A node of that name that is Ready belongs to somebody else. */
async function refuseKnownNode(api: ApiClient, name: string): Promise<void> {
  const node = await api.find(`/api/v1/nodes/${name}`);
  const ready = listAt(node, 'status', 'conditions').find((one: Json) => textAt(one, 'type') === 'Ready');
  if (textAt(ready, 'status') !== 'True') return;
  throw phaseError(
    'kubelet-start',
    `a Node with name "${name}" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`,
  );
}

interface Found {
  readonly cluster: ClusterConfig;
  readonly node: NodeConfig;
  readonly kubelet: Json;
  readonly api: ApiClient;
  readonly trust: Kubeconfig;
}

function startKubeletPhase({ node, trust, kubelet }: Found, token: string, isControlPlane: boolean): void {
  // A control plane's kubelet talks to its own API server, a worker's to the endpoint.
  const server = isControlPlane ? `https://${node.advertiseAddress}:${node.bindPort}` : trust.server;
  const wish = {
    server,
    ca: trust.ca ?? '',
    user: 'tls-bootstrap-token-user',
    credentials: { token },
    style: 'kubeadm' as const,
  };
  writeNew(bootstrapConf, kubeconfigText(wish), 0o600);
  if (!existsSync(`${pkiDir}/ca.crt`)) writeNew(`${pkiDir}/ca.crt`, trust.ca ?? '', 0o644);
  systemctl('stop', 'kubelet');
  writeInstanceConfig();
  writeKubeletConfig(kubelet);
  writeKubeletFlags(node);
  startKubelet();
}

/** Announces this node to etcd as a learner, writes its manifest, and promotes it once it has caught up. */
async function etcdPhase({ cluster, node, api }: Found): Promise<void> {
  const others = (await patiently(() => controlPlaneAddresses(api))).filter((one) => one !== node.advertiseAddress);
  const etcd = etcdOf(others);
  const peer = `https://${node.advertiseAddress}:2380`;
  const before = await patiently(() => etcd.members());
  const known = before.find((one) => one.peerUrls.includes(peer));
  const members = known === undefined ? await patiently(() => etcd.addLearner(peer)) : before;
  const own = members.find((one) => one.peerUrls.includes(peer));
  print('[etcd] Announced new etcd member joining to the existing etcd cluster');
  print('[etcd] Creating static Pod manifest for "etcd"');
  const names = members.map((one) => `${one === own ? node.nodeName : one.name}=${one.peerUrls[0] ?? ''}`);
  writeManifest('etcd', etcdManifest(cluster, node, names));
  const deadline = Date.now() + 120_000;
  for (;;) {
    try {
      const now = (await etcd.members()).find((one) => one.peerUrls.includes(peer));
      if (now !== undefined && !now.isLearner) break;
      if (now !== undefined && now.name !== '') await etcd.promote(now.id);
    } catch (error) {
      // Not yet in step with the leader: asked again.
      if (!(error instanceof EtcdError)) throw error;
    }
    if (Date.now() > deadline)
      throw phaseError(
        'etcd-join',
        'error creating local etcd static pod manifest file: timed out waiting for the condition',
      );
    await sleep(500);
  }
  print('[etcd] Waiting for the new etcd member to join the cluster. This can take up to 40s');
}

async function prepareControlPlane(input: KubeadmInput, found: Found, key: string | undefined): Promise<void> {
  const { cluster, node, api } = found;
  if (cluster.endpoint === undefined) {
    throw phaseError(
      'preflight',
      "\nOne or more conditions for hosting a new control plane instance is not satisfied.\n\nunable to add a new control plane instance to a cluster that doesn't have a stable controlPlaneEndpoint address",
    );
  }
  print('[preflight] Running pre-flight checks before initializing the new control plane instance');
  await preflight(joinControlPlaneChecks(cluster, node), input.node.ignore);
  await pullImages(cluster);
  if (key !== undefined) {
    print('[download-certs] Downloading the certificates in Secret "kubeadm-certs" in the "kube-system" Namespace');
    print(`[download-certs] Saving the certificates to the folder: "${pkiDir}"`);
    try {
      await patiently(() => downloadCertificates(api, key));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw phaseError('control-plane-prepare/download-certs', error.message);
    }
  } else if (!existsSync(`${pkiDir}/ca.key`)) {
    throw phaseError(
      'preflight',
      `\nOne or more conditions for hosting a new control plane instance is not satisfied.\n\n[failure loading certificate for CA: couldn't load the certificate file ${pkiDir}/ca.crt: open ${pkiDir}/ca.crt: no such file or directory]`,
    );
  }
  certsPhase(cluster, node, false);
  print(`[certs] Valid certificates and keys now exist in "${pkiDir}"`);
  ensureServiceAccountKey();
  print('[kubeconfig] Generating kubeconfig files');
  print('[kubeconfig] Using kubeconfig folder "/etc/kubernetes"');
  kubeconfigPhase(['admin.conf', 'controller-manager.conf', 'scheduler.conf'], cluster, node);
  manifestsPhase(cluster, node);
  print('[check-etcd] Checking that the etcd cluster is healthy');
  await patiently(async () => etcdOf(await controlPlaneAddresses(api)).members());
}

const joinedWorker = `
This node has joined the cluster:
* Certificate signing request was sent to apiserver and a response was received.
* The Kubelet was informed of the new secure connection details.

Run 'kubectl get nodes' on the control-plane to see this node join the cluster.
`;

const joinedControlPlane = `
This node has joined the cluster and a new control plane instance was created:

* Certificate signing request was sent to apiserver and approval was received.
* The Kubelet was informed of the new secure connection details.
* Control plane label and taint were applied to the new node.
* The Kubernetes control plane instances scaled up.
* A new etcd member was added to the local/stacked etcd cluster.

Run 'kubectl get nodes' to see this node join the cluster.
`;

/** `kubeadm join`: every phase in the real one's order; what a failed phase has written stays. */
export async function join(input: KubeadmInput): Promise<void> {
  const { controlPlane } = input.join;
  const isControlPlane = controlPlane !== undefined;
  checkInput(input);
  print('[preflight] Running pre-flight checks');
  await preflight(joinChecks(input.node, isControlPlane), input.node.ignore);
  const trust = await find(input);
  print('[preflight] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...');
  print("[preflight] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.");
  const api = apiClient(trust);
  const { cluster, kubelet } = await patiently(() => fetchConfig(api));
  warn(
    `${klogHead('W', 'configset.go:77')}Warning: No kubeproxy.config.k8s.io/v1alpha1 config is loaded. Continuing without it`,
  );
  const found: Found = { cluster, kubelet, api, trust, node: input.node };
  const { node } = found;
  if (isControlPlane) await prepareControlPlane(input, found, controlPlane.certificateKey);
  await refuseKnownNode(api, node.nodeName);
  startKubeletPhase(found, input.join.token, isControlPlane);
  if (isControlPlane) await etcdPhase(found);
  await waitForKubelet('kubelet-wait-bootstrap', () => rmSync(bootstrapConf, { force: true }));
  const asked = isControlPlane ? apiOf() : api;
  await waitForBootstrap(
    async () => (await asked.find(`/api/v1/nodes/${node.nodeName}`).catch(() => undefined)) !== undefined,
  );
  if (!isControlPlane) return print(joinedWorker);
  print(
    `[mark-control-plane] Marking the node ${node.nodeName} as control-plane by adding the labels: [node-role.kubernetes.io/control-plane node.kubernetes.io/exclude-from-external-load-balancers]`,
  );
  print(
    `[mark-control-plane] Marking the node ${node.nodeName} as control-plane by adding the taints [node-role.kubernetes.io/control-plane:NoSchedule]`,
  );
  await markControlPlane(apiOf(), node.nodeName, node.taints);
  await waitForControlPlane(node);
  print(joinedControlPlane);
}
