import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/host/change.ts';
import { contentOf } from '../../../src/host/content.ts';
import { describeChange, diffOf } from '../../../src/host/describe.ts';
import { exitMeaning } from '../../../src/host/exit-meaning.ts';
import type { FileFact } from '../../../src/host/observation.ts';

const present: FileFact = {
  exists: true,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 4,
  mtime: 0,
  atime: 0,
  ctime: 0,
  inode: 1,
  device: 1,
  links: 1,
  hashes: {},
  content: Buffer.from('old\n'),
};
const write: Change = { kind: 'write-file', path: '/etc/x', content: contentOf('new\n'), backup: false, follow: false };

describe('a change in one line', () => {
  const cases: readonly (readonly [Change, string])[] = [
    [
      {
        ...write,
        path: '/etc/haproxy/haproxy.cfg',
        content: { kind: 'handle', sha256: 'x', size: 1204, localPath: '/l' },
        mode: 0o644,
      },
      'write /etc/haproxy/haproxy.cfg (1,204 bytes, mode 0644)',
    ],
    [{ ...write, path: '/a b\n', owner: 'me', group: 'us' }, String.raw`write "/a b\n" (4 bytes, owner me, group us)`],
    [{ kind: 'make-directory', path: '/d', parents: true, mode: 0o2750 }, 'make directory /d (mode 2750)'],
    [
      { kind: 'set-attributes', path: '/d', recursive: true, symbolicMode: 'u+x', follow: false },
      'set attributes of /d (mode u+x, with all below it)',
    ],
    [{ kind: 'make-link', path: '/l', target: 't', hard: false, force: true }, 'link /l to t'],
    [{ kind: 'remove', path: '/l', recursive: true }, 'remove /l with all below it'],
    [{ kind: 'rename', from: '/a', to: '/b' }, 'rename /a to /b'],
    [{ kind: 'copy-path', from: '/a', to: '/b', recursive: false, backup: false }, 'copy /a to /b'],
    [{ kind: 'touch', path: '/a', mtime: 'now', atime: 'now' }, 'touch /a'],
    [
      { kind: 'systemctl', verb: 'restart', unit: 'kubelet.service', scope: 'system' },
      'systemctl restart kubelet.service',
    ],
    [{ kind: 'systemctl', verb: 'daemon-reload', scope: 'user' }, 'systemctl --user daemon-reload'],
    [{ kind: 'run', command: { argv: ['echo', 'a b', '--x=1'] }, env: {}, detach: false }, 'run echo "a b" --x=1'],
    [{ kind: 'run', command: { shell: 'one\ntwo\n' }, env: {}, detach: false }, 'run one ...'],
    [
      { kind: 'run', command: { argv: ['x'] }, env: {}, detach: false, summary: 'useradd deploy' },
      'run useradd deploy',
    ],
    [
      { kind: 'download', url: 'https://h/f', path: '/f', headers: {}, verifyTls: true, timeoutMs: 1, backup: false },
      'download https://h/f to /f',
    ],
    [
      { kind: 'unpack', archive: '/a.tgz', into: '/d', extraOptions: [], exclude: [], include: [] },
      'unpack /a.tgz into /d',
    ],
    [
      { kind: 'wait-until', until: { kind: 'drained', port: 1 }, timeoutMs: 30_000, intervalMs: 1, summary: 'port 1' },
      'wait for port 1 (at most 30 s)',
    ],
    [
      { kind: 'reboot', command: 'systemctl reboot', preDelayMs: 0, postDelayMs: 0, timeoutMs: 1, testCommand: 'true' },
      'reboot (systemctl reboot)',
    ],
    [
      { kind: 'transaction', summary: 'replace the balancer', do: [write], verify: [], undo: [] },
      'replace the balancer (1 step, undone as a whole if one fails)',
    ],
  ];
  it.each(cases)('%#', (change, line) => {
    expect(describeChange(change)).toBe(line);
  });
});

describe('a diff', () => {
  it('shows contents and attributes', () => {
    expect(diffOf({ ...write, mode: 0o600, owner: '0' }, present)).toEqual([
      { subject: '/etc/x', before: 'old\n', after: 'new\n' },
      { subject: '/etc/x (attributes)', before: 'mode 0644\n', after: 'mode 0600\n' },
    ]);
    expect(diffOf(write, { exists: false, parentMissing: false })).toEqual([
      { subject: '/etc/x', before: '', after: 'new\n' },
    ]);
  });

  it('says what is binary, big, or was not looked into', () => {
    const { content: _, ...closed } = present;
    expect(diffOf({ ...write, content: contentOf(Uint8Array.of(0, 1)) }, closed)).toEqual([
      { subject: '/etc/x', before: '(4 bytes, not looked into)\n', after: '(2 bytes, binary)\n' },
    ]);
    const big: Change = { ...write, content: { kind: 'handle', sha256: 'ab', size: 5_000_000, localPath: '/l' } };
    expect(diffOf(big, { ...present, content: Uint8Array.of(255) })).toEqual([
      { subject: '/etc/x', before: '(1 bytes, binary)\n', after: '(5,000,000 bytes, sha256 ab)\n' },
    ]);
  });

  it('shows what comes and goes', () => {
    expect(diffOf({ kind: 'remove', path: '/etc/x', recursive: false }, present)).toEqual([
      { subject: '/etc/x', before: 'file\n', after: 'absent\n' },
    ]);
    expect(
      diffOf(
        { kind: 'make-directory', path: '/d', parents: true, mode: 0o755 },
        { exists: false, parentMissing: false },
      ),
    ).toEqual([{ subject: '/d', before: 'absent\n', after: 'directory (mode 0755)\n' }]);
    expect(
      diffOf(
        { kind: 'make-link', path: '/l', target: 't', hard: false, force: true },
        { ...present, type: 'link', target: 's' },
      ),
    ).toEqual([{ subject: '/l', before: 'link to s\n', after: 'link to t\n' }]);
  });
});

describe('an exit code', () => {
  it('means something where it usually does', () => {
    expect([0, 1, 126, 127, 130, 137, 143, 193].map(exitMeaning)).toEqual([
      undefined,
      'general error',
      'found but not executable',
      'command not found',
      'ended by SIGINT, interrupted',
      'ended by SIGKILL, killed; often the kernel out of memory',
      'ended by SIGTERM, terminated',
      undefined,
    ]);
    expect(exitMeaning(128 + 34)).toBe('ended by signal 34');
  });
});
