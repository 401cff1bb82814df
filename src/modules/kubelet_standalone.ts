import { z } from 'zod';
import { containers, file, port, unit } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { Observation } from '../host/observation.ts';
import { writeFile } from '../module/change.ts';
import { contentOf, hashOf } from '../module/content.ts';
import { defineModule, type Plan, type Seen } from '../module/define.ts';
import {
  criSocket,
  kubeletConfig,
  kubeletKubeconfig,
  manifestsDirectory,
  standaloneDropIn,
} from '../module/kubernetes.ts';
import { bool, choice, filledText, float, int, required, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z.strictObject({
  state: required(
    choice(['up', 'down']),
    '`up`: kubelet runs by itself until the pod runs; `down`: everything is put back, the pod lives on',
  ),
  pod: withDefault(filledText(), 'haproxy-apiserver-lb', 'Static pod to wait for'),
  container: withDefault(filledText(), 'haproxy', 'Its container'),
  port: withDefault(int({ min: 1, max: 65535 }), 16443, 'TCP port of 127.0.0.1 that the pod must answer on'),
  cgroup_driver: withDefault(choice(['systemd', 'cgroupfs']), 'systemd', 'As the container runtime has it'),
  cri_socket: withDefault(filledText(), criSocket, 'Of the container runtime'),
  kubelet: withDefault(filledText(), '/usr/bin/kubelet', 'Path of the kubelet'),
  local_storage_isolation: withDefault(bool(), true, 'Off where the root file system is an overlay, as in the lab'),
  timeout: withDefault(float(), 120, 'Seconds until `up` fails'),
});
type Params = z.output<typeof params>;

const unitQuery = unit('kubelet.service');
const configQuery = file(kubeletConfig, { hashes: ['sha256'] });
const dropInQuery = file(standaloneDropIn, { hashes: ['sha256'] });
const joinedQuery = file(kubeletKubeconfig);

/**
 * Safe while nobody watches: the API of the kubelet on the loopback only, no anonymous requests. Without a client
 * webhooks cannot work, so both are off (facts: kubernetes, standalone kubelet).
 */
function configOf(p: Params): string {
  return `${[
    '# Written by hlb for the standalone kubelet; kubeadm writes its own when the node joins.',
    'apiVersion: kubelet.config.k8s.io/v1beta1',
    'kind: KubeletConfiguration',
    'address: 127.0.0.1',
    'authentication:',
    '  anonymous: {enabled: false}',
    '  webhook: {enabled: false}',
    'authorization: {mode: AlwaysAllow}',
    `cgroupDriver: ${p.cgroup_driver}`,
    `containerRuntimeEndpoint: ${p.cri_socket}`,
    `staticPodPath: ${manifestsDirectory}`,
    'failSwapOn: false',
    ...(p.local_storage_isolation ? [] : ['localStorageCapacityIsolation: false']),
  ].join('\n')}\n`;
}

function dropInOf(p: Params): string {
  return `# Written by hlb: kubelet without a cluster, until the balancer runs.\n[Service]\nExecStart=\nExecStart=${p.kubelet} --config=${kubeletConfig}\n`;
}

function queries(p: Params): readonly Observation[] {
  return [joinedQuery, configQuery, dropInQuery, unitQuery, containers(p.pod), port(p.port)];
}

const daemonReload: Change = { kind: 'systemctl', verb: 'daemon-reload', scope: 'system', quiet: true };
const systemctl = (verb: 'restart' | 'stop'): Change => ({
  kind: 'systemctl',
  verb,
  unit: 'kubelet.service',
  scope: 'system',
});

function runs(p: Params, seen: Seen): boolean {
  const { containers: found } = seen(containers(p.pod));
  const { listeners } = seen(port(p.port));
  return found.some((one) => one.name === p.container && one.state === 'running') && listeners.length > 0;
}

function up(p: Params, seen: Seen): Plan {
  if (seen(joinedQuery).exists) return plan([], { why: 'the node has joined: its kubelet runs the pod' });
  const { loadState } = seen(unitQuery);
  if (loadState !== 'loaded') {
    return refuse(`There is no kubelet.service on the host (systemd says "${loadState}")`, {
      help: 'Install the Kubernetes packages first',
    });
  }
  if (runs(p, seen) && !seen(dropInQuery).exists) return plan([], { why: 'the pod already runs without a kubelet' });
  const config = configOf(p);
  const dropIn = dropInOf(p);
  const differs = (query: typeof configQuery, text: string): boolean => {
    const fact = seen(query);
    return !fact.exists || fact.hashes.sha256 !== hashOf('sha256', text);
  };
  return plan([
    ...(differs(configQuery, config)
      ? [
          { kind: 'make-directory', path: '/var/lib/kubelet', parents: true } as const,
          writeFile(kubeletConfig, contentOf(config), { mode: 0o644 }),
        ]
      : []),
    ...(differs(dropInQuery, dropIn)
      ? [
          { kind: 'make-directory', path: '/etc/systemd/system/kubelet.service.d', parents: true } as const,
          writeFile(standaloneDropIn, contentOf(dropIn), { mode: 0o644 }),
        ]
      : []),
    daemonReload,
    systemctl('restart'),
    {
      kind: 'wait-until',
      until: {
        kind: 'all',
        of: [
          { kind: 'container', pod: p.pod, container: p.container, stableMs: 3000 },
          { kind: 'tcp', host: '127.0.0.1', port: p.port, open: true, timeoutMs: 1000 },
        ],
      },
      timeoutMs: p.timeout * 1000,
      intervalMs: 500,
      summary: `pod ${p.pod} runs and 127.0.0.1:${p.port} answers`,
      onTimeout: [
        'sh',
        '-c',
        `crictl ps -a; crictl logs --tail 10 "$(crictl ps -a -q --name '^${p.container}$' | head -n 1)" 2>&1; journalctl -u kubelet -n 10 --no-pager -o cat`,
      ],
    },
  ]);
}

function down(p: Params, seen: Seen): Plan {
  if (!seen(dropInQuery).exists) return plan([], { why: 'the standalone drop-in is not there' });
  const removeDropIn: Change = { kind: 'remove', path: standaloneDropIn, recursive: false };
  // A run that was cut between the join and this step: the kubelet must come back with kubeadm's own start.
  if (seen(joinedQuery).exists) return plan([removeDropIn, daemonReload, systemctl('restart')]);
  const config = seen(configQuery);
  const own = config.exists && config.hashes.sha256 === hashOf('sha256', configOf(p));
  return plan([
    systemctl('stop'),
    removeDropIn,
    ...(own ? [{ kind: 'remove', path: kubeletConfig, recursive: false } as const] : []),
    daemonReload,
  ]);
}

/** The way out of the circle (static pod needs kubelet, kubelet needs join, join needs the static pod). */
export default defineModule({
  name: 'kubelet_standalone',
  summary: 'Runs kubelet without a cluster until a static pod runs, then puts everything back while the pod lives on',
  examples: ['kubelet_standalone:\n  state: up', 'kubelet_standalone:\n  state: down'],
  params,
  returns: z.object({
    state: z.string().meta({ description: '"up" or "down"' }),
    joined: z.boolean().meta({ description: 'Whether the node has joined a cluster' }),
  }),
  convergence: () => 'converges',
  observe: (p) => queries(p),
  plan: (p, seen) => (p.state === 'up' ? up(p, seen) : down(p, seen)),
  result: (p, seen) => ({ state: p.state, joined: seen(joinedQuery).exists }),
  disrupts: (_, made) => (made.kind === 'plan' && made.changes.length > 0 ? ['node'] : []),
});
