import { z } from 'zod';
import { command, file } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import { quote } from '../host/quote.ts';
import { runShell, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule, type Plan, type Seen } from '../module/define.ts';
import {
  bootstrapKubeconfig,
  clusterCa,
  criSocket,
  kubeletKubeconfig,
  manifestsDirectory,
  preflightFlag,
  standaloneDropIn,
} from '../module/kubernetes.ts';
import { bool, filledText, float, int, list, optional, required, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    endpoint: withDefault(filledText(), '127.0.0.1:16443', "Where the cluster is reached: the node's own balancer"),
    token: required(filledText(), 'Bootstrap token, from kubeadm_token', { secret: true }),
    ca_cert_hash: required(filledText(), "Hash of the cluster's CA, from kubeadm_token"),
    control_plane: withDefault(bool(), false, 'Join as another control plane'),
    certificate_key: optional(filledText(), 'Of the shared certificates; control planes need it', { secret: true }),
    advertise_address: optional(filledText(), "The node's own address; control planes need it"),
    api_port: withDefault(int({ min: 1, max: 65535 }), 6443, 'Port of the API server'),
    node_name: optional(filledText(), 'Name of the node where it is not the host name'),
    cri_socket: withDefault(filledText(), criSocket, 'Of the container runtime'),
    discovery_timeout: withDefault(
      filledText(),
      '30s',
      'kubeadm waits 5 minutes for a token that has expired; this ends it earlier',
    ),
    ignore_preflight_errors: withDefault(
      list(filledText()),
      [],
      'Names of preflight errors to ignore; "all" hides real conflicts and is refused',
    ),
    timeout: withDefault(float(), 600, 'Seconds'),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.control_plane && p.certificate_key === undefined)
      issue('A control plane needs "certificate_key"', 'certificate_key');
    if (p.control_plane && p.advertise_address === undefined)
      issue('A control plane needs "advertise_address"', 'advertise_address');
    if (p.ignore_preflight_errors.some((name) => name.toLowerCase() === 'all')) {
      issue('Name the preflight errors to ignore: "all" also hides real conflicts', 'ignore_preflight_errors');
    }
  });
type Params = z.output<typeof params>;

const configPath = '/etc/kubernetes/.hlb-join.yaml';
const kubeconfig = file(kubeletKubeconfig);
const bootstrap = file(bootstrapKubeconfig);
const dropIn = file(standaloneDropIn);
const certificate = file('/var/lib/kubelet/pki/kubelet-client-current.pem');
const ca = file(clusterCa);
const etcdManifest = file(`${manifestsDirectory}/etcd.yaml`);
const apiManifest = file(`${manifestsDirectory}/kube-apiserver.yaml`);
const version = command(['kubeadm', 'version', '-o', 'short']);

/** v1beta4 came with 1.31 and names the time-outs; v1beta3 is what older ones read. */
function isBeta4(seen: Seen): boolean {
  const match = /v(\d+)\.(\d+)/.exec(seen(version).stdout);
  return match === null || Number(match[1]) > 1 || Number(match[2]) >= 31;
}

function configOf(p: Params, beta4: boolean): string {
  return `${[
    `apiVersion: kubeadm.k8s.io/${beta4 ? 'v1beta4' : 'v1beta3'}`,
    'kind: JoinConfiguration',
    'discovery:',
    '  bootstrapToken:',
    `    apiServerEndpoint: ${JSON.stringify(p.endpoint)}`,
    `    token: ${JSON.stringify(p.token)}`,
    `    caCertHashes: [${JSON.stringify(p.ca_cert_hash)}]`,
    ...(beta4 ? [] : [`  timeout: ${p.discovery_timeout}`]),
    ...(beta4 ? ['timeouts:', `  discovery: ${p.discovery_timeout}`] : []),
    'nodeRegistration:',
    `  criSocket: ${JSON.stringify(p.cri_socket)}`,
    ...(p.node_name === undefined ? [] : [`  name: ${JSON.stringify(p.node_name)}`]),
    ...(p.control_plane
      ? [
          'controlPlane:',
          `  certificateKey: ${JSON.stringify(p.certificate_key ?? '')}`,
          '  localAPIEndpoint:',
          `    advertiseAddress: ${JSON.stringify(p.advertise_address ?? '')}`,
          `    bindPort: ${p.api_port}`,
        ]
      : []),
  ].join('\n')}\n`;
}

