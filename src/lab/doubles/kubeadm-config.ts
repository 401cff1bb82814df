import { existsSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { parseAllDocuments } from 'yaml';
import { isOn, listOption, option, type Parsed } from './flags.ts';
import { parseDuration } from './go-time.ts';
import { at, type Json, listAt, objectAt, textAt, textsAt, toJson } from './json.ts';
import { doubleVersion } from './name.ts';
import { Exit } from './program.ts';

/** What a cluster is, as kubeadm-config keeps it. */
export interface ClusterConfig {
  readonly kubernetesVersion: string;
  /** host:port; undefined for a cluster that is its first node. */
  readonly endpoint: string | undefined;
  readonly certSans: readonly string[];
  readonly serviceSubnet: string;
  readonly podSubnet: string;
  readonly dnsDomain: string;
  readonly clusterName: string;
  readonly imageRepository: string;
  readonly etcdDataDir: string;
}

/** What is the node's own. */
export interface NodeConfig {
  readonly nodeName: string;
  readonly advertiseAddress: string;
  readonly bindPort: number;
  readonly ignore: readonly string[];
  /** KubeletConfiguration's own fields, as given. */
  readonly kubelet: Json;
  readonly kubeletExtraArgs: Readonly<Record<string, string>>;
  readonly taints: readonly Json[] | undefined;
}

export interface JoinConfig {
  readonly endpoint: string;
  readonly token: string;
  readonly caCertHashes: readonly string[];
  readonly unsafeSkipCaVerification: boolean;
  readonly discoveryTimeoutMs: number;
  readonly controlPlane: { readonly certificateKey: string | undefined } | undefined;
}

export interface KubeadmInput {
  readonly cluster: ClusterConfig;
  readonly node: NodeConfig;
  readonly join: JoinConfig;
  readonly certificateKey: string | undefined;
  readonly token: string | undefined;
  readonly tokenTtlMs: number;
  readonly skipPhases: readonly string[];
}

const kinds = [
  'InitConfiguration',
  'ClusterConfiguration',
  'JoinConfiguration',
  'KubeletConfiguration',
  'KubeProxyConfiguration',
  'ResetConfiguration',
  'UpgradeConfiguration',
];

/** The documents of a configuration file by kind; what kubeadm refuses to read is refused. */
export function readDocuments(path: string): ReadonlyMap<string, Json> {
  if (!existsSync(path))
    throw new Exit(1, `error: unable to read config from "${path}": open ${path}: no such file or directory`);
  const documents = new Map<string, Json>();
  for (const document of parseAllDocuments(readFileSync(path, 'utf8'))) {
    const value = toJson(document.toJS());
    if (value === null) continue;
    const kind = textAt(value, 'kind') ?? '';
    if (!kinds.includes(kind) || textAt(value, 'apiVersion') === undefined) {
      throw new Exit(
        1,
        `error: invalid configuration: kind and apiVersion is mandatory information that must be specified`,
      );
    }
    const version = textAt(value, 'apiVersion') ?? '';
    if (version.startsWith('kubeadm.') && !/v1beta[34]$/.test(version)) {
      throw new Exit(
        1,
        `error: your configuration file uses an old API spec: "${version}" (kind: "${kind}"). Please use kubeadm v1.22 instead and run 'kubeadm config migrate --old-config old-config-file --new-config new-config-file', which will write the new, similar spec using a newer API version.`,
      );
    }
    documents.set(kind, value);
  }
  return documents;
}

/** The first address that is not the machine's own: what kubeadm takes without being told. */
function defaultAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return all.find((one) => one.family === 'IPv4' && !one.internal)?.address ?? '127.0.0.1';
}

export function clusterOf(value: Json | undefined, flags?: Parsed): ClusterConfig {
  const flag = (name: string): string | undefined => (flags === undefined ? undefined : option(flags, name));
  return {
    kubernetesVersion: textAt(value, 'kubernetesVersion') ?? flag('kubernetes-version') ?? doubleVersion(),
    endpoint: withPort(textAt(value, 'controlPlaneEndpoint') ?? flag('control-plane-endpoint')),
    certSans: [
      ...listAt(value, 'apiServer', 'certSANs').map(String),
      ...(flags === undefined ? [] : listOption(flags, 'apiserver-cert-extra-sans')),
    ],
    serviceSubnet: textAt(value, 'networking', 'serviceSubnet') ?? flag('service-cidr') ?? '10.96.0.0/12',
    podSubnet: textAt(value, 'networking', 'podSubnet') ?? flag('pod-network-cidr') ?? '',
    dnsDomain: textAt(value, 'networking', 'dnsDomain') ?? flag('service-dns-domain') ?? 'cluster.local',
    clusterName: textAt(value, 'clusterName') ?? 'kubernetes',
    imageRepository: textAt(value, 'imageRepository') ?? flag('image-repository') ?? 'registry.k8s.io',
    etcdDataDir: textAt(value, 'etcd', 'local', 'dataDir') ?? '/var/lib/etcd',
  };
}

