import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Failure } from '../../../src/core/failure.ts';
import { err, ok, type Result } from '../../../src/core/result.ts';
import { createConnectionPool } from '../../../src/engine/connections.ts';
import type { Connection, Target, Transport } from '../../../src/host/session.ts';
import { defineModule } from '../../../src/module/define.ts';
import { plan } from '../../../src/module/plan.ts';
import { createTransport } from '../../../src/transport/transport.ts';
import { realClock } from '../../rig/clock.ts';
import { createPlays, tasks } from '../../rig/plays.ts';
import { folder, runPlay } from '../../rig/run-play.ts';

const { play, cleanUp } = createPlays();
afterEach(cleanUp);

const target: Target = { name: 'h1', connection: 'local', address: 'h1', connectTimeoutMs: 1000 };
const away: Result<Connection, Failure> = err({
  reason: 'unreachable',
  message: 'Cannot reach h1',
  retry: 'transient',
});

/** The real one of this machine, which counts; what `instead` answers takes its place. */
function counting(instead: (attempt: number, signal: AbortSignal) => Promise<Result<Connection, Failure>> | undefined) {
  const real = createTransport({ clock: realClock, random: Math.random, onWarning: () => undefined });
  const seen: string[] = [];
  const transport: Transport = {
    connect: async (to, signal) => {
      seen.push(to.name);
      return instead(seen.length, signal) ?? real.connect(to, signal);
    },
  };
  return { seen, transport };
}

const never = (): undefined => undefined;

describe('a connection that is opened ahead', () => {
  it('is the one that is used', async () => {
    const { seen, transport } = counting(never);
    const pool = createConnectionPool(transport, new AbortController().signal);
    pool.ahead(target);
    pool.ahead(target);
    const session = await pool.session(target, undefined);
    expect(session.ok && (await session.value.run([{ script: 'true', fatal: true }])).ok).toBe(true);
    expect(seen).toEqual(['h1']);
    await pool.close();
  });

  it('tells the use that comes of its failure, and only the use after that tries again', async () => {
    const { seen, transport } = counting(async (attempt) => (attempt === 1 ? away : ok(await local())));
    const pool = createConnectionPool(transport, new AbortController().signal);
    pool.ahead(target);
    await realClock.sleep(1);
    expect(await pool.connection(target)).toEqual(away);
    expect(seen).toHaveLength(1);
    expect((await pool.connection(target)).ok).toBe(true);
    expect(seen).toHaveLength(2);
    await pool.close();
  });

  it('that throws is thrown at the use, not at the process', async () => {
    const bug = new Error('a bug');
    const { transport } = counting(() => Promise.reject(bug));
    const pool = createConnectionPool(transport, new AbortController().signal);
    pool.ahead(target);
    await realClock.sleep(1);
    await expect(pool.connection(target)).rejects.toBe(bug);
  });

  it('is given up when the run ends before it is there', async () => {
    const { transport } = counting(
      (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(away), { once: true });
        }),
    );
    const pool = createConnectionPool(transport, new AbortController().signal);
    pool.ahead(target);
    await pool.close();
  });
});

async function local(): Promise<Connection> {
  const { transport } = counting(never);
  const opened = await transport.connect(target, new AbortController().signal);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

describe('a play', () => {
  it('connects once to a host, and not at all where nothing is asked of it', async () => {
    const used = counting(never);
    await play(tasks('- file: {path: "{{ root }}/d", state: directory}\n- command: "true"'), {
      hosts: 2,
      transport: used.transport,
    });
    expect(used.seen.toSorted()).toEqual(['h1', 'h2']);
    const idle = counting(never);
    await play(
      tasks(
        '- debug: {msg: hello}\n- assert: {that: true}\n- file: {path: "{{ root }}/d", state: directory}\n  when: false',
      ),
      { transport: idle.transport },
    );
    expect(idle.seen).toEqual([]);
  });

  it('dials no host ahead for a task that may end before it asks', async () => {
    const { seen, transport } = counting(never);
    const { outcome } = await play(
      tasks(
        '- file: {path: "{{ root }}/d", state: directory}\n  retries: "{{ {}[inventory_hostname] }}"\n  until: true',
      ),
      { transport },
    );
    expect(outcome.hosts['h1']?.failed).toBe(1);
    expect(seen).toEqual([]);
  });

  it('prepares one task of one host at a time, and sees to what came in between', async () => {
    let prepared = 0;
    const counted = defineModule({
      name: 'counted',
      summary: 'Counts how often it is prepared',
      examples: ['counted:'],
      params: z.strictObject({}),
      returns: z.object({}),
      convergence: () => 'reads',
      needs: (_, { host }) => {
        // The check asks as well, for no host of the inventory.
        if (host !== 'localhost') prepared += 1;
        return [];
      },
      observe: () => [],
      plan: () => plan([]),
      result: () => ({}),
      fuses: true,
    });
    const inATurn: number[] = [];
    let isOver = false;
    const watch = (): void => {
      inATurn.push(prepared);
      prepared = 0;
      if (!isOver) setImmediate(watch);
    };
    setImmediate(watch);
    const { transport } = counting(never);
    const twenty = '- counted:\n  loop: [1, 2]\n'.repeat(10);
    await play(tasks(twenty), { hosts: 10, forks: 10, transport, modules: [counted] });
    isOver = true;
    expect(inATurn.reduce((sum, one) => sum + one, 0)).toBe(200);
    expect(Math.max(...inATurn)).toBeLessThanOrEqual(2);
  });

  it('on many hosts makes Node warn of nothing', async () => {
    const warnings: string[] = [];
    const hear = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', hear);
    const { transport } = counting(
      (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(away), { once: true });
          setTimeout(() => resolve(away), 20);
        }),
    );
    await play(tasks('- file: {path: "{{ root }}/d", state: directory}'), { hosts: 12, forks: 12, transport });
    await realClock.sleep(1);
    process.off('warning', hear);
    expect(warnings).toEqual([]);
  });

  it('begins to connect before the files of later tasks are read', async () => {
    const { dir, remove } = folder({
      'a.j2': 'read before',
      'site.yml': tasks(
        '- file: {path: "{{ root }}/d", state: directory}\n- template: {src: a.j2, dest: "{{ root }}/a"}',
      ),
    });
    // Not by "ansible_connection=local", where files of the controller may be what earlier tasks made.
    writeFileSync(join(dir, 'inventory'), `h1 root=${dir}\n`);
    const { transport } = counting(() => {
      writeFileSync(join(dir, 'a.j2'), 'read behind');
      return undefined;
    });
    await runPlay(dir, {
      transport: { connect: (to, signal) => transport.connect({ ...to, connection: 'local' }, signal) },
    });
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('read behind');
    remove();
  });

  it('tells of a host that cannot be reached after a single try', async () => {
    const { seen, transport } = counting(async () => away);
    const { outcome, story } = await play(tasks('- file: {path: "{{ root }}/d", state: directory}'), { transport });
    expect(outcome.hosts['h1']?.unreachable).toBe(1);
    expect(story).toEqual(['file: h1 unreachable']);
    expect(seen).toHaveLength(1);
  });
});
