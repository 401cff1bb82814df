import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from './api-client.ts';
import { criClient } from './cri.ts';
import { isOn, type Parsed } from './flags.ts';
import { klogHead } from './go-time.ts';
import { type Json, listAt, textAt } from './json.ts';
import { apiOf, fetchConfig, kubeletConfiguration, patiently, storeConfig } from './kubeadm-cluster.ts';
import type { ClusterConfig, NodeConfig } from './kubeadm-config.ts';
import { writeKubeletConfig } from './kubeadm-kubelet.ts';
import { componentManifest, components, manifestDir, writeManifest } from './kubeadm-manifests.ts';
import { missingImages, phaseError } from './kubeadm-preflight.ts';
import { doubleVersion } from './name.ts';
import { Exit, print, warn } from './program.ts';

const temporary = '/etc/kubernetes/tmp';

function readConfigLines(prefix: string): void {
  print(`[${prefix}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...`);
  print(`[${prefix}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.`);
  warn(
    `${klogHead('W', 'configset.go:77')}Warning: No kubeproxy.config.k8s.io/v1alpha1 config is loaded. Continuing without it: configmaps "kube-proxy" not found`,
  );
}

/** Control planes that are not Ready: an upgrade refuses to begin with one. */
async function unreadyControlPlanes(): Promise<readonly string[]> {
  const isReady = (node: Json): boolean =>
    textAt(
      listAt(node, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready'),
      'status',
    ) === 'True';
  const nodes = listAt(await apiOf().get('/api/v1/nodes'), 'items');
  return nodes
    .filter(
      (node) =>
        textAt(node, 'metadata', 'labels', 'node-role.kubernetes.io/control-plane') !== undefined && !isReady(node),
    )
    .map((node) => textAt(node, 'metadata', 'name') ?? '');
}

async function healthChecks(cluster: ClusterConfig): Promise<void> {
  const unready = await unreadyControlPlanes();
  const missing = await missingImages(cluster);
  if (unready.length === 0 && missing.length === 0) return;
  warn('[preflight] Some fatal errors occurred:');
  if (unready.length > 0)
    warn(`\t[ERROR ControlPlaneNodesReady]: there are NotReady control-planes in the cluster: [${unready.join(' ')}]`);
  for (const image of missing) warn(`\t[ERROR ImagePull]: failed to pull image ${image}: the lab has no registry`);
  warn(
    '[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`',
  );
  throw new Exit(
    1,
    'error: [upgrade/health] FATAL: preflight checks failed\nTo see the stack trace of this error execute with --v=5 or higher',
  );
}

/** Waits until the kubelet runs the new pod of a component: another uid than before. */
async function waitForPod(component: string, before: string | undefined): Promise<void> {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const now = await podUid(component);
    if (now !== undefined && now !== before) return;
    if (Date.now() > deadline) {
      throw phaseError(
        'control-plane',
        `couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. Errors faced: static Pod hash for component ${component} on Node did not change after 5m0s`,
      );
    }
    await sleep(500);
  }
}

/** The node's own API server must be back before the next component goes. */
async function waitForApiServer(node: NodeConfig): Promise<void> {
  const server = `https://${node.advertiseAddress}:${node.bindPort}`;
  const api = apiOf(undefined, { server });
  await patiently(async () => {
    const { code } = await api.raw('GET', '/readyz');
    if (code !== 200) throw new ConnectionError('eof', `${server}/readyz answers ${code}`);
  }, 300_000);
}

async function podUid(component: string): Promise<string | undefined> {
  const cri = criClient();
  try {
    const running = (await cri.containers()).find((one) => one.name === component && one.state === 'CONTAINER_RUNNING');
    return running?.labels['io.kubernetes.pod.uid'];
  } finally {
    cri.close();
  }
}

