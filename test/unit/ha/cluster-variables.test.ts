import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../../src/core/value.ts';
import { clusterOf, clusterVariables, type HostVariables } from '../../../src/ha/cluster-variables.ts';

const host = (
  name: string,
  groups: readonly string[],
  variables: Readonly<Record<string, Json>> = {},
): HostVariables => ({
  name,
  groups,
  get: (variable) => variables[variable],
});
const cp = (name: string, variables?: Readonly<Record<string, Json>>) => host(name, ['control_plane'], variables);
const worker = (name: string, variables?: Readonly<Record<string, Json>>) => host(name, ['workers'], variables);

function clusterFrom(...hosts: readonly HostVariables[]) {
  const made = clusterOf(hosts);
  if (!made.ok) throw new Error(made.problems.map((one) => one.message).join('\n'));
  return made.cluster;
}
const problemsOf = (...hosts: readonly HostVariables[]) => {
  const made = clusterOf(hosts);
  return made.ok ? [] : made.problems.map((one) => `${one.code} ${one.message}`);
};

describe('the cluster that variables describe', () => {
  it('has a static pod on every node where they say nothing, as the role "cluster" has it', () => {
    const cluster = clusterFrom(cp('cp1', { ansible_host: '192.0.2.11' }), worker('w1'), host('bastion', []));
    expect(cluster.apiServers).toEqual([{ name: 'cp1', address: '192.0.2.11', port: 6443 }]);
    expect([...cluster.balancers.keys()]).toEqual(['cp1', 'w1']);
    expect(cluster.hosts).toEqual(['cp1', 'w1']);
    expect(cluster.vip).toBeUndefined();
    const path = join(import.meta.dirname, '../../../playbooks/roles/cluster/defaults/main.yml');
    const role: Record<string, Json> = parse(readFileSync(path, 'utf8'));
    expect(cluster.balancers.get('w1')).toMatchObject({ placement: role['lb_placement'], port: role['lb_port'] });
    expect(cluster.apiServers[0]?.port).toBe(role['api_port']);
    for (const name of clusterVariables.filter((one) => !['ansible_host', 'lb_health_port'].includes(one)))
      expect(role).toHaveProperty(name);
  });

  it('takes the address that the nodes use, and ports that an INI inventory gives as text', () => {
    const cluster = clusterFrom(cp('cp1', { ansible_host: '192.0.2.11', node_address: '10.0.0.11', api_port: '7443' }));
    expect(cluster.apiServers).toEqual([{ name: 'cp1', address: '10.0.0.11', port: 7443 }]);
  });

  it('takes the list that a play computes', () => {
    const lb_servers = [{ name: 'api', address: '10.0.0.9' }];
    expect(clusterFrom(cp('cp1', { lb_servers })).apiServers).toEqual([
      { name: 'api', address: '10.0.0.9', port: 6443 },
    ]);
  });

  it('has its balancers on hosts of their own', () => {
    const external = { lb_placement: 'external' };
    const cluster = clusterFrom(cp('cp1', external), worker('w1', external), host('lb1', ['balancers'], external));
    expect([...cluster.balancers]).toMatchObject([['lb1', { placement: 'external', port: 16443 }]]);
  });

  it('shares an address by kube-vip, with no balancer on any host', () => {
    const vip = { lb_placement: 'kube_vip', vip_address: '192.0.2.10' };
    expect(clusterFrom(cp('cp1', vip), worker('w1', vip))).toMatchObject({ vip: '192.0.2.10', balancers: new Map() });
  });

  it('is refused with every reason', () => {
    expect(problemsOf(worker('w1'))).toEqual([
      'ha/no-control-plane The inventory has no host in the group "control_plane"',
    ]);
    expect(problemsOf(cp('cp1', { lb_placement: 'kube_vip' }))).toEqual([
      'ha/variable "lb_placement" is "kube_vip" on host "cp1", and "vip_address" is not set',
    ]);
    expect(problemsOf(cp('cp1', { lb_placement: 'daemonset' }), worker('w1', { lb_port: 0 }))).toEqual([
      expect.stringMatching(/^ha\/variable "lb_placement" of host "cp1": .*found "daemonset"$/),
      expect.stringMatching(/^ha\/variable "lb_port" of host "w1": .*found 0$/),
    ]);
  });
});
