import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { parse } from 'yaml';
import { option, parseFlags } from './flags.ts';
import { at, type Json, textAt, toJson } from './json.ts';
import { Exit } from './program.ts';

/** What the kubelet's double needs to know of its flags and of its configuration file. */
export interface KubeletConfig {
  readonly nodeName: string;
  readonly nodeIp: string | undefined;
  readonly address: string;
  readonly healthz: { readonly address: string; readonly port: number };
  readonly port: number;
  readonly staticPodPath: string | undefined;
  readonly cgroupDriver: string;
  readonly socket: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly bootstrapKubeconfig: string | undefined;
  readonly registerTaints: readonly string[];
}

const valueFlags = [
  'config',
  'kubeconfig',
  'bootstrap-kubeconfig',
  'hostname-override',
  'node-ip',
  'node-labels',
  'pod-infra-container-image',
  'container-runtime-endpoint',
  'cgroup-driver',
  'register-with-taints',
  'pod-manifest-path',
  'cloud-provider',
  'provider-id',
  'root-dir',
  'cert-dir',
  'v',
];

/** How the real one ends when it cannot begin: the reason in one klog line, exit code 1. */
export function commandFailed(reason: string): Exit {
  return new Exit(1, `"command failed" err=${JSON.stringify(reason)}`);
}

function readConfig(path: string): Json {
  if (!existsSync(path)) {
    const missing = `open ${path}: no such file or directory`;
    const unread = `failed to read kubelet config file ${JSON.stringify(path)}, error: ${missing}`;
    throw commandFailed(
      `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error ${unread}`,
    );
  }
  return toJson(parse(readFileSync(path, 'utf8')));
}

/** Reads flags and file as the real one does; what it refuses to start with is refused here. */
export function kubeletConfig(argv: readonly string[]): KubeletConfig {
  const flags = parseFlags(argv, { values: valueFlags, switches: ['version', 'fail-swap-on', 'rotate-certificates'] });
  const path = option(flags, 'config');
  const file = path === undefined ? {} : readConfig(path);
  const kubeconfig = option(flags, 'kubeconfig');
  const bootstrapKubeconfig = option(flags, 'bootstrap-kubeconfig');
  const webhook = [at(file, 'authentication', 'webhook', 'enabled'), at(file, 'authorization', 'mode')];
  const wantsClient = webhook[0] !== false || webhook[1] === undefined || webhook[1] === 'Webhook';
  if (kubeconfig === undefined && wantsClient) {
    const use = webhook[0] === false ? 'authorization' : 'authentication';
    throw commandFailed(`failed to run Kubelet: no client provided, cannot use webhook ${use}`);
  }
  if (kubeconfig !== undefined && !existsSync(kubeconfig) && !existsSync(bootstrapKubeconfig ?? '')) {
    throw commandFailed(
      `failed to run Kubelet: unable to load bootstrap kubeconfig: stat ${bootstrapKubeconfig ?? ''}: no such file or directory`,
    );
  }
  const port = at(file, 'healthzPort');
  return {
    nodeName: (option(flags, 'hostname-override') ?? hostname()).toLowerCase(),
    nodeIp: option(flags, 'node-ip'),
    address: textAt(file, 'address') ?? '0.0.0.0',
    healthz: {
      address: textAt(file, 'healthzBindAddress') ?? '127.0.0.1',
      port: typeof port === 'number' ? port : 10248,
    },
    port: 10250,
    staticPodPath: textAt(file, 'staticPodPath') ?? option(flags, 'pod-manifest-path'),
    cgroupDriver: textAt(file, 'cgroupDriver') ?? 'cgroupfs',
    socket: (textAt(file, 'containerRuntimeEndpoint') ?? option(flags, 'container-runtime-endpoint'))?.replace(
      /^unix:\/\//,
      '',
    ),
    kubeconfig,
    bootstrapKubeconfig,
    registerTaints: (option(flags, 'register-with-taints') ?? '').split(',').filter((taint) => taint !== ''),
  };
}
