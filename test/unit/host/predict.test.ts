import { describe, expect, it } from 'vitest';
import * as ask from '../../../src/host/ask.ts';
import type { Change, Run } from '../../../src/host/change.ts';
import { contentOf } from '../../../src/host/content.ts';
import type { Facts, Known } from '../../../src/host/facts.ts';
import { factOf } from '../../../src/host/facts.ts';
import { globRoot, keyOf, resourceOf } from '../../../src/host/key.ts';
import type { FactOf, FileFact, Observation } from '../../../src/host/observation.ts';
import { conflicts, predict, touchedBy } from '../../../src/host/predict.ts';

const self = { uid: 0, gid: 0, owner: 'root', group: 'root', umask: 0o022 };
const parent = { mode: 0o755, gid: 0, group: 'root' };
const absent: FileFact = { exists: false, parentMissing: false, parent };
const orphan: FileFact = { exists: false, parentMissing: true, parent };
const present = (rest: object = {}): FileFact => ({
  exists: true,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 3,
  mtime: 5,
  atime: 5,
  ctime: 5,
  inode: 1,
  device: 1,
  links: 1,
  hashes: {},
  ...rest,
});

function facts(...entries: readonly (readonly [Observation, FactOf<Observation>])[]): Facts {
  const known = [[ask.identity(), self] as const, ...entries].map(([observation, fact]): [string, Known] => [
    keyOf(observation),
    { observation, fact },
  ]);
  return new Map(known);
}

const write = (path: string, rest: object = {}): Change => ({
  kind: 'write-file',
  path,
  content: contentOf('new'),
  backup: false,
  follow: false,
  ...rest,
});
const run = (rest: Partial<Run> = {}): Change => ({
  kind: 'run',
  command: { argv: ['x'] },
  env: {},
  detach: false,
  ...rest,
});

