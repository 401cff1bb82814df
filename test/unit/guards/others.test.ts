import { describe, expect, it } from 'vitest';
import command from '../../../src/guards/command.ts';
import nodesReady from '../../../src/guards/nodes_ready.ts';
import url from '../../../src/guards/url.ts';
import type { AnyFact } from '../../../src/host/observation.ts';
import { ask, type Work, type World } from './world.ts';

const told = (facts: Readonly<Record<string, AnyFact>>): World => ({
  ready: {},
  loaded: { cp1: 'none', cp2: 'none', w1: 'none', w2: 'none' },
  told: facts,
});
const ran = (stdout: string, code = 0, stderr = ''): AnyFact => ({ code, stdout, stderr });
const nodes = (states: Readonly<Record<string, string>>): AnyFact =>
  ran(
    Object.entries(states)
      .map(([name, state]) => `${name} ${state} <none> 3d v1.34.9\n`)
      .join(''),
  );

describe('nodes_ready', () => {
  const all = { cp1: 'Ready', cp2: 'Ready', w1: 'Ready', w2: 'Ready,SchedulingDisabled' };
  const said = (facts: Readonly<Record<string, AnyFact>>, work: Readonly<Record<string, Work>> = {}, args = {}) => {
    const { verdict, message } = ask(nodesReady, args, told(facts), work);
    return `${verdict}: ${message}`;
  };

  it('counts nodes that are not ready and those of the batch together', () => {
    expect(said({ cp1: nodes(all) }, { w1: { disrupts: ['node'] } })).toBe(
      'pass: 3 of 4 nodes are ready, 1 may not be counted on, 1 allowed (taken away: w1)',
    );
    expect(said({ cp1: nodes({ ...all, w2: 'NotReady' }) }, { w1: { disrupts: ['node'] } })).toBe(
      'refuse: 2 of 4 nodes are ready, 2 may not be counted on, 1 allowed (not ready: w2; taken away: w1)',
    );
    expect(said({ cp1: nodes({ ...all, w2: 'NotReady' }) }, {}, { ignore: ['w2'] })).toContain('pass: 3 of 3');
  });

  it('counts a host that is taken and is no node by its name as one that is away', () => {
    const work = { w1: { disrupts: ['node'] }, w2: { disrupts: ['node'] } } as const;
    const others = nodes({ 'node-a': 'Ready', 'node-b': 'Ready', 'node-c': 'Ready' });
    expect(said({ cp1: others }, work)).toBe(
      'refuse: 3 of 3 nodes are ready, 2 may not be counted on, 1 allowed (taken away: w1, w2; no node is named w1, w2)',
    );
  });

  it('asks the next control plane where the first cannot tell, and refuses where none can', () => {
    const refused = ran('', 1, 'The connection to the server was refused');
    expect(said({ cp1: refused, cp2: nodes(all) })).toContain('pass: 4 of 4 nodes are ready');
    expect(said({ cp1: refused, cp2: refused })).toContain(
      'refuse: No host of "control_plane" could list the nodes: cp1: The connection to the server was refused; cp2:',
    );
  });
});

describe('url and command', () => {
  const answer = (status: number, body = ''): AnyFact => ({
    status,
    headers: {},
    body: new TextEncoder().encode(body),
  });

  it('need a good answer from every host that asks, or from as many as they are told', () => {
    const world = told({ w1: answer(200, 'fine'), w2: answer(503) });
    const args = { url: 'http://127.0.0.1/', from: 'workers' };
    expect(ask(url, args, world)).toMatchObject({
      verdict: 'refuse',
      message: 'http://127.0.0.1/ answers well for 1 of 2 hosts, needs 2 (w2: 503)',
    });
    expect(ask(url, { ...args, least: 1 }, world).verdict).toBe('pass');
    expect(ask(url, { ...args, least: 1, contains: 'other' }, world).message).toContain('w1: without "other"');
    expect(ask(url, { ...args, from: 'nobody' }, world).verdict).toBe('refuse');
  });

  it('say what a program that ends badly printed last', () => {
    const world = told({ w1: ran('ok'), w2: ran('', 2, 'first\nno space left\n') });
    expect(ask(command, { argv: ['check-disk', '-q'], from: 'workers' }, world)).toMatchObject({
      verdict: 'refuse',
      message: 'check-disk -q ends well on 1 of 2 hosts (w2: exit code 2, no space left)',
    });
    expect(ask(command, { argv: ['x'], from: 'workers', rc: [0, 2] }, world).verdict).toBe('pass');
  });
});
