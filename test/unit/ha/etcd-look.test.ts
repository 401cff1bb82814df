import { describe, expect, it } from 'vitest';
import type { Server } from '../../../src/ha/config.ts';
import { etcdLook, etcdQuery, memberNames, parseMembers } from '../../../src/ha/etcd-look.ts';
import { quorumOf } from '../../../src/ha/quorum.ts';
import type { Facts } from '../../../src/host/facts.ts';
import { keyOf } from '../../../src/host/key.ts';

// Outputs of etcd 3.6.5 and crictl as recorded on a cluster of Kubernetes 1.34.
const two = `252902638f78db76, started, cp1, https://10.77.0.11:2380, https://10.77.0.11:2379, false
beb3babe9bdff15e, started, cp2, https://10.77.0.12:2380, https://10.77.0.12:2379, false`;
const bothHealthy = `https://10.77.0.12:2379 is healthy: successfully committed proposal: took = 9.942599ms
https://10.77.0.11:2379 is healthy: successfully committed proposal: took = 10.95903ms`;
const learner = `${two}
f698eb2dd9eb0ab9, started, cp3, https://10.77.0.13:2380, https://10.77.0.13:2379, true`;
const learnerHealth = `{"level":"warn","ts":"2026-11-22T01:42:17.750295Z","logger":"client","caller":"v3@v3.6.5/retry_interceptor.go:65","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0xc0002bdc20/10.77.0.13:2379","method":"/etcdserverpb.KV/Range","attempt":0,"error":"rpc error: code = FailedPrecondition desc = etcdserver: rpc not supported for learner"}
${bothHealthy}
https://10.77.0.13:2379 is unhealthy: failed to commit proposal: etcdserver: rpc not supported for learner
Error: unhealthy cluster
execing command in container e7d9f8351b60807fb66ab27e681e97012ebd5dca4f20ee96687c11ce0e16e08e: command terminated with exit code 1`;
const unstarted = `252902638f78db76, started, cp1, https://10.77.0.11:2380, https://10.77.0.11:2379, false
9074b7d28f3a2e4c, unstarted, , https://10.77.0.13:2380, , true
beb3babe9bdff15e, started, cp2, https://10.77.0.12:2380, https://10.77.0.12:2379, false`;
const dead = `${two}
baa5fce17e71149, started, cp3, https://10.77.0.13:2380, https://10.77.0.13:2379, false`;
const deadHealth = `${bothHealthy}
https://10.77.0.13:2379 is unhealthy: failed to commit proposal: context deadline exceeded
Error: unhealthy cluster`;

const answered = (code: number, stdout: string, stderr = ''): Facts =>
  new Map([[keyOf(etcdQuery), { observation: etcdQuery, fact: { code, stdout, stderr } }]]);
const shown = (list: string, health: string) =>
  parseMembers(list, health).map(({ id, name, learner: isLearner, healthy, problem }) => [
    id,
    name,
    isLearner ? 'learner' : 'voter',
    healthy ? 'healthy' : (problem ?? 'not healthy'),
  ]);

describe('the members of etcd', () => {
  it('keep their ids as text, which a number would corrupt', () => {
    expect(shown(dead, deadHealth)).toEqual([
      ['252902638f78db76', 'cp1', 'voter', 'healthy'],
      ['beb3babe9bdff15e', 'cp2', 'voter', 'healthy'],
      ['baa5fce17e71149', 'cp3', 'voter', 'context deadline exceeded'],
    ]);
    expect(Number.isSafeInteger(Number.parseInt('beb3babe9bdff15e', 16))).toBe(false);
  });

  it('may be learners, that no health can be asked of', () => {
    expect(shown(learner, learnerHealth).at(-1)).toEqual([
      'f698eb2dd9eb0ab9',
      'cp3',
      'learner',
      'etcdserver: rpc not supported for learner',
    ]);
    const members = parseMembers(learner, learnerHealth);
    expect(quorumOf(members, new Set(['cp1']), { allowSingle: false })).toMatchObject({
      safe: false,
      message: 'etcd is taking a member in (cp3): not now',
    });
  });

  it('have no name before they have started', () => {
    const members = parseMembers(unstarted, bothHealthy);
    expect(shown(unstarted, bothHealthy)[1]).toEqual(['9074b7d28f3a2e4c', '', 'learner', 'not started yet']);
    expect(memberNames(members, [{ name: 'cp3', address: '10.77.0.13', port: 6443 }])[1]?.name).toBe('');
  });

  it('may have several addresses', () => {
    const list = 'a1, started, n, https://[fd00::1]:2380,https://10.0.0.1:2380, https://a:2379,https://b:2379, false';
    const [member] = parseMembers(list, 'https://b:2379 is healthy: successfully committed proposal: took = 1ms');
    expect(member).toMatchObject({ addresses: ['fd00::1', '10.0.0.1'], healthy: true });
  });

  it('are called as the inventory calls the host at their address', () => {
    const servers: readonly Server[] = [
      { name: 'master-1', address: '10.77.0.11', port: 6443 },
      { name: 'master-3', address: '10.77.0.13', port: 6443 },
    ];
    expect(memberNames(parseMembers(dead, deadHealth), servers).map((one) => one.name)).toEqual([
      'master-1',
      'cp2',
      'master-3',
    ]);
  });

  it('come from one answer of a control plane', () => {
    expect(etcdLook(answered(0, `${two}\n\n${bothHealthy}\n`))).toMatchObject({
      kind: 'members',
      members: [
        { name: 'cp1', healthy: true },
        { name: 'cp2', healthy: true },
      ],
    });
    expect(etcdLook(new Map())).toBeUndefined();
  });

  it.each([
    ['no etcd container runs here\n', 'no etcd container runs here'],
    [
      `{"level":"warn","msg":"retrying"}\nError: context deadline exceeded\nexecing command in container e7d9: command terminated with exit code 1\n`,
      'context deadline exceeded',
    ],
    ['/bin/sh: 1: crictl: not found\n', '/bin/sh: 1: crictl: not found'],
    ['', 'etcdctl gave no answer'],
  ])('are unknown where etcd does not answer: %j', (stderr, reason) => {
    expect(etcdLook(answered(1, '', stderr))).toEqual({ kind: 'unknown', reason });
  });
});
