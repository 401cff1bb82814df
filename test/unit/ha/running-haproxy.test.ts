import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApiBackend } from '../../../src/ha/api-backend.ts';
import {
  type BalancerConfig,
  configHash,
  isOlder,
  oldestVersion,
  parseVersion,
  renderConfig,
} from '../../../src/ha/config.ts';
import { parseProcesses } from '../../../src/ha/processes.ts';
import { parseServersState } from '../../../src/ha/servers-state.ts';
import { isUp, parseStat } from '../../../src/ha/stats.ts';

const binary = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((path) => existsSync(path));
if (binary === undefined) process.stdout.write('skipped: no haproxy on this machine (apt-get install haproxy)\n');

function ask(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const connection = createConnection(socket, () => connection.end(`${command}\n`));
    connection.on('data', (bytes) => {
      answer += bytes.toString();
    });
    connection.on('end', () => resolve(answer));
    connection.on('error', reject);
  });
}

async function until(what: string, test: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await test().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited 15 s for ${what}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

describe.skipIf(binary === undefined)('a running haproxy with two dead servers', () => {
  const haproxy = binary ?? '';
  let directory = '';
  let config: BalancerConfig;
  let process_: ChildProcess;
  const master = (): string => join(directory, 'master.sock');

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hlb-ha-'));
    const [port, healthPort, one, other] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    config = {
      servers: [
        { name: 'cp1', address: '127.0.0.1', port: one },
        { name: 'cp2', address: '::1', port: other },
      ],
      bind: '127.0.0.1',
      port,
      healthPort,
      socket: join(directory, 'admin.sock'),
      stateFile: join(directory, 'servers.state'),
      maxConnections: 100,
      aliveStatuses: [200, 401],
    };
    writeFileSync(config.stateFile, '1\n');
    writeFileSync(join(directory, 'haproxy.cfg'), renderConfig(config));
    process_ = spawn(haproxy, ['-W', '-db', '-S', master(), '-f', join(directory, 'haproxy.cfg')], { stdio: 'ignore' });
    await until('both servers to be down', async () =>
      parseStat(await ask(config.socket, 'show stat')).every((stat) => !isUp(stat) && stat.check === 'L4CON'),
    );
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => process_.once('exit', resolve));
    process_.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true });
  });

  it('finds the rendered configuration right, and reads it as the parser does', () => {
    execFileSync(haproxy, ['-c', '-f', join(directory, 'haproxy.cfg')], { stdio: 'pipe' });
    const found = findApiBackend({ path: 'haproxy.cfg', text: renderConfig(config) }, config.port);
    expect(found.ok && found.value.servers.map((one) => `${one.name} ${one.address}`)).toEqual([
      'cp1 127.0.0.1',
      'cp2 ::1',
    ]);
    const version = parseVersion(execFileSync(haproxy, ['-v'], { encoding: 'utf8' }));
    expect(version !== undefined && !isOlder(version, oldestVersion)).toBe(true);
  });

  it('says that its servers are down, in each of its tables', async () => {
    const stats = parseStat(await ask(config.socket, 'show stat'));
    expect(stats.map(({ backend, server, status }) => ({ backend, server, status }))).toEqual([
      { backend: 'apiservers', server: 'cp1', status: 'DOWN' },
      { backend: 'apiservers', server: 'cp2', status: 'DOWN' },
    ]);
    expect(parseServersState(await ask(config.socket, 'show servers state'))).toEqual(
      config.servers.map(({ name, address, port }) => ({
        backend: 'apiservers',
        server: name,
        address,
        port,
        state: 'stopped',
        admin: 'ready',
        weight: 1,
      })),
    );
  });

  it('serves the hash of what it has loaded, and counts reloads', async () => {
    const answer = await fetch(`http://127.0.0.1:${config.healthPort}/hlb-config`);
    expect(await answer.text()).toBe(configHash(config));
    expect((await fetch(`http://127.0.0.1:${config.healthPort}/healthz`)).status).toBe(503);
    const up = await fetch(`http://127.0.0.1:${config.healthPort}/hlb-servers`);
    expect(await up.text()).toBe('0 cp1=0 cp2=0');
    const before = parseProcesses(await ask(master(), 'show proc'));
    expect(before.map((one) => one.kind)).toEqual(['master', 'worker']);
    expect(before[0]).toMatchObject({ pid: process_.pid, reloads: 0, failedReloads: 0 });
    process_.kill('SIGUSR2');
    await until('the reload', async () => parseProcesses(await ask(master(), 'show proc'))[0]?.reloads === 1);
  });

  it.each([
    ['a comment within a word', 'defaults\n mode tcp\nbackend b\n server a#b 127.0.0.1:1\n'],
    ['a continued line', 'defaults\n mode tcp\nbackend b\n server a \\\n 127.0.0.1:1\n'],
    ['an open quote', 'defaults\n mode tcp\nbackend b\n server a "127.0.0.1:1\n'],
    ['a line in no section', 'server a 127.0.0.1:1\n'],
  ])('refuses what the parser refuses: %s', (_name, text) => {
    const path = join(directory, 'wrong.cfg');
    writeFileSync(path, text);
    expect(() => execFileSync(haproxy, ['-c', '-f', path], { stdio: 'pipe' })).toThrow();
    expect(findApiBackend({ path, text: `${text}frontend f\n bind :1\n default_backend b\n` }, 1).ok).toBe(false);
  });
});
