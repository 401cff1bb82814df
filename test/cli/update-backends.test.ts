import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderConfig } from '../../src/ha/config.ts';
import { until } from '../rig/cluster.ts';
import { setupHlb } from '../rig/hlb.ts';
import { takeTurns } from '../rig/machine-balancer.ts';

const haproxy = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((path) => existsSync(path));
/** Where a balancer's socket is on every node. */
const sockets = '/run/haproxy-apiserver-lb';
const reason =
  haproxy === undefined
    ? 'no haproxy on this machine (apt-get install haproxy)'
    : process.getuid?.() !== 0
      ? `only root may make ${sockets}`
      : existsSync(sockets)
        ? `this machine has a balancer of its own in ${sockets}`
        : undefined;
if (reason !== undefined) process.stdout.write(`skipped: ${reason}\n`);

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createSocket();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

interface Node {
  readonly name: string;
  readonly port: number;
  readonly healthPort: number;
}

const playbooks = join(import.meta.dirname, '../../playbooks');
const playbook = join(playbooks, 'update-backends.yml');

takeTurns();

describe('an inventory of control planes and workers alone', () => {
  const hosts =
    'control_plane: {hosts: {cp1: {ansible_host: 192.0.2.1}, cp2: {node_address: 192.0.2.2}, cp3: {}}}\nworkers: {hosts: {w1: {}}}\n';

  it.each(['bootstrap', 'migrate-balancers', 'replace-control-planes', 'update-backends'])(
    'is enough for %s.yml',
    async (name) => {
      const rig = await setupHlb({ 'hosts.yml': hosts });
      const ran = await rig.hlb(['check', join(playbooks, `${name}.yml`), '-i', 'hosts.yml']);
      expect(ran.stdout + ran.stderr).toContain('No mistakes');
      expect(ran.code).toBe(0);
    },
  );

  it('tells every API server with its address', async () => {
    const local = `all: {vars: {ansible_connection: local}}\n${hosts}`;
    const show = `- hosts: w1\n  gather_facts: false\n  roles: [${join(playbooks, 'roles/cluster')}]\n  tasks: [{debug: {msg: "{{ lb_servers | map(attribute='address') | join(' ') }} {{ control_plane_endpoint }}"}}]\n`;
    const rig = await setupHlb({ 'hosts.yml': local, 'site.yml': show });
    const ran = await rig.hlb(['play', 'site.yml', '-i', 'hosts.yml', '-v']);
    expect(ran.stdout).toContain('192.0.2.1 192.0.2.2 cp3 127.0.0.1:16443');
  });
});

/** This machine as a node: a haproxy before two API servers that answer /readyz. */
describe.skipIf(reason !== undefined)('playbooks/update-backends.yml', () => {
  let directory = '';
  const servers: Server[] = [];
  const processes: ChildProcess[] = [];
  const nodes: Node[] = [];
  const ports: Record<string, number> = {};

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'hlb-backends-'));
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const words = `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=api`;
    execFileSync('openssl', words.split(' '), { stdio: 'pipe' });
    for (const [name, status] of [
      ['cp1', 200],
      ['cp2', 200],
      ['half', 403],
    ] as const) {
      const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
        response.writeHead(status).end();
      });
      const port = await freePort();
      await new Promise<void>((resolve) => {
        server.listen(port, '127.0.0.1', resolve);
      });
      servers.push(server);
      ports[name] = port;
    }
    ports['dead'] = await freePort();
    mkdirSync(sockets);
    for (const name of ['w1']) {
      const [port, healthPort] = [await freePort(), await freePort()];
      const config = {
        servers: ['cp1', 'cp2'].map((one) => ({ name: one, address: '127.0.0.1', port: ports[one] ?? 0 })),
        bind: '127.0.0.1',
        port,
        healthPort,
        socket: join(sockets, 'admin.sock'),
        stateFile: join(directory, `${name}.state`),
        maxConnections: 100,
        aliveStatuses: [200],
      };
      writeFileSync(config.stateFile, '1\n');
      writeFileSync(join(directory, `${name}.cfg`), renderConfig(config));
      processes.push(spawn(haproxy ?? '', ['-W', '-db', '-f', join(directory, `${name}.cfg`)], { stdio: 'ignore' }));
      nodes.push({ name, port, healthPort });
      await until(`the balancer of ${name}`, 15_000, async () => {
        const answer = await fetch(`http://127.0.0.1:${healthPort}/hlb-servers`).then(
          (got) => got.text(),
          () => '',
        );
        return answer === '2 cp1=1 cp2=1';
      });
    }
  });

  afterAll(() => {
    for (const process_ of processes) process_.kill('SIGTERM');
    for (const server of servers) server.close();
    rmSync(directory, { recursive: true });
    rmSync(sockets, { recursive: true, force: true });
  });

  function inventory(wanted: readonly string[]): string {
    const list = wanted.map((name) => `{name: ${name}, address: 127.0.0.1, port: ${ports[name]}}`).join(', ');
    const hosts = nodes.map((node) => `    ${node.name}: {lb_port: ${node.port}, lb_health_port: ${node.healthPort}}`);
    return `all:\n  vars:\n    ansible_connection: local\n    lb_placement: service\n    lb_servers: [${list}]\ncontrol_plane:\n  hosts:\n    cp1: {runs_balancer: false}\nworkers:\n  hosts:\n${hosts.join('\n')}\n`;
  }

  it('ends with 3 before the first change where the new list would leave a node without a live API server', async () => {
    const rig = await setupHlb({ 'hosts.yml': inventory(['half', 'dead']) });
    const ran = await rig.hlb(['play', playbook, '-i', 'hosts.yml']);
    expect(ran.stdout + ran.stderr).toContain(
      'guard api_backends: refuse: The new list keeps 0 of 2 live backends on w1, needs 1: half answers 403, dead does not answer (',
    );
    expect(ran.stdout).not.toContain('BATCH');
    expect(ran.stdout).not.toContain('changed:');
    expect(ran.code).toBe(3);
  }, 60_000);

  it('counts all nodes, whatever --limit leaves, and names one that cannot be asked', async () => {
    const text = inventory(['cp1', 'half']).replace(
      'workers:\n  hosts:\n',
      'workers:\n  hosts:\n    w2: {ansible_connection: ssh, ansible_host: 192.0.2.1}\n',
    );
    const rig = await setupHlb({ 'hosts.yml': text });
    const ran = await rig.hlb(['play', playbook, '-i', 'hosts.yml', '--limit', 'w1', '--check', '--timeout', '1']);
    expect(ran.stdout + ran.stderr).toMatch(
      /guard api_backends: refuse: node w2 cannot be asked \(.+\) and counts as having nothing to spare; needs 1/,
    );
    expect(ran.code).toBe(3);
  }, 60_000);
});
