import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { z } from 'zod';
import { bridgeName } from '../../src/lab/bridge.ts';
import { certify, newKeyPair } from '../../src/lab/doubles/x509.ts';
import { must } from '../../src/lab/run.ts';
import { Done, type Mood, type Setting } from './api-server-words.ts';
import type { TestLab } from './lab.ts';
import type { Readiness } from './losses.ts';

export interface ApiServer {
  readonly name: string;
  readonly address: string;
}

/** API servers with addresses of their own in the network of a lab; their moods change while they run. */
export interface ApiServers {
  readonly all: readonly ApiServer[];
  readonly named: (...names: readonly string[]) => readonly ApiServer[];
  readonly set: (moods: Readonly<Record<string, Mood>>) => Promise<void>;
  /** Which answered /readyz with 200, from when on. */
  readonly history: () => readonly Readiness[];
  /** How many requests of clients each has got. */
  readonly served: () => Promise<Readonly<Record<string, number>>>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts them on the machine, at the lab's bridge, which takes their addresses with it when the lab goes. One process that
 * goes before the other work of the machine: what is measured are the balancers.
 */
export async function apiServersIn(lab: TestLab, names: readonly string[]): Promise<ApiServers> {
  const base = lab.hosts[0]?.address.replace(/\d+$/, '') ?? '';
  const all = names.map((name, at) => ({ name, address: `${base}${31 + at}` }));
  const bridge = bridgeName(Number(base.split('.')[2]) - 1);
  for (const { address } of all) await must('ip', ['addr', 'replace', `${address}/24`, 'dev', bridge]);
  const folder = mkdtempSync(join(tmpdir(), 'hlb-api-servers-'));
  const outfile = join(folder, 'program.mjs');
  const entry = join(import.meta.dirname, 'api-server-program.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  const setting = JSON.stringify(settingFor(all));
  const child = spawn('nice', ['-n', '-10', process.execPath, outfile, setting], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const waiting = new Map<number, (served: Readonly<Record<string, number>>) => void>();
  child.on('message', (message) => {
    const { id, served } = Done.parse(message);
    waiting.get(id)?.(served);
    waiting.delete(id);
  });
  let last = 0;
  const moodOf = new Map<string, Mood>(names.map((name) => [name, 'ready']));
  const answer = (id: number) =>
    Promise.race([
      new Promise<Readonly<Record<string, number>>>((resolve) => waiting.set(id, resolve)),
      closed.then(() => Promise.reject(new Error('The API servers have ended'))),
    ]);
  const order = (moods: Readonly<Record<string, Mood>>) => {
    const id = ++last;
    child.send({ id, moods });
    return answer(id);
  };
  await answer(0);
  const history: Readiness[] = [{ at: 0, ready: names }];
  return {
    all,
    named: (...some) => all.filter((one) => some.includes(one.name)),
    set: async (moods) => {
      for (const [name, mood] of Object.entries(moods)) moodOf.set(name, mood);
      await order(moods);
      history.push({ at: Date.now(), ready: names.filter((name) => moodOf.get(name) === 'ready') });
    },
    history: () => history,
    served: () => order({}),
    stop: async () => {
      child.kill('SIGKILL');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One certificate and one ticket key for all, so that a client resumes its session with whichever it is sent to. */
function settingFor(servers: readonly ApiServer[]): z.input<typeof Setting> {
  const { privatePem, publicPem } = newKeyPair();
  const certificate = certify(
    {
      subject: { commonName: 'kube-apiserver' },
      publicPem,
      addresses: ['127.0.0.1', ...servers.map((one) => one.address)],
      use: 'server',
      days: 2,
    },
    { selfKey: privatePem },
  );
  return {
    servers: [...servers],
    certificate,
    key: privatePem,
    ticketKeys: randomBytes(48).toString('base64'),
  };
}
