import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendQueries, balancerLook, balancerQueries } from '../../../src/ha/balancer-look.ts';
import { type BalancerPlace, defaultPlace } from '../../../src/ha/balancer-place.ts';
import { type BalancerConfig, configHash, renderConfig } from '../../../src/ha/config.ts';
import { containers, http, unit } from '../../../src/host/ask.ts';
import type { Facts } from '../../../src/host/facts.ts';
import { keyOf } from '../../../src/host/key.ts';
import type { AnyFact, ContainersFact, FileFact, HttpFact, Observation } from '../../../src/host/observation.ts';

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'ha', name), 'utf8');

const config: BalancerConfig = {
  servers: [1, 2, 3].map((n) => ({ name: `cp${n}`, address: `198.18.1.1${n}`, port: 6443 })),
  bind: '127.0.0.1',
  port: 16443,
  healthPort: 16444,
  socket: '/run/haproxy-apiserver-lb/admin.sock',
  stateFile: '/usr/local/etc/haproxy/servers.state',
  maxConnections: 2100,
  aliveStatuses: [200],
};
const hash = configHash(config);
const foreign = 'frontend api\n bind *:16443\n default_backend masters\nbackend masters\n server m1 10.0.0.1:6443\n';
const service: BalancerPlace = { ...defaultPlace, placement: 'service' };

const text = (value: string): HttpFact => ({ status: 200, headers: {}, body: new TextEncoder().encode(`${value}\n`) });
const silent: HttpFact = { status: 0, headers: {}, body: new Uint8Array(), error: 'Connection refused' };
const started = Date.UTC(2026, 10, 26, 12);
const container = (createdAt = started): ContainersFact => ({
  sandboxes: [],
  containers: [
    {
      id: '9c1d2e3f',
      sandboxId: 's',
      name: 'haproxy',
      pod: 'p',
      attempt: 2,
      state: 'running',
      image: '',
      pid: 7,
      createdAt,
    },
  ],
});
const none: ContainersFact = { sandboxes: [], containers: [] };
const fileOf = (content: string, changed = started - 1000): FileFact => ({
  exists: true,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: content.length,
  mtime: 0,
  atime: 0,
  ctime: changed / 1000,
  inode: 1,
  device: 1,
  links: 1,
  hashes: {},
  content: new TextEncoder().encode(content),
});

interface Host {
  readonly place?: BalancerPlace;
  readonly file?: FileFact;
  /** Other files than the one in the balancer's directory. */
  readonly files?: Readonly<Record<string, FileFact>>;
  readonly runs?: AnyFact;
  readonly served?: HttpFact;
  readonly servers?: HttpFact;
  readonly sockets?: Readonly<Record<string, readonly string[]>>;
}

/** What such a host answers, to whatever it is asked. */
function answers({
  place = defaultPlace,
  file,
  files = {},
  runs = container(),
  served = silent,
  servers = silent,
  sockets = {},
}: Host) {
  const answer = (asked: Observation): AnyFact | undefined => {
    const missing: FileFact = { exists: false, parentMissing: true };
    if (asked.kind === 'file')
      return asked.path.endsWith('/haproxy.cfg') ? (file ?? missing) : (files[asked.path] ?? missing);
    if (asked.kind === 'http') return asked.url.endsWith('/hlb-config') ? served : servers;
    if (asked.kind !== 'haproxy') return runs;
    const told = sockets[asked.socket];
    return told === undefined
      ? { answers: ['', '', ''], error: `There is no socket ${asked.socket}` }
      : { answers: told };
  };
  let facts: Facts = new Map();
  for (let round = 0; round < 3; round++) {
    const asked = balancerQueries(place, facts);
    facts = new Map(asked.map((one) => [keyOf(one), { observation: one, fact: answer(one) ?? none }]));
  }
  return balancerLook(place, facts);
}
const names = (look: ReturnType<typeof answers>) => look.backends?.map((one) => `${one.name} ${one.up ?? '?'}`);
const socket = [fixture('show-info.txt'), fixture('show-stat.csv'), fixture('show-servers-state.txt')];

