import { describe, expect, it } from 'vitest';
import { renderConfig } from '../../../src/ha/config.ts';
import type { Change } from '../../../src/host/change.ts';
import { keepingOf } from '../../../src/host/keep.ts';
import haproxyConfig from '../../../src/modules/haproxy_config.ts';
import { Case, runCase } from '../../../src/testing/case.ts';

/** A service whose haproxy runs a configuration that hlb did not write, or need not have. */
function onService(params: object, facts: readonly object[]) {
  return runCase(
    haproxyConfig,
    Case.parse({
      params: { placement: 'service', ...params },
      host: [
        { ask: { kind: 'unit' }, fact: { activeState: 'active', properties: {} } },
        ...facts,
        { ask: { kind: 'command' }, fact: { stdout: 'HAProxy version 2.6.12 2023/02/14\n' } },
        { ask: { kind: 'http' }, fact: { status: 0 } },
      ],
    }),
  );
}

const config = (servers: string): object => ({
  ask: { kind: 'file', path: '/etc/haproxy-apiserver-lb/haproxy.cfg' },
  fact: {
    exists: true,
    mtime: 1,
    ctime: 1,
    content: `frontend api\n  bind 127.0.0.1:16443\n  default_backend b\nbackend b\n${servers}`,
  },
});
const noMaster = { ask: { kind: 'file', path: '/run/haproxy-apiserver-lb/master.sock' }, fact: { exists: false } };

function change(came: ReturnType<typeof runCase>): Change {
  const last = came.plan?.kind === 'plan' ? came.plan.changes.at(-1) : undefined;
  if (last === undefined) throw new Error('The module planned nothing');
  return last;
}