const withPort = (endpoint: string | undefined): string | undefined =>
  endpoint === undefined || endpoint === '' ? undefined : /:\d+$/.test(endpoint) ? endpoint : `${endpoint}:6443`;

/** v1beta4 has a list of names and values, v1beta3 a mapping. */
function extraArgs(registration: Json | undefined): Readonly<Record<string, string>> {
  const list = listAt(registration, 'kubeletExtraArgs');
  if (list.length === 0) return textsAt(registration, 'kubeletExtraArgs');
  return Object.fromEntries(list.map((one) => [textAt(one, 'name') ?? '', textAt(one, 'value') ?? '']));
}

/** Reads `--config` and the flags of init and join together. */
export function kubeadmInput(flags: Parsed): KubeadmInput {
  const path = option(flags, 'config');
  const documents = path === undefined ? new Map<string, Json>() : readDocuments(path);
  const init = documents.get('InitConfiguration');
  const join = documents.get('JoinConfiguration');
  const own = init ?? join;
  const endpoint =
    at(join, 'controlPlane') === undefined
      ? objectAt(init, 'localAPIEndpoint')
      : objectAt(join, 'controlPlane', 'localAPIEndpoint');
  const bindPort = at(endpoint, 'bindPort') ?? Number(option(flags, 'apiserver-bind-port') ?? 6443);
  const discovery = objectAt(join, 'discovery', 'bootstrapToken');
  const isControlPlane = isOn(flags, 'control-plane') || at(join, 'controlPlane') !== undefined;
  const certificateKey =
    option(flags, 'certificate-key') ??
    textAt(join, 'controlPlane', 'certificateKey') ??
    textAt(init, 'certificateKey');
  const ignored = [
    ...listOption(flags, 'ignore-preflight-errors'),
    ...listAt(own, 'nodeRegistration', 'ignorePreflightErrors').map(String),
  ];
  const initToken = listAt(init, 'bootstrapTokens')[0];
  const taints = at(own, 'nodeRegistration', 'taints');
  return {
    cluster: clusterOf(documents.get('ClusterConfiguration'), flags),
    node: {
      nodeName: (textAt(own, 'nodeRegistration', 'name') ?? option(flags, 'node-name') ?? hostname()).toLowerCase(),
      advertiseAddress:
        textAt(endpoint, 'advertiseAddress') ?? option(flags, 'apiserver-advertise-address') ?? defaultAddress(),
      bindPort: typeof bindPort === 'number' ? bindPort : 6443,
      ignore: ignored.map((name) => name.toLowerCase()),
      kubelet: documents.get('KubeletConfiguration') ?? {},
      kubeletExtraArgs: extraArgs(at(own, 'nodeRegistration')),
      taints: taints === undefined ? undefined : listAt(own, 'nodeRegistration', 'taints'),
    },
    join: {
      endpoint: flags.rest[0] ?? textAt(discovery, 'apiServerEndpoint') ?? '',
      token:
        option(flags, 'token') ?? textAt(discovery, 'token') ?? textAt(join, 'discovery', 'tlsBootstrapToken') ?? '',
      caCertHashes: [
        ...listOption(flags, 'discovery-token-ca-cert-hash'),
        ...listAt(discovery, 'caCertHashes').map(String),
      ],
      unsafeSkipCaVerification:
        isOn(flags, 'discovery-token-unsafe-skip-ca-verification') ||
        at(discovery, 'unsafeSkipCAVerification') === true,
      discoveryTimeoutMs:
        parseDuration(textAt(join, 'timeouts', 'discovery')) ??
        parseDuration(textAt(join, 'discovery', 'timeout')) ??
        300_000,
      controlPlane: isControlPlane ? { certificateKey } : undefined,
    },
    certificateKey,
    token: textAt(initToken, 'token') ?? option(flags, 'token'),
    tokenTtlMs: parseDuration(textAt(initToken, 'ttl') ?? option(flags, 'token-ttl')) ?? 86_400_000,
    skipPhases: [...listOption(flags, 'skip-phases'), ...listAt(own, 'skipPhases').map(String)],
  };
}

/** The first address of a range: what the API server's own service gets. */
export function firstAddress(cidr: string): string {
  const parts = (cidr.split('/')[0] ?? '').split('.').map(Number);
  return [...parts.slice(0, 3), (parts[3] ?? 0) + 1].join('.');
}