describe('the balancer of a host', () => {
  it('tells by its socket what the running process has loaded, whatever the file says by now', () => {
    const look = answers({
      file: fileOf(renderConfig({ ...config, servers: config.servers.slice(1) })),
      served: text(hash),
      servers: text('2 cp1=1 cp2=1 cp3=0'),
      sockets: { [config.socket]: socket },
    });
    expect(look).toMatchObject({
      running: true,
      servedHash: hash,
      version: '3.0.11-1+deb13u4',
      container: { id: '9c1d2e3f', attempt: 2 },
    });
    expect(look.fileHash).not.toBe(hash);
    expect(look.backends).toEqual([
      {
        name: 'cp1',
        address: '198.18.1.11',
        port: 6443,
        up: true,
        status: 'UP',
        weight: 1,
        sessions: 0,
        check: 'L7OK/200',
      },
      {
        name: 'cp2',
        address: '198.18.1.12',
        port: 6443,
        up: true,
        status: 'UP',
        weight: 1,
        sessions: 0,
        check: 'L7OK/200',
      },
      {
        name: 'cp3',
        address: '198.18.1.13',
        port: 6443,
        up: false,
        status: 'DOWN',
        weight: 1,
        sessions: 0,
        check: 'L6TOUT',
      },
    ]);
  });

  it('has the same hash in its file where that is what it serves', () => {
    expect(answers({ file: fileOf(renderConfig(config)), served: text(hash) }).fileHash).toBe(hash);
  });

  it('tells over HTTP where the socket cannot be reached', () => {
    const look = answers({ served: text(hash), servers: text('1 cp1=1 cp2=0') });
    expect(names(look)).toEqual(['cp1 true', 'cp2 false']);
  });

  it('lists nothing where it does not run: its node has no API', () => {
    expect(answers({ file: fileOf(renderConfig(config)), runs: none })).toMatchObject({
      running: false,
      backends: [],
      problem: 'no container of the pod haproxy-apiserver-lb runs',
    });
    expect(answers({ runs: { ...none, error: 'crictl is not installed' } })).toMatchObject({
      running: false,
      problem: 'nothing answers on port 16444, and crictl says: crictl is not installed',
    });
  });

  it('may be a service, which systemd tells of', () => {
    const runs = (activeState: string, statusText: string): AnyFact => ({
      loadState: 'loaded',
      activeState,
      subState: '',
      unitFileState: 'enabled',
      needDaemonReload: false,
      dropInPaths: [],
      fragmentPath: '',
      mainPid: 1,
      properties: { StatusText: statusText, ActiveEnterTimestamp: 'Thu 2026-11-26 12:00:00 UTC' },
    });
    const look = answers({ place: service, runs: runs('active', 'Reload failed!'), file: fileOf(foreign) });
    expect(look).toMatchObject({ running: true, reloadFailed: true, backends: [{ name: 'm1' }] });
    expect(answers({ place: service, runs: runs('failed', '') })).toMatchObject({
      backends: [],
      problem: 'the service haproxy-apiserver-lb.service is failed',
    });
    expect(balancerQueries(service, new Map())).toContainEqual(unit('haproxy-apiserver-lb'));
    expect(balancerQueries(defaultPlace, new Map())).toContainEqual(containers('haproxy-apiserver-lb'));
    expect(balancerQueries(defaultPlace, new Map())).toContainEqual(
      http('http://127.0.0.1:16444/hlb-config', { timeoutMs: 5000 }),
    );
  });

  it('is asked of its process alone while guards look, and of what runs it where that is silent', () => {
    const served = http('http://127.0.0.1:16444/hlb-config', { timeoutMs: 5000 });
    const told = (fact: HttpFact): Facts => new Map([[keyOf(served), { observation: served, fact }]]);
    const kinds = (facts: Facts) => backendQueries(defaultPlace, facts).map((one) => one.kind);
    expect(kinds(new Map())).toEqual(['file', 'http', 'http', 'haproxy']);
    expect(kinds(told(text(hash)))).not.toContain('containers');
    expect(kinds(told(silent))).toContain('containers');
  });
});

describe('a balancer whose configuration hlb did not write', () => {
  const stat =
    '# pxname,svname,status,weight,scur,check_status,check_code\nmasters,m1,UP,1,4,L4OK,\nother,x,UP,1,0,,\n';
  const state =
    '1\n# be_name srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_port\nmasters m1 10.0.0.1 2 0 1 6443\n';

  it('is asked on the socket that it names', () => {
    const look = answers({
      file: fileOf(`global\n stats socket /run/other.sock mode 600\n${foreign}`),
      sockets: { '/run/other.sock': ['Version: 2.6.12\n', stat, state] },
    });
    expect(look).toMatchObject({ running: true, version: '2.6.12' });
    expect(look.fileHash).toBeUndefined();
    expect(look.backends).toEqual([
      { name: 'm1', address: '10.0.0.1', port: 6443, up: true, status: 'UP', weight: 1, sessions: 4, check: 'L4OK' },
    ]);
  });

  it('has loaded what its file says, if that has not changed since it was started', () => {
    expect(answers({ file: fileOf(foreign) }).backends).toEqual([{ name: 'm1', address: '10.0.0.1', port: 6443 }]);
    expect(answers({ file: fileOf(foreign, started + 1000) })).toMatchObject({
      problem: 'it has no stats socket, and its file may have changed since it was loaded',
    });
    expect(answers({ file: fileOf(foreign, started + 1000) }).backends).toBeUndefined();
  });

  it('has loaded the single file that its pod mounts, whatever lies in the directory', () => {
    const manifest = fileOf('volumes:\n- hostPath: {path: /etc/kubernetes/haproxy-apiserver-lb.cfg, type: File}\n');
    const files = (changed: number) => ({
      '/etc/kubernetes/manifests/haproxy-apiserver-lb.yaml': manifest,
      '/etc/kubernetes/haproxy-apiserver-lb.cfg': fileOf(foreign, changed),
    });
    const beside = fileOf(renderConfig(config));
    for (const file of [undefined, beside]) {
      const look = answers({ ...(file === undefined ? {} : { file }), files: files(started - 1000) });
      expect(look).toMatchObject({ running: true, backends: [{ name: 'm1', address: '10.0.0.1', port: 6443 }] });
      expect(look.fileHash).toBeUndefined();
    }
    expect(answers({ file: beside, files: files(started + 1000) }).backends).toBeUndefined();
  });

  it('is not guessed at where it cannot be read', () => {
    const look = answers({ file: fileOf(foreign.replace('server m1', 'server-template m 3')) });
    expect(look.backends).toBeUndefined();
    expect(look.problem).toBe(
      'Expected servers by name, found "server-template" (/etc/kubernetes/haproxy/haproxy.cfg:5:2)',
    );
    expect(answers({}).problem).toBe('hlb did not write its configuration and cannot read it');
  });
});
