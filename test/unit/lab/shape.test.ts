import { describe, expect, it } from 'vitest';
import { labHosts, labNetwork, largestShape, unionShape } from '../../../src/lab/shape.ts';

describe('the shape of a lab', () => {
  it('names hosts by kind and gives each an address in its lab block', () => {
    expect(labHosts({ controlPlanes: 2, workers: 1, balancers: 1 }, 3)).toEqual([
      { name: 'cp1', group: 'control_plane', address: '198.18.4.11' },
      { name: 'cp2', group: 'control_plane', address: '198.18.4.12' },
      { name: 'w1', group: 'workers', address: '198.18.4.101' },
      { name: 'lb1', group: 'balancers', address: '198.18.4.201' },
    ]);
  });

  it('leaves every host where it was when the shape grows', () => {
    const small = labHosts({ controlPlanes: 1, workers: 1, balancers: 0 }, 0);
    const large = labHosts({ controlPlanes: 3, workers: 4, balancers: 2 }, 0);
    for (const host of small) expect(large).toContainEqual(host);
  });

  it('has room for its largest, without an address twice or one of the network itself', () => {
    const addresses = labHosts(largestShape, 249).map((host) => host.address);
    const { gateway, vip } = labNetwork(249);
    expect(new Set([...addresses, gateway, vip]).size).toBe(addresses.length + 2);
    for (const address of addresses) expect(Number(address.split('.')[3])).toBeLessThan(255);
  });

  it('never shrinks a lab that is up', () => {
    const both = unionShape(
      { controlPlanes: 3, workers: 0, balancers: 1 },
      { controlPlanes: 1, workers: 2, balancers: 0 },
    );
    expect(both).toEqual({ controlPlanes: 3, workers: 2, balancers: 1 });
  });
});
