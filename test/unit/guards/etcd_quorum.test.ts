import { describe, expect, it } from 'vitest';
import guard from '../../../src/guards/etcd_quorum.ts';
import type { Disrupts } from '../../../src/module/define.ts';
import type { Situation } from '../../../src/module/guard.ts';
import { ask, type World } from './world.ts';

function worldOf(etcd: NonNullable<World['etcd']>): World {
  const names = Object.keys(etcd).map((name) => name.replace('?', ''));
  return {
    ready: Object.fromEntries(names.map((name) => [name, 200])),
    loaded: Object.fromEntries([...names, 'w1'].map((name) => [name, names])),
    etcd,
  };
}

function said(
  etcd: NonNullable<World['etcd']>,
  taken: readonly string[],
  args: Readonly<Record<string, unknown>> = {},
  what: Disrupts = 'node',
  moment: Situation['moment'] = 'batch',
): string {
  const work = Object.fromEntries(taken.map((name) => [name, { disrupts: [what] }]));
  const { verdict, message } = ask(guard, args, worldOf(etcd), work, moment);
  return `${verdict}: ${message}`;
}

describe('etcd_quorum', () => {
  const three = { cp1: true, cp2: true, cp3: true };

  it('lets one of three healthy members go, and never two', () => {
    expect(said(three, ['cp1'])).toBe('pass: etcd keeps 2 of 3 voting members, quorum is 2 without cp1');
    expect(said(three, ['cp1', 'cp2'])).toContain('refuse: etcd keeps 1 of 3 voting members, quorum is 2');
  });

  it('lets none go while another is sick, of two, or while one is being taken in', () => {
    expect(said({ ...three, cp3: false }, ['cp1'])).toBe(
      'refuse: etcd keeps 1 of 3 voting members, quorum is 2 without cp1 (cp3 no answer)',
    );
    expect(said({ cp1: true, cp2: true }, ['cp1'])).toContain('refuse');
    expect(said({ ...three, 'cp4?': false }, ['cp1'])).toContain('refuse: etcd is taking a member in (cp4): not now');
  });

  it('lets the only member go by an explicit word alone', () => {
    expect(said({ cp1: true }, ['cp1'])).toContain('refuse');
    expect(said({ cp1: true }, ['cp1'], { allow_single: true })).toContain('pass');
  });

  it('counts members alone: neither an API server nor a worker costs etcd anything', () => {
    expect(said(three, ['cp1', 'cp2'], {}, 'api_server')).toContain('pass');
    expect(said(three, ['w1'])).toContain('pass');
  });

  it('refuses to go on behind a batch that cost etcd its quorum', () => {
    const sick = { cp1: false, cp2: false, cp3: true };
    expect(said(sick, [], {}, 'node', 'after')).toContain('refuse: etcd keeps 1 of 3 voting members');
    expect(said(three, [], {}, 'node', 'after')).toContain('pass');
  });

  it('refuses to begin where etcd has no quorum to lose', () => {
    const dead = { cp1: false, cp2: false, cp3: false };
    for (const moment of ['roll', 'batch'] as const) {
      expect(said(dead, [], {}, 'node', moment)).toContain('refuse: etcd keeps 0 of 3 voting members, quorum is 2');
      expect(said(dead, ['w1'], {}, 'node', moment)).toContain('refuse: etcd keeps 0 of 3 voting members');
    }
    expect(said({ cp1: false }, ['cp1'], { allow_single: true })).toContain('pass');
  });

  it('counts the member of a host that is to leave, and of one that etcd calls by another name', () => {
    const etcd = { cp1: true, cp2: true, cp3: false };
    const lb_servers = [
      { name: 'cp2', address: '10.0.0.12' },
      { name: 'cp3', address: '10.0.0.13' },
    ];
    const world: World = { ...worldOf(etcd), variables: { cp1: { lb_servers }, cp2: { lb_servers } } };
    expect(ask(guard, {}, world, { cp1: { disrupts: ['node'] } })).toMatchObject({
      verdict: 'refuse',
      numbers: { left: 1, away: ['cp1'] },
    });
  });

  it('refuses where nobody tells of the members', () => {
    const world = { ...worldOf(three), etcd: {} };
    expect(ask(guard, {}, world).message).toContain('No control plane says which members etcd has');
  });
});