describe('haproxy_config', () => {
  it('keeps the servers that the balancer lists now, under names of their own', () => {
    const stat =
      'pxname,svname,status,weight,scur,check_status,check_code\nb,cp1,UP,1,0,L7OK,200\nb,cp2,UP,1,0,L7OK,200\n';
    const came = onService(
      {
        keep_loaded: true,
        servers: [
          { name: 'cp1', address: '192.0.2.21' },
          { name: 'cp4', address: '192.0.2.14' },
        ],
      },
      [
        config('  server cp1 192.0.2.11:6443\n  server cp2 192.0.2.12:6443\n'),
        noMaster,
        { ask: { kind: 'haproxy' }, fact: { answers: ['Version: 2.6.12\n', `# ${stat}`, ''] } },
      ],
    );
    expect(came.result).toMatchObject({ servers: ['cp1', 'cp4', 'cp1-before', 'cp2'] });
    expect(JSON.stringify(came.changes)).toContain('server cp1-before 192.0.2.11:6443');
  });

  it('refuses to keep what it cannot tell', () => {
    const came = onService({ keep_loaded: true, servers: [{ name: 'cp1', address: '192.0.2.21' }] }, [
      config('  server-template cp 3 cp.example:6443\n'),
      noMaster,
      { ask: { kind: 'haproxy' }, fact: { answers: [], error: 'No such file' } },
    ]);
    expect(came.plan).toMatchObject({
      kind: 'refuse',
      reason:
        'Which servers the balancer lists cannot be told: Expected servers by name, found "server-template" (/etc/haproxy-apiserver-lb/haproxy.cfg:5:3)',
    });
  });

  it('brings a former list back only where enough of it lives, and never one of an earlier change', () => {
    const facts = [
      config('  server cp1 192.0.2.11:6443\n  server cp2 192.0.2.12:6443\n'),
      noMaster,
      { ask: { kind: 'haproxy' }, fact: { answers: [], error: 'No such file' } },
    ];
    const servers = [{ name: 'cp4', address: '192.0.2.14' }];
    const came = onService({ servers }, facts);
    const update = came.changes?.at(-1);
    const ready = ['192.0.2.11', '192.0.2.12'].map((address) =>
      expect.objectContaining({ url: `https://${address}:6443/readyz`, statuses: [200] }),
    );
    expect(update).toMatchObject({ kind: 'transaction', undoIf: { until: { kind: 'count', least: 1, of: ready } } });
    expect(came.changes?.[0]).toMatchObject({ kind: 'remove', path: '/etc/haproxy-apiserver-lb/.previous.cfg' });
    const taken = update === undefined ? undefined : keepingOf(change(came), '/var/lib/hlb/kept/1');
    expect(taken?.restore).toMatchObject([
      { kind: 'transaction', do: [{ kind: 'wait-until' }, { kind: 'copy-path' }, {}] },
    ]);
    expect(onService({ servers, min_up: 0 }, facts).changes?.at(-1)).not.toHaveProperty('undoIf');
  });

  it('looks until every check can have failed, where the former checks say nothing of the next', () => {
    const servers = [{ name: 'cp1', address: '192.0.2.11' }];
    const written = (changed: Partial<Parameters<typeof renderConfig>[0]>): object => ({
      ask: { kind: 'file', path: '/etc/haproxy-apiserver-lb/haproxy.cfg' },
      fact: {
        exists: true,
        mtime: 1,
        ctime: 1,
        content: renderConfig({
          servers: [
            { name: 'cp1', address: '192.0.2.11', port: 6443 },
            { name: 'cp2', address: '192.0.2.12', port: 6443 },
          ],
          bind: '127.0.0.1',
          port: 16443,
          healthPort: 16444,
          socket: '/run/haproxy-apiserver-lb/admin.sock',
          stateFile: '/etc/haproxy-apiserver-lb/state',
          maxConnections: 4000,
          aliveStatuses: [200],
          ...changed,
        }),
      },
    });
    const haproxy = { ask: { kind: 'haproxy' }, fact: { answers: ['', '', ''] } };
    const looks = (before: object): unknown => onService({ servers }, [before, noMaster, haproxy]).changes?.at(-1);
    const verified = (times: number): object => ({ verify: [{}, { until: { kind: 'successive', times } }, {}] });
    expect(looks(written({}))).toMatchObject(verified(3));
    expect(looks(written({ caFile: '/etc/other.crt' }))).toMatchObject(verified(15));
    expect(looks(written({ aliveStatuses: [200, 401] }))).toMatchObject(verified(15));
    expect(looks(written({ servers: [{ name: 'cp9', address: '192.0.2.19', port: 6443 }] }))).toMatchObject(
      verified(15),
    );
  });

  it('asks for the next checks before it loads them, where the former ones say nothing of them', () => {
    const servers = [
      { name: 'cp1', address: '192.0.2.11' },
      { name: 'cp2', address: 'fd00::2' },
    ];
    const haproxy = { ask: { kind: 'haproxy' }, fact: { answers: ['', '', ''] } };
    const before = '  server cp1 192.0.2.11:6443 check\n';
    const came = onService({ servers, ca_file: '/etc/kubernetes/pki/ca.crt', alive_statuses: [200, 401], min_up: 2 }, [
      config(before),
      noMaster,
      haproxy,
    ]);
    const kinds = came.changes?.map((one) => one['kind']);
    expect(kinds?.slice(-3)).toEqual(['run', 'wait-until', 'transaction']);
    const asked = { kind: 'http', statuses: [200, 401], verifyTls: true, serverName: 'kubernetes' };
    expect(came.changes?.at(-2)).toMatchObject({
      until: {
        kind: 'count',
        least: 2,
        of: [
          { ...asked, url: 'https://192.0.2.11:6443/readyz', caFile: '/etc/kubernetes/pki/ca.crt' },
          { ...asked, url: 'https://[fd00::2]:6443/readyz' },
        ],
      },
    });
    const first = onService({ servers, min_up: 0 }, [config(before), noMaster, haproxy]);
    expect(first.changes?.map((one) => one['kind'])).not.toContain('wait-until');
  });

  it('writes nothing beside a balancer that answers and is not seen to run', () => {
    const came = runCase(
      haproxyConfig,
      Case.parse({
        params: { servers: [{ name: 'cp9', address: '192.0.2.99' }] },
        host: [
          {
            ask: { kind: 'file', path: '/etc/kubernetes/haproxy/haproxy.cfg' },
            fact: { exists: true, mtime: 1, ctime: 1, content: 'frontend api\n  bind 127.0.0.1:16443\n' },
          },
          { ask: { kind: 'containers' }, fact: { sandboxes: [], containers: [], error: 'connection refused' } },
          { ask: { kind: 'file' }, fact: { exists: false } },
          { ask: { kind: 'http' }, fact: { status: 200, body: 'a'.repeat(64) } },
        ],
      }),
    );
    expect(came.plan).toMatchObject({
      kind: 'refuse',
      reason:
        'A balancer answers on port 16444, but the container "haproxy" of pod "haproxy-apiserver-lb" does not run as far as crictl knows: connection refused',
    });
  });

  it('asks the API where an IPv6 address listens', () => {
    const came = onService({ servers: [{ name: 'cp1', address: '192.0.2.11' }], bind: '::' }, [
      config('  server cp1 192.0.2.12:6443\n'),
      noMaster,
      { ask: { kind: 'haproxy' }, fact: { answers: ['', '', ''] } },
    ]);
    expect(JSON.stringify(came.changes)).toContain('"https://[::1]:16443/readyz"');
  });

  it('warns where the last reload failed: the worker after it takes no listener over', () => {
    const proc = '#<PID> <type> <reloads> <uptime> <version>\n7 master 3 [failed: 2] 0d00h01m00s 2.6.12\n';
    const came = onService({ servers: [{ name: 'cp1', address: '192.0.2.11' }] }, [
      config('  server cp1 192.0.2.11:6443\n'),
      { ask: { kind: 'file', path: '/run/haproxy-apiserver-lb/master.sock' }, fact: { exists: true } },
      { ask: { kind: 'haproxy' }, fact: { answers: [proc] } },
    ]);
    expect(came.plan).toMatchObject({
      warnings: ['The last 2 reloads of haproxy failed; a connection may be refused at this one'],
    });
  });

  it('takes the balancer away where it shall listen elsewhere, and nothing where it stays', () => {
    const servers = [{ name: 'cp1', address: '192.0.2.11' }];
    const host = [
      config('  server cp1 192.0.2.12:6443\n'),
      noMaster,
      { ask: { kind: 'haproxy' }, fact: { answers: ['', '', ''] } },
    ];
    const answered = { ask: { kind: 'http' }, fact: { status: 404 } };
    expect(onService({ servers }, host).disrupts).toEqual(['nothing']);
    expect(onService({ servers }, [...host, answered]).disrupts).toEqual(['balancer']);
    const moved = onService({ servers, bind: '192.0.2.1' }, host);
    expect(moved.disrupts).toEqual(['balancer']);
    expect(moved.plan).toMatchObject({ warnings: [expect.stringContaining('shall listen on 192.0.2.1:16443')] });
  });

  it('writes beside a pod that mounts a single file, where the manifest is replaced next, and asks it nothing', () => {
    const beside = (running: readonly object[]) =>
      runCase(
        haproxyConfig,
        Case.parse({
          params: { servers: [{ name: 'cp1', address: '192.0.2.11' }], migrate: true },
          host: [
            {
              ask: { kind: 'file', path: '/etc/kubernetes/manifests/haproxy-apiserver-lb.yaml' },
              fact: {
                exists: true,
                content: 'hostPath: {path: /etc/kubernetes/haproxy-apiserver-lb.cfg, type: File}\n',
              },
            },
            { ask: { kind: 'file' }, fact: { exists: false } },
            { ask: { kind: 'containers' }, fact: { containers: running } },
          ],
        }),
      ).changes?.map((change) => `${String(change['kind'])} ${String(change['path'] ?? change['summary'])}`);
    const files = [
      'make-directory /etc/kubernetes/haproxy',
      'write-file /etc/kubernetes/haproxy/servers.state',
      'write-file /etc/kubernetes/haproxy/haproxy.cfg',
    ];
    expect(beside([])).toEqual(files);
    const container = { id: 'c1', name: 'haproxy', state: 'running', pid: 7 };
    expect(beside([container])).toEqual(['run haproxy looks at the next configuration', ...files]);
  });
});