async function upgradeComponents(cluster: ClusterConfig, node: NodeConfig): Promise<void> {
  print(`[upgrade/staticpods] Writing new Static Pod manifests to "${temporary}/kubeadm-upgraded-manifests"`);
  const stamp = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-');
  for (const component of components) {
    print(`[upgrade/staticpods] Preparing for "${component}" upgrade`);
    const path = `${manifestDir}/${component}.yaml`;
    const [before, after] = [readFileSync(path, 'utf8'), componentManifest(component, cluster, node)];
    if (before === after) {
      print(`[upgrade/staticpods] Current and new manifests of ${component} are equal, skipping upgrade`);
      continue;
    }
    const backup = join(temporary, `kubeadm-backup-manifests-${stamp}`);
    mkdirSync(backup, { recursive: true });
    writeFileSync(join(backup, `${component}.yaml`), before, { mode: 0o600 });
    const uid = await podUid(component);
    writeManifest(component, after);
    print(
      `[upgrade/staticpods] Moving new manifest to "${path}" and backing up old manifest to "${backup}/${component}.yaml"`,
    );
    print('[upgrade/staticpods] Waiting for the kubelet to restart the component');
    print('[upgrade/staticpods] This can take up to 5m0s');
    await waitForPod(component, uid);
    if (component === 'kube-apiserver') await waitForApiServer(node);
    print(`[upgrade/staticpods] Component "${component}" upgraded successfully!`);
  }
}

function upgradeKubelet(cluster: ClusterConfig, kubelet: Json): void {
  mkdirSync(`${temporary}/kubeadm-kubelet-config`, { recursive: true });
  print(`[upgrade] Backing up kubelet config file to ${temporary}/kubeadm-kubelet-config/config.yaml`);
  writeFileSync(`${temporary}/kubeadm-kubelet-config/config.yaml`, readFileSync('/var/lib/kubelet/config.yaml'));
  writeKubeletConfig(kubeletConfiguration(cluster, kubelet));
  print('[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!');
}

const minorOf = (version: string): number => Number(/^v1\.(\d+)\./.exec(version)?.[1] ?? Number.NaN);

/** `kubeadm upgrade plan|apply|node`: what changes the node's static pods and the cluster's version, and what refuses it. */
export async function upgrade(flags: Parsed, node: NodeConfig): Promise<void> {
  const [, command, given] = flags.rest;
  const isControlPlane = existsSync(`${manifestDir}/kube-apiserver.yaml`);
  const api = apiOf(existsSync('/etc/kubernetes/admin.conf') ? undefined : '/etc/kubernetes/kubelet.conf');
  if (command === 'node') {
    readConfigLines('upgrade');
    const { cluster, kubelet } = await fetchConfig(api);
    print('[upgrade/preflight] Running pre-flight checks');
    if (isControlPlane) {
      print(
        `[upgrade/control-plane] Upgrading your Static Pod-hosted control plane instance to version "${cluster.kubernetesVersion}"...`,
      );
      await upgradeComponents(cluster, node);
      print('[upgrade/control-plane] The control plane instance for this node was successfully upgraded!');
    } else print('[upgrade/control-plane] Skipping phase. Not a control plane node.');
    return upgradeKubelet(cluster, kubelet);
  }
  print('[preflight] Running pre-flight checks.');
  readConfigLines('upgrade/config');
  const { cluster, kubelet } = await fetchConfig(api);
  const target = given ?? doubleVersion();
  print('[upgrade] Running cluster health checks');
  const wanted = { ...cluster, kubernetesVersion: target };
  await healthChecks(wanted);
  if (command === 'plan') {
    print(
      `[upgrade/versions] Cluster version: ${cluster.kubernetesVersion}\n[upgrade/versions] kubeadm version: ${doubleVersion()}`,
    );
    return print(
      target === cluster.kubernetesVersion
        ? ''
        : `You can now apply the upgrade by executing the following command:\n\n\tkubeadm upgrade apply ${target}\n`,
    );
  }
  if (command !== 'apply') throw new Exit(1, 'error: missing subcommand; "upgrade" is not meant to be run on its own');
  if (minorOf(target) > minorOf(doubleVersion()) || minorOf(target) > minorOf(cluster.kubernetesVersion) + 1) {
    throw new Exit(
      1,
      `error: [upgrade/version] FATAL: the --version argument is invalid due to these fatal errors:\n\n\t- Specified version to upgrade to "${target}" is higher than the kubeadm version "${doubleVersion()}". Upgrade kubeadm first using the tool you used to install kubeadm`,
    );
  }
  if (isOn(flags, 'dry-run')) return print('[upgrade/successful] Finished dryrunning successfully!');
  await upgradeComponents(wanted, node);
  await patiently(() => storeConfig(api, wanted, kubelet));
  upgradeKubelet(wanted, kubelet);
  print(`\n[upgrade] SUCCESS! A control plane node of your cluster was upgraded to "${target}".`);
}
