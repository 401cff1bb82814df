import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiClient, ApiError, apiClient } from './api-client.ts';
import type { Cri } from './cri.ts';
import { textAt } from './json.ts';
import { kubeconfigText, kubeletPem, readKubeconfig, rotating } from './kubeconfig.ts';
import type { KubeletConfig } from './kubelet-config.ts';
import { syncMirrorPods } from './mirror-pods.ts';
import { type NodeFacts, nodeAddress, nodeObject, nodeStatus, type Transitions } from './node-object.ts';
import type { Log } from './pod-worker.ts';
import type { StaticPod } from './static-pods.ts';
import { certify, newKeyPair } from './x509.ts';

const pkiDir = '/var/lib/kubelet/pki';
/** How often a node reports, and how often it asks again for what it has not got yet. */
const reportMs = 5000;
const retryMs = 1000;

/** The certificate of the kubelet's own port: nobody checks it. */
function writeServingCertificate(name: string): void {
  mkdirSync(pkiDir, { recursive: true });
  if (existsSync(`${pkiDir}/kubelet.crt`)) return;
  const { privatePem, publicPem } = newKeyPair();
  const wish = { subject: { commonName: `${name}@hlb-test-double` }, publicPem, use: 'server' as const, days: 365 };
  writeFileSync(`${pkiDir}/kubelet.crt`, certify(wish, { selfKey: privatePem }), { mode: 0o644 });
  writeFileSync(`${pkiDir}/kubelet.key`, privatePem, { mode: 0o600 });
}

function writeClientCertificate(certificate: string, key: string): void {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-');
  const file = `${pkiDir}/kubelet-client-${stamp}.pem`;
  writeFileSync(file, `${certificate}${key}`, { mode: 0o600 });
  rmSync(kubeletPem, { force: true });
  symlinkSync(file, kubeletPem);
}

/** kubelet.conf is written before there is a certificate: it names the file that will hold it. */
function writeKubeconfigFromBootstrap(config: KubeletConfig): void {
  const { kubeconfig = '', bootstrapKubeconfig = '' } = config;
  if (existsSync(kubeconfig)) return;
  const { server, ca } = readKubeconfig(readFileSync(bootstrapKubeconfig, 'utf8'));
  writeFileSync(
    kubeconfig,
    kubeconfigText({ server, ca: ca ?? '', user: 'default-auth', credentials: rotating, style: 'kubelet' }),
    { mode: 0o600 },
  );
}

/** Asks the cluster for a client certificate with the bootstrap token. */
async function bootstrap(config: KubeletConfig): Promise<void> {
  const api = apiClient(readKubeconfig(readFileSync(config.bootstrapKubeconfig ?? '', 'utf8')));
  const { privatePem, publicPem } = newKeyPair();
  const request = {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: {
      name: `csr-${publicPem.replace(/[^a-z0-9]/g, '').slice(-12, -7)}${Date.now().toString(36)}`,
      labels: { 'hlb.test-double/node': config.nodeName },
    },
    spec: {
      request: Buffer.from(publicPem).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['digital signature', 'client auth'],
    },
  };
  const signed = await api.send('POST', '/apis/certificates.k8s.io/v1/certificatesigningrequests', request);
  const certificate = Buffer.from(textAt(signed, 'status', 'certificate') ?? '', 'base64').toString();
  writeClientCertificate(certificate, privatePem);
}

/** Gets a client certificate: the one that kubeadm init put into kubelet.conf, else one by bootstrap. */
async function ensureCertificate(config: KubeletConfig): Promise<void> {
  if (existsSync(kubeletPem)) return;
  const text = readFileSync(config.kubeconfig ?? '', 'utf8');
  if (!text.includes('client-certificate-data')) return bootstrap(config);
  const { certificate = '', key = '' } = readKubeconfig(text);
  writeClientCertificate(certificate, key);
}

async function register(
  api: ApiClient,
  facts: NodeFacts,
  taints: readonly string[],
  transitions: Transitions,
): Promise<void> {
  try {
    await api.send('POST', '/api/v1/nodes', nodeObject(facts, taints, transitions));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 409) throw error;
  }
}

/**
 * The kubelet's life in a cluster: certificate, registration, then reports and mirror pods for ever. A node whose object
 * was deleted does not register again before the kubelet is started anew.
 */
export function joinCluster(config: KubeletConfig, cri: () => Cri, pods: () => readonly StaticPod[], log: Log): void {
  if (config.kubeconfig === undefined) return;
  const ip = nodeAddress(config.nodeIp);
  const transitions: Transitions = new Map();
  let said = '';
  const complain = (place: string, what: string, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    if (said !== reason) log('E', place, `"${what}" err=${JSON.stringify(reason)} node="${config.nodeName}"`);
    said = reason;
  };
  const facts = async (): Promise<NodeFacts> => {
    const [{ name, version }, { conditions }] = await Promise.all([cri().version(), cri().info()]);
    return { name: config.nodeName, ip, runtime: `${name}://${version}`, runtimeConditions: conditions };
  };
  const own = (): ApiClient => apiClient(readKubeconfig(readFileSync(config.kubeconfig ?? '', 'utf8')));
  const live = async (): Promise<never> => {
    writeServingCertificate(config.nodeName);
    writeKubeconfigFromBootstrap(config);
    for (let isRegistered = false; !isRegistered; ) {
      try {
        await ensureCertificate(config);
        await register(own(), await facts(), config.registerTaints, transitions);
        isRegistered = true;
        log('I', 'kubelet_node_status.go:78', `"Successfully registered node" node="${config.nodeName}"`);
      } catch (error) {
        complain('kubelet_node_status.go:110', 'Unable to register node with API server', error);
        await sleep(retryMs);
      }
    }
    for (let round = 0; ; round++) {
      try {
        const api = own();
        await api.send('PATCH', `/api/v1/nodes/${config.nodeName}`, { status: nodeStatus(await facts(), transitions) });
        await syncMirrorPods(api, { name: config.nodeName, ip }, pods(), await cri().containers());
        said = '';
      } catch (error) {
        complain('kubelet_node_status.go:474', 'Error updating node status, will retry', error);
      }
      await sleep(round === 0 ? retryMs : reportMs);
    }
  };
  live().catch((error: unknown) => complain('kubelet.go:1', 'Unexpected end', error));
}
