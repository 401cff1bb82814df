import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BalancerConfig, renderConfig, type Server } from '../../../src/ha/config.ts';
import { statesFor } from '../../../src/ha/servers-state.ts';
import { apiServer } from '../../rig/answering.ts';

const text = readFileSync(join(import.meta.dirname, '../../fixtures/ha/show-servers-state.txt'), 'utf8');
const at = (name: string, address: string, port = 6443): Server => ({ name, address, port });
const cells = (states: string): readonly string[] =>
  states
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) => row.split(' '))
    .map((row) => [row[3], row[4], row[18], row[5], row[12]].join(' '));

describe('what the next haproxy takes over', () => {
  it('keeps servers that stay where they are', () => {
    expect(cells(statesFor(text, [at('cp1', '198.18.1.11'), at('cp3', '198.18.1.13')]))).toEqual([
      'cp1 198.18.1.11 6443 2 3',
      'cp3 198.18.1.13 6443 2 3',
    ]);
  });

  it('begins new servers, and those that are elsewhere now, as down', () => {
    const next = [
      at('cp1', '198.18.1.11'),
      at('cp2', '198.18.1.22'),
      at('cp3', '198.18.1.13', 7443),
      at('cp4', 'cp4.lab'),
    ];
    expect(cells(statesFor(text, next))).toEqual([
      'cp1 198.18.1.11 6443 2 3',
      'cp2 198.18.1.22 6443 0 0',
      'cp3 198.18.1.13 7443 0 0',
      'cp4 - 6443 0 0',
    ]);
  });

  it('leaves servers up where none stays, so that the list does not begin empty', () => {
    expect(cells(statesFor(text, [at('cp4', '198.18.1.14')]))).toEqual([]);
  });

  it('hands on what it cannot read', () => {
    expect(statesFor('2\n# other\n', [at('cp1', '198.18.1.11')])).toBe('2\n# other\n');
  });
});

const binary = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((path) => existsSync(path));
if (binary === undefined) process.stdout.write('skipped: no haproxy on this machine (apt-get install haproxy)\n');

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function statesOf(socket: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const connection = createConnection(socket, () => connection.end('show servers state\n'));
    connection.on('data', (bytes) => (answer += bytes.toString()));
    connection.on('end', () => resolve(answer));
    connection.on('error', reject);
  });
}

/** The status of one request through the balancer; 0 where it was lost. */
function ask(port: number): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/readyz', rejectUnauthorized: false, agent: false },
      (came) => {
        came.resume();
        resolve(came.statusCode ?? 0);
      },
    );
    asked.on('error', () => resolve(0));
    asked.end();
  });
}

describe.skipIf(binary === undefined)('a running haproxy', () => {
  it('gives no request to a new server that answers no check, nor to the former port of one that moved', async () => {
    const [good, bad, moved] = [await apiServer(), await apiServer('127.0.0.1', 403), await apiServer()];
    const directory = mkdtempSync(join(tmpdir(), 'hlb-taken-over-'));
    const file = join(directory, 'haproxy.cfg');
    const config: BalancerConfig = {
      servers: [at('cp1', '127.0.0.1', good.port), at('cp2', '127.0.0.1', bad.port)],
      bind: '127.0.0.1',
      port: await freePort(),
      healthPort: await freePort(),
      socket: join(directory, 'admin.sock'),
      stateFile: join(directory, 'servers.state'),
      maxConnections: 100,
      aliveStatuses: [200],
    };
    writeFileSync(config.stateFile, '1\n');
    writeFileSync(file, renderConfig(config));
    const child = spawn(binary ?? '', ['-W', '-db', '-f', file], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true });
    });
    const up = async (): Promise<string> => {
      const answered = await fetch(`http://127.0.0.1:${config.healthPort}/hlb-servers`).catch(() => undefined);
      return answered === undefined ? '' : answered.text();
    };
    while ((await up()) !== '1 cp1=1 cp2=0') await sleep(100);
    // cp2 is at another place now, and cp3 is new: no check has seen either.
    const servers = [
      at('cp1', '127.0.0.1', good.port),
      at('cp2', '127.0.0.1', moved.port),
      at('cp3', '127.0.0.1', bad.port),
    ];
    writeFileSync(config.stateFile, statesFor(await statesOf(config.socket), servers));
    writeFileSync(file, renderConfig({ ...config, servers }));
    child.kill('SIGUSR2');
    const answers = new Map<number, number>();
    const seen = new Set<string>();
    for (const begun = Date.now(); Date.now() - begun < 4000; await sleep(20)) {
      const status = await ask(config.port);
      answers.set(status, (answers.get(status) ?? 0) + 1);
      seen.add(await up());
    }
    expect([...answers.keys()]).toEqual([200]);
    expect(answers.get(200)).toBeGreaterThan(50);
    expect([...seen].at(-1)).toBe('2 cp1=1 cp2=1 cp3=0');
    expect([...seen].filter((one) => one.includes('cp3=1'))).toEqual([]);
    expect(await statesOf(config.socket)).toContain(` ${moved.port} `);
  });
});
