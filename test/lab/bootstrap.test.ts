import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HlbRig, setupHlb } from '../rig/hlb.ts';
import { labFor, noLabReason, type TestLab } from '../rig/lab.ts';

const reason = noLabReason();
if (reason !== undefined) process.stderr.write(`skipped: bootstrap on lab hosts, because ${reason}\n`);

const playbook = (name: string): string => join(import.meta.dirname, '..', '..', 'playbooks', name);

interface Recap {
  readonly code: number | null;
  readonly changed: number;
  readonly failed: number;
  readonly text: string;
}

async function play(rig: HlbRig, lab: TestLab, name: string, ...more: readonly string[]): Promise<Recap> {
  const { code, stdout, stderr } = await rig.hlb([
    'play',
    playbook(name),
    '-i',
    lab.inventory,
    '--view',
    'lines',
    ...more,
  ]);
  const sum = (what: string): number =>
    [...stdout.matchAll(new RegExp(`\\b${what}=(\\d+)`, 'g'))].reduce((total, match) => total + Number(match[1]), 0);
  return { code, changed: sum('changed'), failed: sum('failed') + sum('unreachable'), text: `${stdout}\n${stderr}` };
}

/** Whether the API answers on every node where the node reaches it. */
async function answers(lab: TestLab, endpoint: string): Promise<readonly string[]> {
  const nodes = lab.hosts.filter((host) => host.group !== 'balancers');
  const asked = nodes.map(async ({ name }) => {
    const { stdout } = await lab.sh(name, `curl -sk -m 5 -o /dev/null -w '%{http_code}' https://${endpoint}/readyz`);
    return `${name} ${stdout}`;
  });
  return Promise.all(asked);
}

/** Bootstraps fresh hosts, sees every node answered, that a second run changes nothing, and that check mode foresees it. */
async function bootstraps(
  placement: string,
  balancers: number,
  endpointOf: (lab: TestLab) => string,
): Promise<TestLab> {
  const rig = await setupHlb();
  const lab = await labFor('bootstrap', { shape: { controlPlanes: 3, workers: 2, balancers }, fresh: true });
  const first = await play(rig, lab, 'bootstrap.yml', '-e', `lb_placement=${placement}`);
  expect(first, first.text).toMatchObject({ code: 0, failed: 0 });
  const nodes = lab.hosts.filter((host) => host.group !== 'balancers');
  expect(await answers(lab, endpointOf(lab))).toEqual(nodes.map(({ name }) => `${name} 200`));
  const second = await play(rig, lab, 'bootstrap.yml', '-e', `lb_placement=${placement}`);
  expect(second, second.text).toMatchObject({ code: 0, failed: 0, changed: 0 });
  // 10 were to say that something would change, or cannot be known.
  const checked = await play(rig, lab, 'bootstrap.yml', '-e', `lb_placement=${placement}`, '--check', '--exit-code');
  expect(checked, checked.text).toMatchObject({ code: 0, failed: 0 });
  return lab;
}

describe.skipIf(reason !== undefined)('playbooks/bootstrap.yml', () => {
  it('makes a cluster with the balancer as a static pod, by way of the standalone kubelet', async () => {
    const lab = await bootstraps('static_pod', 0, () => '127.0.0.1:16443');
    for (const { name } of lab.hosts) {
      const left = await lab.sh(
        name,
        'ls /etc/systemd/system/kubelet.service.d/20-standalone.conf; systemctl is-active kubelet; crictl ps -q --name "^haproxy$" | wc -l',
      );
      expect(left.stdout.trim().split('\n'), name).toEqual(['active', '1']);
    }
  });

  it('makes a cluster with the balancer as a service of every node', async () => {
    const lab = await bootstraps('service', 0, () => '127.0.0.1:16443');
    const { stdout } = await lab.sh('w1', 'systemctl is-active haproxy-apiserver-lb');
    expect(stdout.trim()).toBe('active');
    await lab.down();
  });

  it('makes a cluster with the balancer on a host of its own', async () => {
    const lab = await bootstraps(
      'external',
      1,
      (one) => `${one.hosts.find((host) => host.group === 'balancers')?.address}:16443`,
    );
    await lab.down();
  });

  it('makes a cluster whose control planes share an address by kube-vip', async () => {
    const lab = await bootstraps('kube_vip', 0, (one) => `${one.hosts[0]?.address.replace(/\d+$/, '250')}:6443`);
    const { stdout } = await lab.sh(
      'cp1',
      'grep -c super-admin /etc/kubernetes/manifests/kube-vip.yaml; ip -br address show dev host0',
    );
    expect(stdout.split('\n')[0]).toBe('0');
    await lab.down();
  });
});
