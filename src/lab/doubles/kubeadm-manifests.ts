import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeNew } from './kubeadm-certs.ts';
import type { ClusterConfig, NodeConfig } from './kubeadm-config.ts';

export const manifestDir = '/etc/kubernetes/manifests';
export const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
type Component = (typeof components)[number];

/** The tag of etcd that this version of kubeadm wants. */
export const etcdTag = '3.6.5-0';
export const pauseTag = '3.10.1';

const pki = '/etc/kubernetes/pki';

interface PodWish {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly probe: { readonly host: string; readonly path: string; readonly port: number; readonly scheme: string };
  readonly mounts: readonly {
    readonly name: string;
    readonly path: string;
    readonly type: string;
    readonly readOnly: boolean;
  }[];
}

function podText(wish: PodWish): string {
  const { host, path, port, scheme } = wish.probe;
  return stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(wish.annotations === undefined ? {} : { annotations: wish.annotations }),
      labels: { component: wish.name, tier: 'control-plane' },
      name: wish.name,
      namespace: 'kube-system',
    },
    spec: {
      containers: [
        {
          command: [wish.name, ...wish.command],
          image: wish.image,
          imagePullPolicy: 'IfNotPresent',
          livenessProbe: {
            failureThreshold: 8,
            httpGet: { host, path, port, scheme },
            initialDelaySeconds: 10,
            periodSeconds: 10,
            timeoutSeconds: 15,
          },
          name: wish.name,
          volumeMounts: wish.mounts.map(({ name, path, readOnly }) => ({
            mountPath: path,
            name,
            ...(readOnly ? { readOnly } : {}),
          })),
        },
      ],
      hostNetwork: true,
      priority: 2_000_001_000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes: wish.mounts.map(({ name, path, type }) => ({ hostPath: { path, type }, name })),
    },
    status: {},
  });
}

const directory = (name: string, path: string, readOnly = true) => ({
  name,
  path,
  type: 'DirectoryOrCreate',
  readOnly,
});
const kubeconfig = (name: string) => ({
  name: 'kubeconfig',
  path: `/etc/kubernetes/${name}`,
  type: 'FileOrCreate',
  readOnly: true,
});
const certificates = [
  directory('ca-certs', '/etc/ssl/certs'),
  directory('etc-ca-certificates', '/etc/ca-certificates'),
  directory('k8s-certs', pki),
  directory('usr-local-share-ca-certificates', '/usr/local/share/ca-certificates'),
  directory('usr-share-ca-certificates', '/usr/share/ca-certificates'),
];

function apiServer(cluster: ClusterConfig, node: NodeConfig): PodWish {
  const address = node.advertiseAddress;
  return {
    name: 'kube-apiserver',
    image: `${cluster.imageRepository}/kube-apiserver:${cluster.kubernetesVersion}`,
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:${node.bindPort}` },
    command: [
      `--advertise-address=${address}`,
      '--allow-privileged=true',
      '--authorization-mode=Node,RBAC',
      `--client-ca-file=${pki}/ca.crt`,
      '--enable-admission-plugins=NodeRestriction',
      '--enable-bootstrap-token-auth=true',
      `--etcd-cafile=${pki}/etcd/ca.crt`,
      `--etcd-certfile=${pki}/apiserver-etcd-client.crt`,
      `--etcd-keyfile=${pki}/apiserver-etcd-client.key`,
      '--etcd-servers=https://127.0.0.1:2379',
      `--kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`,
      `--kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
      `--secure-port=${node.bindPort}`,
      `--service-account-issuer=https://kubernetes.default.svc.${cluster.dnsDomain}`,
      `--service-account-key-file=${pki}/sa.pub`,
      `--service-account-signing-key-file=${pki}/sa.key`,
      `--service-cluster-ip-range=${cluster.serviceSubnet}`,
      `--tls-cert-file=${pki}/apiserver.crt`,
      `--tls-private-key-file=${pki}/apiserver.key`,
    ],
    probe: { host: address, path: '/livez', port: node.bindPort, scheme: 'HTTPS' },
    mounts: certificates,
  };
}

