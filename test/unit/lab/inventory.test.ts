import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inventoryPath, inventoryText } from '../../../src/lab/inventory.ts';
import { labHosts } from '../../../src/lab/shape.ts';

describe("a lab's inventory", () => {
  it('is what Ansible reads: groups, addresses, keys, known hosts; an empty group is there', () => {
    const hosts = labHosts({ controlPlanes: 1, workers: 1, balancers: 0 }, 0);
    const text = inventoryText({
      name: 'lab',
      provider: 'nspawn',
      hosts,
      user: 'root',
      key: () => '/k',
      knownHosts: '/known',
      vip: '198.18.1.250',
      vars: { k8s_doubles: true, lab_cgroup_version: 1 },
    });
    expect(parse(text)).toEqual({
      all: {
        vars: {
          ansible_user: 'root',
          ansible_ssh_common_args: '-o UserKnownHostsFile=/known',
          lab_name: 'lab',
          lab_provider: 'nspawn',
          lab_vip: '198.18.1.250',
          k8s_doubles: true,
          lab_cgroup_version: 1,
        },
        children: {
          control_plane: {
            hosts: {
              cp1: { ansible_host: '198.18.1.11', ansible_ssh_private_key_file: '/k', node_address: '198.18.1.11' },
            },
          },
          workers: {
            hosts: {
              w1: { ansible_host: '198.18.1.101', ansible_ssh_private_key_file: '/k', node_address: '198.18.1.101' },
            },
          },
          balancers: { hosts: {} },
        },
      },
    });
  });

  it('has a short name for the lab that everybody means', () => {
    expect(inventoryPath('/p', 'lab')).toBe('/p/inventory/lab.yml');
    expect(inventoryPath('/p', 'two')).toBe('/p/inventory/lab-two.yml');
  });
});
