import { z } from 'zod';
import { file } from '../host/ask.ts';
import { run } from '../module/change.ts';
import { defineModule, type Seen } from '../module/define.ts';
import {
  adminKubeconfig,
  kubeletConfig,
  kubeletKubeconfig,
  manifestsDirectory,
  preflightFlag,
  standaloneDropIn,
} from '../module/kubernetes.ts';
import { bool, filledText, float, int, list, path, required, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    config: required(path(), 'Path on the host of the kubeadm configuration'),
    advertise_address: required(filledText(), "The node's own address, asked for /readyz afterwards"),
    api_port: withDefault(int({ min: 1, max: 65535 }), 6443, 'Port of the API server'),
    upload_certs: withDefault(bool(), true, 'Keep the shared certificates in the cluster for the other control planes'),
    skip_phases: withDefault(list(filledText()), [], 'Phases of kubeadm to leave out, such as "addon/kube-proxy"'),
    ignore_preflight_errors: withDefault(
      list(filledText()),
      [],
      'Names of preflight errors to ignore; "all" hides real conflicts and is refused',
    ),
    timeout: withDefault(float(), 600, 'Seconds'),
  })
  .refine((p) => !p.ignore_preflight_errors.some((name) => name.toLowerCase() === 'all'), {
    error: 'Name the preflight errors to ignore: "all" also hides real conflicts',
    path: ['ignore_preflight_errors'],
  });
type Params = z.output<typeof params>;

/** What init leaves, by the order it writes them in: some but not all is an init that was cut. */
const admin = file(adminKubeconfig);
const kubelet = file(kubeletKubeconfig);
const apiServer = file(`${manifestsDirectory}/kube-apiserver.yaml`);
const etcd = file(`${manifestsDirectory}/etcd.yaml`);
const dropIn = file(standaloneDropIn);
const traces = [admin, kubelet, apiServer, etcd];

function isDone(seen: Seen): boolean {
  return traces.every((one) => seen(one).exists);
}

/** The first control plane. kubeadm runs apart from the connection: cut, it goes on, and is not started twice. */
export default defineModule({
  name: 'kubeadm_init',
  summary: 'Makes a host the first control plane of a cluster',
  examples: ['kubeadm_init:\n  config: /etc/kubernetes/kubeadm-config.yaml\n  advertise_address: 192.0.2.11'],
  params,
  returns: z.object({
    admin_conf: z.string().meta({ description: 'Path of the kubeconfig of the administrator' }),
  }),
  convergence: () => 'converges',
  observe: () => [...traces, dropIn, file(kubeletConfig)],
  plan: (p, seen) => {
    if (isDone(seen)) return plan([], { why: 'the host is a control plane already' });
    const found = traces.filter((one) => seen(one).exists).map((one) => one.path);
    if (found.length > 0) {
      return refuse(
        `An earlier "kubeadm init" or "join" was cut: ${found.map((one) => `"${one}"`).join(', ')} is there, the rest is not`,
        {
          help: 'Look at "journalctl -u kubelet"; "kubeadm reset" removes what is left, the balancer\'s manifest too',
        },
      );
    }
    if (seen(dropIn).exists) {
      return refuse(
        `"${standaloneDropIn}" is still there: it overrides the kubelet's start, and kubeadm would wait for it in vain`,
        {
          help: 'Run "kubelet_standalone" with "state: down" first',
        },
      );
    }
    return plan([initialise(p), ready(p)]);
  },
  result: () => ({ admin_conf: adminKubeconfig }),
  disrupts: (_, made) => (made.kind === 'plan' && made.changes.length > 0 ? ['node'] : []),
});

function initialise(p: Params): ReturnType<typeof run> {
  const argv = ['kubeadm', 'init', '--config', p.config, ...(p.upload_certs ? ['--upload-certs'] : [])];
  const skip = p.skip_phases.length === 0 ? [] : [`--skip-phases=${p.skip_phases.join(',')}`];
  return run([...argv, ...skip, ...preflightFlag(p.ignore_preflight_errors)], {
    detach: true,
    timeoutMs: p.timeout * 1000,
  });
}

/** rc 0 is not enough: the API server must say itself that it is ready. The node has no CNI yet and may stay NotReady. */
function ready(p: Params) {
  return {
    kind: 'wait-until',
    until: {
      kind: 'successive',
      times: 2,
      of: {
        kind: 'http',
        url: `https://${p.advertise_address}:${p.api_port}/readyz`,
        statuses: [200],
        verifyTls: false,
        timeoutMs: 3000,
      },
    },
    timeoutMs: 120_000,
    intervalMs: 500,
    summary: `API server ${p.advertise_address}:${p.api_port} answers 200 at /readyz`,
    onTimeout: ['crictl', 'ps', '-a'],
  } as const;
}
