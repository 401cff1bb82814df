import { describe, expect, it } from 'vitest';
import backends from '../../../src/guards/api_backends.ts';
import quorum from '../../../src/guards/etcd_quorum.ts';
import { ask, type World } from './world.ts';

const all = ['cp1', 'cp2', 'cp3'];
const world: World = {
  ready: { cp1: 200, cp2: 200, cp3: 200 },
  loaded: { cp1: all, cp2: all, cp3: all, w1: ['cp1'] },
  etcd: { cp1: true, cp2: true, cp3: false },
};
const node = { disrupts: ['node'] } as const;

describe('work that is delegated', () => {
  it('counts for the host of the inventory whose address it is', () => {
    expect(ask(backends, {}, world, { '10.0.0.11': node }).message).toContain(
      'while cp1 is away: node w1 keeps 0 of 1',
    );
    expect(ask(quorum, {}, world, { '10.0.0.11': node }).message).toContain('without cp1');
    expect(ask(backends, {}, world, { '10.0.0.11': { lists: [[]] } }).message).toContain(
      'Node cp1 would list no server',
    );
  });

  it('counts for the host that another name of the inventory leads to', () => {
    const alias: World = {
      ...world,
      loaded: { ...world.loaded, 'x-alias': 'none' },
      variables: { 'x-alias': { ansible_host: '10.0.0.11', runs_balancer: false } },
    };
    expect(ask(quorum, {}, alias, { 'x-alias': node })).toMatchObject({ verdict: 'refuse' });
    expect(ask(backends, {}, alias, { 'x-alias': { lists: [[]] } }).message).toContain('Node cp1 would list no server');
    // Another port of the same address is another machine.
    const other = { ...alias, variables: { 'x-alias': { ...alias.variables?.['x-alias'], ansible_port: 2222 } } };
    expect(ask(backends, {}, other, { 'x-alias': { lists: [[]] } }).verdict).toBe('pass');
  });

  it('is refused where it takes something from a host that nobody knows', () => {
    const verdict = ask(backends, {}, world, { '198.51.100.7': node });
    expect(verdict).toMatchObject({
      verdict: 'refuse',
      message:
        'A task that may take node away is delegated to "198.51.100.7", which is neither the name nor the address of a host of the inventory',
    });
    expect(verdict.help).toContain('disrupts: nothing');
    expect(ask(quorum, {}, world, { 'somewhere.example': { disrupts: ['balancer'] } }).verdict).toBe('pass');
    expect(ask(backends, {}, world, { 'somewhere.example': {} }).verdict).toBe('pass');
    expect(ask(backends, {}, world, { localhost: node }).verdict).toBe('pass');
  });
});