function controllerManager(cluster: ClusterConfig): PodWish {
  const config = '/etc/kubernetes/controller-manager.conf';
  return {
    name: 'kube-controller-manager',
    image: `${cluster.imageRepository}/kube-controller-manager:${cluster.kubernetesVersion}`,
    command: [
      `--authentication-kubeconfig=${config}`,
      `--authorization-kubeconfig=${config}`,
      '--bind-address=127.0.0.1',
      `--client-ca-file=${pki}/ca.crt`,
      `--cluster-name=${cluster.clusterName}`,
      `--cluster-signing-cert-file=${pki}/ca.crt`,
      `--cluster-signing-key-file=${pki}/ca.key`,
      '--controllers=*,bootstrapsigner,tokencleaner',
      `--kubeconfig=${config}`,
      '--leader-elect=true',
      `--root-ca-file=${pki}/ca.crt`,
      `--service-account-private-key-file=${pki}/sa.key`,
      '--use-service-account-credentials=true',
    ],
    probe: { host: '127.0.0.1', path: '/healthz', port: 10257, scheme: 'HTTPS' },
    mounts: [...certificates, kubeconfig('controller-manager.conf')],
  };
}

function scheduler(cluster: ClusterConfig): PodWish {
  const config = '/etc/kubernetes/scheduler.conf';
  return {
    name: 'kube-scheduler',
    image: `${cluster.imageRepository}/kube-scheduler:${cluster.kubernetesVersion}`,
    command: [
      `--authentication-kubeconfig=${config}`,
      `--authorization-kubeconfig=${config}`,
      '--bind-address=127.0.0.1',
      `--kubeconfig=${config}`,
      '--leader-elect=true',
    ],
    probe: { host: '127.0.0.1', path: '/livez', port: 10259, scheme: 'HTTPS' },
    mounts: [kubeconfig('scheduler.conf')],
  };
}

const wishes: Readonly<Record<Component, (cluster: ClusterConfig, node: NodeConfig) => PodWish>> = {
  'kube-apiserver': apiServer,
  'kube-controller-manager': controllerManager,
  'kube-scheduler': scheduler,
};

/** The manifest of a component of the control plane. */
export function componentManifest(component: Component, cluster: ClusterConfig, node: NodeConfig): string {
  return podText(wishes[component](cluster, node));
}

/** The members that an etcd starts with, as `name=peer`; a joining one is told that the cluster exists. */
export function etcdManifest(cluster: ClusterConfig, node: NodeConfig, members: readonly string[]): string {
  const address = node.advertiseAddress;
  return podText({
    name: 'etcd',
    image: `${cluster.imageRepository}/etcd:${etcdTag}`,
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${address}:2379` },
    command: [
      `--advertise-client-urls=https://${address}:2379`,
      `--cert-file=${pki}/etcd/server.crt`,
      '--client-cert-auth=true',
      `--data-dir=${cluster.etcdDataDir}`,
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--initial-cluster=${members.join(',')}`,
      ...(members.length > 1 ? ['--initial-cluster-state=existing'] : []),
      `--key-file=${pki}/etcd/server.key`,
      `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
      '--listen-metrics-urls=http://127.0.0.1:2381',
      `--listen-peer-urls=https://${address}:2380`,
      `--name=${node.nodeName}`,
      `--peer-cert-file=${pki}/etcd/peer.crt`,
      '--peer-client-cert-auth=true',
      `--peer-key-file=${pki}/etcd/peer.key`,
      `--peer-trusted-ca-file=${pki}/etcd/ca.crt`,
      '--snapshot-count=10000',
      `--trusted-ca-file=${pki}/etcd/ca.crt`,
    ],
    probe: { host: '127.0.0.1', path: '/health', port: 2381, scheme: 'HTTP' },
    mounts: [directory('etcd-certs', `${pki}/etcd`, false), directory('etcd-data', cluster.etcdDataDir, false)],
  });
}

export function writeManifest(name: string, text: string): void {
  writeNew(join(manifestDir, `${name}.yaml`), text, 0o600);
}

/** Every image that a control plane of this version runs. */
export function imageList(cluster: ClusterConfig): readonly string[] {
  const { imageRepository: from, kubernetesVersion: version } = cluster;
  return [
    ...components.map((name) => `${from}/${name}:${version}`),
    `${from}/kube-proxy:${version}`,
    `${from}/coredns/coredns:v1.12.1`,
    `${from}/pause:${pauseTag}`,
    `${from}/etcd:${etcdTag}`,
  ];
}