function join(p: Params, seen: Seen): Plan {
  // The file holds the token and the key: it goes whatever becomes of kubeadm.
  const argv = ['kubeadm', 'join', '--config', configPath, ...preflightFlag(p.ignore_preflight_errors)];
  const script = `${argv.map(quote).join(' ')}; code=$?; rm -f ${configPath}; exit $code`;
  return plan([
    { kind: 'make-directory', path: '/etc/kubernetes', parents: true },
    writeFile(configPath, contentOf(configOf(p, isBeta4(seen))), { mode: 0o600 }),
    runShell(script, {
      detach: true,
      timeoutMs: p.timeout * 1000,
      summary: `kubeadm join ${p.endpoint}${p.control_plane ? ' as a control plane' : ''}`,
    }),
    p.control_plane ? apiServerReady(p) : kubeletActive,
  ]);
}

function apiServerReady(p: Params): Change {
  const url = `https://${p.advertise_address ?? ''}:${p.api_port}/readyz`;
  return {
    kind: 'wait-until',
    until: {
      kind: 'successive',
      times: 2,
      of: { kind: 'http', url, statuses: [200], verifyTls: false, timeoutMs: 3000 },
    },
    timeoutMs: 120_000,
    intervalMs: 500,
    summary: `API server ${p.advertise_address ?? ''}:${p.api_port} answers 200 at /readyz`,
    onTimeout: ['crictl', 'ps', '-a'],
  };
}

const kubeletActive: Change = {
  kind: 'wait-until',
  until: {
    kind: 'all',
    of: [
      { kind: 'path', path: kubeletKubeconfig, present: true },
      { kind: 'unit', name: 'kubelet.service', activeState: 'active' },
    ],
  },
  timeoutMs: 60_000,
  intervalMs: 500,
  summary: 'kubelet runs with the cluster',
  onTimeout: ['journalctl', '-u', 'kubelet', '-n', '20', '--no-pager', '-o', 'cat'],
};

/** A host becomes a node. */
export default defineModule({
  name: 'kubeadm_join',
  summary: 'Joins a host to a cluster, as a worker or as another control plane',
  examples: [
    'kubeadm_join:\n  token: "{{ join.token }}"\n  ca_cert_hash: "{{ join.ca_cert_hash }}"',
    'kubeadm_join:\n  token: "{{ join.token }}"\n  ca_cert_hash: "{{ join.ca_cert_hash }}"\n  control_plane: true\n  certificate_key: "{{ join.certificate_key }}"\n  advertise_address: "{{ ansible_host }}"',
  ],
  params,
  returns: z.object({
    control_plane: z.boolean().meta({ description: 'Whether it joined as a control plane' }),
  }),
  convergence: () => 'converges',
  observe: () => [kubeconfig, bootstrap, dropIn, certificate, ca, etcdManifest, apiManifest, version],
  plan: (p, seen) => {
    const joined = seen(kubeconfig).exists;
    const complete = joined && (!p.control_plane || (seen(etcdManifest).exists && seen(apiManifest).exists));
    if (complete && !seen(bootstrap).exists) return plan([], { why: 'the host has joined already' });
    // kubelet finished what a cut kubeadm had begun: only the bootstrap kubeconfig is left over.
    if (complete && seen(certificate).exists)
      return plan([{ kind: 'remove', path: bootstrapKubeconfig, recursive: false }]);
    if (seen(dropIn).exists) {
      return refuse(
        `"${standaloneDropIn}" is still there: it overrides the kubelet's start, and kubeadm would wait 4 minutes for it in vain`,
        {
          help: 'Run "kubelet_standalone" with "state: down" first',
        },
      );
    }
    const left = [kubeconfig, bootstrap, ca, apiManifest, etcdManifest]
      .filter((one) => seen(one).exists)
      .map((one) => one.path);
    if (left.length > 0) {
      return refuse(
        `An earlier "kubeadm join" was cut: ${left.map((one) => `"${one}"`).join(', ')} is there, the rest is not`,
        {
          help: p.control_plane
            ? 'Look at "etcdctl member list" on a healthy control plane: a learner of this host must be removed; then "kubeadm reset", and run the play again'
            : 'Run "kubeadm reset" on the host, then the play again: it puts the balancer back',
        },
      );
    }
    return join(p, seen);
  },
  result: (p) => ({ control_plane: p.control_plane }),
  disrupts: (_, made) => (made.kind === 'plan' && made.changes.length > 0 ? ['node'] : []),
});
