import { readFileSync } from 'node:fs';
import { cpus, networkInterfaces, release, totalmem } from 'node:os';
import type { Condition } from './cri.ts';
import type { Json } from './json.ts';
import { shownVersion } from './name.ts';

/** What a node says of itself: its object without what the cluster adds. */
export interface NodeFacts {
  readonly name: string;
  readonly ip: string;
  readonly runtime: string;
  readonly runtimeConditions: readonly Condition[];
}

export function nodeAddress(given: string | undefined): string {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return (
    given ??
    all.find((one) => one.family === 'IPv4' && !one.internal && !one.cidr?.endsWith('/32'))?.address ??
    '127.0.0.1'
  );
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z/, 'Z');
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

/** When each condition last changed: kept from what the cluster has, since a report carries it on. */
export type Transitions = Map<string, { readonly status: string; readonly since: string }>;

function condition(type: string, status: string, reason: string, message: string, transitions: Transitions): Json {
  const before = transitions.get(type);
  const since = before?.status === status ? before.since : now();
  transitions.set(type, { status, since });
  return { type, status, reason, message, lastHeartbeatTime: now(), lastTransitionTime: since };
}

export function nodeStatus(facts: NodeFacts, transitions: Transitions): Json {
  const broken = facts.runtimeConditions.find((one) => !one.status);
  const why =
    broken === undefined
      ? ''
      : `container runtime network not ready: ${broken.type}=false reason:${broken.reason} message:${broken.message}`;
  const size = { cpu: String(cpus().length), memory: `${Math.floor(totalmem() / 1024)}Ki`, pods: '110' };
  const quiet = ['Memory', 'Disk', 'PID'].map((what) =>
    condition(
      `${what}Pressure`,
      'False',
      `KubeletHasNo${what}Pressure`,
      `kubelet has no ${what.toLowerCase()} pressure`,
      transitions,
    ),
  );
  const ready =
    broken === undefined
      ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', transitions)
      : condition('Ready', 'False', 'KubeletNotReady', why, transitions);
  return {
    addresses: [
      { type: 'InternalIP', address: facts.ip },
      { type: 'Hostname', address: facts.name },
    ],
    allocatable: size,
    capacity: size,
    conditions: [...quiet, ready],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      bootID: read('/proc/sys/kernel/random/boot_id'),
      containerRuntimeVersion: facts.runtime,
      kernelVersion: release(),
      kubeProxyVersion: '',
      kubeletVersion: shownVersion(),
      machineID: read('/etc/machine-id'),
      operatingSystem: 'linux',
      osImage: /PRETTY_NAME="(.*)"/.exec(read('/etc/os-release'))?.[1] ?? '',
    },
  };
}

export function nodeObject(facts: NodeFacts, taints: readonly string[], transitions: Transitions): Json {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: facts.name,
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      labels: {
        'beta.kubernetes.io/arch': arch,
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': arch,
        'kubernetes.io/hostname': facts.name,
        'kubernetes.io/os': 'linux',
      },
    },
    spec:
      taints.length === 0
        ? {}
        : {
            taints: taints.map((taint) => ({
              key: taint.split(/[=:]/)[0] ?? '',
              effect: taint.split(':')[1] ?? 'NoSchedule',
            })),
          },
    status: nodeStatus(facts, transitions),
  };
}