describe('a prediction', () => {
  it('lets a directory and the files in it be one group', () => {
    const app = ask.file('/opt/bench/d0/app.conf', { hashes: ['sha1'] });
    const directory = ask.file('/opt/bench/d0');
    const before = facts([directory, orphan], [app, orphan]);
    const made = predict(before, { kind: 'make-directory', path: '/opt/bench/d0', parents: true, mode: 0o755 });
    expect(factOf(made, directory)).toMatchObject({ exists: true, type: 'directory', mode: 0o755, owner: 'root' });
    expect(factOf(made, app)).toMatchObject({ exists: false, parentMissing: false });
    expect(factOf(predict(made, write('/opt/bench/d0/app.conf', { mode: 0o640 })), app)).toMatchObject({
      exists: true,
      mode: 0o640,
      size: 3,
      hashes: { sha1: 'c2a6b03f190dfb2b4aa91f8af8d477a9bc3401dc' },
    });
  });

  it('lets ten lines of one file be one group', () => {
    const hosts = ask.file('/etc/hosts', { contentLimit: 100 });
    let now = facts([hosts, present()]);
    for (const text of ['a\n', 'a\nb\n']) now = predict(now, write('/etc/hosts', { content: contentOf(text) }));
    const fact = factOf(now, hosts);
    expect(fact?.exists === true && Buffer.from(fact.content ?? []).toString()).toBe('a\nb\n');
  });

  it('knows what it cannot know', () => {
    const exact = ask.file('/f', { exact: true });
    const plain = ask.file('/f');
    const hashed = ask.file('/f', { hashes: ['sha1'] });
    const before = facts([exact, present()], [plain, present()], [hashed, present()]);
    const after = predict(before, write('/f', { content: { kind: 'handle', sha256: 'x', size: 9, localPath: '' } }));
    expect([exact, plain, hashed].map((one) => conflicts(after, one))).toEqual([true, false, true]);
    expect(conflicts(predict(before, write('/f', { owner: 'nobody-knows' })), plain)).toBe(true);
    expect(conflicts(after, ask.file('/never-asked'))).toBe(true);
  });

  it('follows links to what they lead to', () => {
    const link = ask.file('/etc/l');
    const target = ask.file('/etc/t');
    const below = ask.file('/srv/data/x');
    const before = facts([link, present({ type: 'link', target: 't' })], [target, present()], [below, present()]);
    const through = predict(before, write('/etc/l', { follow: true }));
    expect([conflicts(through, link), conflicts(through, target), conflicts(through, below)]).toEqual([
      false,
      true,
      false,
    ]);
    const linked = facts([ask.file('/data'), present({ type: 'link', target: '/srv/data' })], [below, present()]);
    expect(conflicts(predict(linked, write('/data/x')), below)).toBe(true);
  });

  it('makes everything unknown where anything may happen', () => {
    const file = ask.file('/f');
    const all = facts(
      [file, present()],
      [
        ask.unit('x'),
        {
          loadState: '',
          activeState: '',
          subState: '',
          unitFileState: '',
          needDaemonReload: false,
          dropInPaths: [],
          fragmentPath: '',
          mainPid: 0,
          properties: {},
        },
      ],
    );
    const knows = (change: Change): readonly boolean[] =>
      [file, ask.unit('x')].map((one) => !conflicts(predict(all, change), one));
    expect(knows(run())).toEqual([false, false]);
    expect(knows(run({ touches: ['file:/g'] }))).toEqual([true, true]);
    expect(knows(run({ touches: ['file:/'] }))).toEqual([false, true]);
    expect(knows(run({ touches: [] }))).toEqual([true, true]);
    expect(knows(write('/g', { validate: ['some-tool', '%s'] }))).toEqual([false, false]);
    expect(knows(write('/g', { validate: ['/usr/sbin/visudo', '-cf', '%s'] }))).toEqual([true, true]);
    expect(knows(write('/g', { validate: ['sh', '-c', 'x %s'] }))).toEqual([false, false]);
    expect(knows({ kind: 'systemctl', verb: 'restart', unit: 'x.service', scope: 'system' })).toEqual([true, false]);
    expect(
      knows({ kind: 'reboot', command: '', preDelayMs: 0, postDelayMs: 0, timeoutMs: 0, testCommand: '' }),
    ).toEqual([false, false]);
    expect(knows({ kind: 'transaction', summary: '', do: [write('/g'), run()], verify: [], undo: [] })).toEqual([
      false,
      false,
    ]);
  });

  it('links a user to its home, its groups and the files that it may own', () => {
    const asked = {
      user: ask.user('app'),
      other: ask.user('bob'),
      group: ask.group('app'),
      home: ask.file('~app/x'),
      owned: ask.file('/owned'),
      numbered: ask.file('/numbered'),
      rooted: ask.file('/rooted'),
    };
    const gone = { exists: false } as const;
    const before = facts(
      [asked.user, gone],
      [asked.other, gone],
      [asked.group, gone],
      [asked.home, absent],
      [asked.owned, present({ owner: 'app', uid: 7 })],
      [asked.numbered, present({ owner: '1001', uid: 1001 })],
      [asked.rooted, present()],
    );
    const after = predict(before, run({ touches: ['user:app'] }));
    expect(
      Object.entries(asked)
        .filter(([, one]) => conflicts(after, one))
        .map(([name]) => name),
    ).toEqual(['user', 'group', 'home', 'owned', 'numbered']);
  });

  it('gives what is new the group of a directory that passes it on', () => {
    const file = ask.file('/shared/f');
    const before = facts([file, { ...absent, parent: { mode: 0o2775, gid: 50, group: 'staff' } }]);
    expect(factOf(predict(before, write('/shared/f')), file)).toMatchObject({ gid: 50, group: 'staff', mode: 0o644 });
    expect(conflicts(predict(facts([file, { exists: false, parentMissing: false }]), write('/shared/f')), file)).toBe(
      true,
    );
  });
});

describe('keys', () => {
  it('are equal for equal questions, and name what they are about', () => {
    expect(keyOf(ask.file('/a//b/', { hashes: ['sha1', 'md5'] }))).toBe(
      keyOf(ask.file('/a/./b', { hashes: ['md5', 'sha1'] })),
    );
    expect(keyOf(ask.file('/a'))).not.toBe(keyOf(ask.file('/a', { follow: true })));
    expect(keyOf(ask.user('a'))).not.toBe(keyOf(ask.group('a')));
    expect(
      [
        ask.file('/a/'),
        ask.glob('/a/b*/c'),
        ask.unit('kubelet'),
        ask.user('x'),
        ask.sysctl('a/b'),
        ask.kernelModule('br-x'),
        ask.mounts(),
      ].map(resourceOf),
    ).toEqual(['file:/a', 'file:/a', 'unit:kubelet.service', 'user:x', 'sysctl:a.b', 'kernel-module:br_x', 'mounts']);
    expect(['/a/*', '/*', '*', '/a/b', 'x/y?'].map(globRoot)).toEqual(['/a', '/', '.', '/a/b', 'x']);
  });

  it('name what a change touches', () => {
    expect(touchedBy({ kind: 'make-directory', path: '/a/b', parents: true })).toEqual(['file:/a', 'file:/a/b']);
    expect(
      touchedBy({
        kind: 'transaction',
        summary: '',
        do: [write('/a')],
        verify: [],
        undo: [{ kind: 'rename', from: '/b', to: '/a' }],
      }),
    ).toEqual(['file:/a', 'file:/b']);
    expect(touchedBy(run())).toEqual(['*']);
    expect(touchedBy({ kind: 'systemctl', verb: 'daemon-reload', scope: 'system' })).toEqual(['unit:*']);
  });
});
