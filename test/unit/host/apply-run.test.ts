import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttp } from 'node:http';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileChange } from '../../../src/host/apply.ts';
import type { Change, ChangeOutcome, Run, WaitUntil } from '../../../src/host/change.ts';
import { contentOf } from '../../../src/host/content.ts';
import { apply } from '../../rig/apply.ts';
import { shellRig } from '../../rig/shells.ts';

const rig = shellRig();
const root = mkdtempSync(join(tmpdir(), 'hlb-run-'));
let web: Server;
let base = '';
beforeAll(async () => {
  web = createHttp((request, response) => {
    if (request.url === '/missing') return response.writeHead(404).end('no');
    return response.end(String(request.headers['x-token'] ?? 'content'));
  });
  await new Promise<void>((resolve) => {
    web.listen(0, '127.0.0.1', resolve);
  });
  const address = web.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => {
  web.close();
  rig.dispose();
  rmSync(root, { recursive: true, force: true });
});

const argv = (...words: readonly string[]): Run => ({ kind: 'run', command: { argv: words }, env: {}, detach: false });
const script = (text: string, rest: Partial<Run> = {}): Run => ({
  kind: 'run',
  command: { shell: text },
  env: {},
  detach: false,
  ...rest,
});

describe.each(rig.shells)('commands run through $name', (shell) => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(root, `${shell.name}-`));
  });
  const at = (name: string): string => join(folder, name);
  const one = async (change: Change, options = {}): Promise<ChangeOutcome> => {
    const [outcome] = await apply(shell, [change], { cwd: folder, ...options });
    if (outcome === undefined) throw new Error('No outcome');
    return outcome;
  };

  it('passes words as they are, and keeps stdout, stderr and the exit code apart', async () => {
    const words = ['', 'a b', "q'", '$HOME', '*', 'new\nline', '-n', '\\'];
    const echoed = await one(
      argv('sh', '-c', 'for w do printf "<%s>" "$w"; done; echo err >&2; exit 0', 'sh', ...words),
    );
    expect(echoed).toMatchObject({
      status: 'done',
      code: 0,
      stdout: words.map((word) => `<${word}>`).join(''),
      stderr: 'err\n',
    });
    expect(await one(script('echo out; echo err >&2; exit 75'))).toMatchObject({
      status: 'failed',
      reason: 'exit-code',
      code: 75,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await one(argv('/no/such'))).toMatchObject({ status: 'failed', code: 127 });
    expect(await one(argv('cd', '/'), { path: '/bin' })).toMatchObject({ status: 'failed', code: 127 });
  });

  it('tells a program that is not there from one that says 127 itself', async () => {
    const named = (...words: readonly string[]): Run => ({ ...argv(...words), program: words[0] ?? '' });
    writeFileSync(at('plain'), 'echo');
    writeFileSync(at('lost'), '#! /no/such/interpreter -x\n', { mode: 0o755 });
    writeFileSync(at('says'), '#!/bin/sh\nexit 127\n', { mode: 0o755 });
    const missing = { status: 'failed', reason: 'not-started', code: 2 };
    expect(await one(named('/no/such'))).toMatchObject(missing);
    expect(await one(named('hlb-no-such', 'a'))).toMatchObject(missing);
    expect(await one({ ...script('exec $HOME/no/such'), program: '$HOME/no/such' })).toMatchObject(missing);
    expect(await one({ ...named('./lost'), chdir: folder })).toMatchObject(missing);
    expect(await one(named(at('plain')))).toMatchObject({ ...missing, code: 13 });
    expect(await one(named('/'))).toMatchObject({ ...missing, code: 13 });
    for (const there of [named(at('says')), named('sh', '-c', 'exit 127')])
      expect(await one(there)).toMatchObject({ status: 'failed', reason: 'exit-code', code: 127 });
    expect(await one(named('sh', '-c', 'exit 126'))).toMatchObject({ reason: 'exit-code', code: 126 });
  });

  it('runs programs where a builtin has the same name', async () => {
    expect(await one(argv('echo', 'a\\tb'))).toMatchObject({ status: 'done', stdout: 'a\\tb\n' });
  });

  it('lets through the exit codes that are allowed, and tells the real one', async () => {
    expect(await one(script('exit 3', { allowed: [0, 3] }))).toMatchObject({ status: 'done', code: 3 });
    expect(await one(script('exit 75', { allowed: 'any' }))).toMatchObject({ status: 'done', code: 75 });
    expect(await one(script('exit 0', { allowed: [1] }))).toMatchObject({ status: 'failed', code: 0 });
  });

  it('keeps bytes, big outputs and what is written to /dev/stderr', async () => {
    const big = await one(
      script(
        'i=0; while [ $i -lt 2000 ]; do echo "line $i of a longer text"; i=$((i+1)); done; echo "to stderr" >/dev/stderr; printf "\\000\\377"',
      ),
    );
    expect(big).toMatchObject({ status: 'done', stderr: 'to stderr\n' });
    expect(big.status === 'done' && big.stdout.split('\n').length).toBe(2001);
    expect(big.status === 'done' && big.stdout.endsWith('\u0000\udcff')).toBe(true);
  });

  it('reads to the end what a background job writes', async () => {
    expect(await one(script('(sleep 0.3; echo late) & echo early'))).toMatchObject({ stdout: 'early\nlate\n' });
  });

  it('sets the environment, the directory and stdin', async () => {
    mkdirSync(at('d e'));
    const change = script('pwd; echo "$A|$B|$LC_ALL"; cat', {
      env: { A: "it's", 'odd.name': '1' },
      chdir: at('d e'),
      stdin: 'in\nput',
    });
    expect(await one(change, { env: { B: 'task' } })).toMatchObject({ stdout: `${at('d e')}\nit's|task|C\nin\nput` });
    expect(await one(script('cat'))).toMatchObject({ status: 'done', stdout: '' });
    expect(await one({ ...argv('env'), env: { 'odd.name': 'x' } })).toMatchObject({
      stdout: expect.stringContaining('odd.name=x\n'),
    });
    expect(await one(script(':', { chdir: at('no') }))).toMatchObject({
      status: 'failed',
      reason: 'no-directory',
      stderr: expect.stringContaining(`Cannot change to the directory "${at('no')}"`),
    });
  });

  it('takes texts of any length, and another shell', async () => {
    const long = `: ${'x'.repeat(200_000)}\necho "$0" done; exit 4`;
    expect(await one(script(long))).toMatchObject({ code: 4, stdout: expect.stringContaining('done') });
    if (shell.name !== 'busybox') {
      expect(
        await one(
          script('echo ${BASH_VERSION%%.*}', {
            command: { shell: 'echo ${BASH_VERSION%%.*}', executable: '/bin/bash' },
          }),
        ),
      ).toMatchObject({ stdout: '5\n' });
    }
  });

  it('does nothing where creates is there or removes is not', async () => {
    writeFileSync(at('made 1'), '');
    expect(await one(script('echo ran', { creates: at('made *') }))).toMatchObject({
      status: 'done',
      noop: true,
      stdout: '',
    });
    expect(await one(script('echo ran', { creates: at('other*') }))).toMatchObject({ stdout: 'ran\n' });
    expect(await one(script('echo ran', { removes: at('other*') }))).toMatchObject({ noop: true });
    expect(await one(script('echo ran', { removes: 'made*', chdir: folder }))).toMatchObject({ stdout: 'ran\n' });
  });

  it('ends what takes too long', async () => {
    expect(await one(script('echo begun; sleep 5', { timeoutMs: 300 }))).toMatchObject({
      status: 'failed',
      reason: 'timeout',
      stdout: 'begun\n',
    });
  });

  it('waits for a condition, and says what it saw last when it does not come', async () => {
    const wait = (path: string, timeoutMs: number): WaitUntil => ({
      kind: 'wait-until',
      until: { kind: 'path', path, present: true },
      timeoutMs,
      intervalMs: 50,
      summary: 'the file',
      onTimeout: ['echo', 'look here'],
    });
    setTimeout(() => writeFileSync(at('late'), ''), 200);
    expect(await one(wait(at('late'), 5000))).toMatchObject({ status: 'done', stdout: `${at('late')} is there\n` });
    expect(await one(wait(at('never'), 150))).toMatchObject({
      status: 'failed',
      reason: 'timeout',
      code: 124,
      stderr: `Gave up waiting for the file after 1 s; last seen: ${at('never')} is not there\nlook here\n`,
    });
  });

  it('does not undo a transaction where what was there before would be worse', async () => {
    const there = (name: string) => ({ kind: 'path', path: at(name), present: true }) as const;
    const change = (least: number): Change => ({
      kind: 'transaction',
      summary: 'kept',
      do: [argv('touch', at('done'))],
      verify: [{ kind: 'wait-until', until: there('never'), timeoutMs: 50, intervalMs: 20, summary: 'never' }],
      undo: [argv('touch', at('taken-back'))],
      undoIf: {
        kind: 'wait-until',
        until: { kind: 'count', least, of: [there('one'), there('two'), there('never')] },
        timeoutMs: 50,
        intervalMs: 20,
        summary: 'two of three',
      },
    });
    writeFileSync(at('one'), '');
    const kept = await one(change(2));
    expect(kept).toMatchObject({ status: 'failed', reason: 'verify', code: 124 });
    expect(kept.status === 'failed' && kept.stderr).toMatch(
      /Gave up waiting for two of three after 1 s; last seen: 1 of 2 needed: [^]*not undone\n$/,
    );
    expect(existsSync(at('taken-back'))).toBe(false);
    writeFileSync(at('two'), '');
    const back = await one(change(2));
    expect(back.status === 'failed' && back.stderr).toMatch(/undoing\nUndone\n$/);
    expect(existsSync(at('taken-back'))).toBe(true);
  });

  it('undoes a transaction whose verification fails, and tells both reasons', async () => {
    const write = (name: string, text: string): Change => ({
      kind: 'write-file',
      path: at(name),
      content: contentOf(text),
      backup: false,
      follow: false,
    });
    const verify = (name: string): WaitUntil => ({
      kind: 'wait-until',
      until: { kind: 'path', path: at(name), present: true },
      timeoutMs: 50,
      intervalMs: 20,
      summary: name,
    });
    const transaction = (verified: string, undo: Change): Change => ({
      kind: 'transaction',
      summary: 'both',
      do: [{ kind: 'rename', from: at('f'), to: at('old') }, write('f', 'new')],
      verify: [verify(verified)],
      undo: [undo],
    });
    const back: Change = { kind: 'rename', from: at('old'), to: at('f') };
    writeFileSync(at('f'), 'first');
    expect(await one(transaction('f', back))).toMatchObject({ status: 'done' });
    expect(readFileSync(at('f'), 'utf8')).toBe('new');
    const failed = await one(transaction('never', back));
    expect(failed).toMatchObject({ status: 'failed', reason: 'verify', code: 124 });
    expect(failed.status === 'failed' && failed.stderr).toMatch(/Gave up waiting for never[^]*undoing\nUndone\n$/);
    expect([readFileSync(at('f'), 'utf8'), existsSync(at('old'))]).toEqual(['new', false]);
    const slow = {
      ...transaction('f', back),
      do: [{ ...argv('sleep', '9'), timeoutMs: 100 }],
      undo: [argv('touch', at('swept'))],
    };
    const started = Date.now();
    expect(await one({ ...slow, kind: 'transaction', verify: [], summary: '' })).toMatchObject({
      status: 'failed',
      code: expect.any(Number),
    });
    expect([Date.now() - started < 5000, existsSync(at('swept'))]).toEqual([true, true]);
    expect(compileChange(transaction('f', back), { id: 'run-1' }).step.detach).toEqual({ id: 'run-1' });
    const twice = await one(transaction('never', argv('false')));
    expect(twice.status === 'failed' && twice.stderr).toMatch(/Undoing failed too \(exit code 1\)\n$/);
    const stale = await one({
      ...transaction('f', argv('touch', at('undone'))),
      kind: 'transaction',
      do: [{ ...script('touch x'), guard: { kind: 'absent', path: at('f') } }],
      verify: [],
      undo: [argv('touch', at('undone'))],
      summary: '',
    });
    expect([stale.status, existsSync(at('undone'))]).toEqual(['stale', false]);
  });

  it('downloads, verifies, and leaves the old file when it cannot', async () => {
    const download = (path: string, rest: object = {}): Change => ({
      kind: 'download',
      url: `${base}${path}`,
      path: at('got'),
      headers: {},
      verifyTls: true,
      timeoutMs: 5000,
      backup: false,
      ...rest,
    });
    const wgetOnly = at('bin');
    mkdirSync(wgetOnly);
    for (const name of [
      'wget',
      'grep',
      'sh',
      'mv',
      'rm',
      'cmp',
      'sync',
      'sha256sum',
      'sha1sum',
      'chmod',
      'cp',
      'cat',
    ]) {
      symlinkSync(`/usr/bin/${name}`, join(wgetOnly, name));
    }
    const ways = shell.name === 'busybox' ? [{}] : [{}, { path: wgetOnly }];
    for (const options of ways) {
      rmSync(at('got'), { force: true });
      expect(await one(download('/x', { headers: { 'X-Token': 'se"cret' }, mode: 0o600 }), options)).toMatchObject({
        status: 'done',
      });
      expect([readFileSync(at('got'), 'utf8'), statSync(at('got')).mode & 0o777]).toEqual(['se"cret', 0o600]);
      const value = createHash('sha256').update('content').digest('hex');
      expect(
        await one(download('/x', { checksum: { hash: 'sha256', value: value.toUpperCase() } }), options),
      ).toMatchObject({ status: 'done' });
      expect(await one(download('/x'), options)).toMatchObject({ status: 'done', noop: true });
      expect(await one(download('/missing'), options)).toMatchObject({
        status: 'failed',
        stderr: expect.stringContaining('Cannot download'),
      });
      const sha1 = createHash('sha1').update('content').digest('hex');
      const other = '0'.repeat(64);
      expect(await one(download('/x', { checksum: { hash: 'sha256', value: other } }), options)).toMatchObject({
        status: 'failed',
        stderr: `The sha256 of the download is ${value}, not ${other}\nIts sha1 is ${sha1}\n`,
      });
      expect([readFileSync(at('got'), 'utf8'), readdirSync(folder).sort()]).toEqual(['content', ['bin', 'got']]);
    }
  });

  it('unpacks archives by what they are, whatever they are called', async () => {
    mkdirSync(at('in/d'), { recursive: true });
    writeFileSync(at('in/d/f'), 'deep');
    writeFileSync(at('in/g'), 'flat');
    for (const [flag, name] of [
      ['', 'plain'],
      ['-z', 'gzipped'],
      ['-j', 'bzipped'],
      ['-J', 'xzipped'],
    ] as const) {
      execFileSync('tar', ['-c', ...(flag === '' ? [] : [flag]), '-f', at(name), '-C', at('in'), 'd', 'g']);
      mkdirSync(at(`out ${name}`));
      const unpack: Change = {
        kind: 'unpack',
        archive: at(name),
        into: at(`out ${name}`),
        extraOptions: [],
        exclude: shell.name === 'busybox' ? [] : ['g'],
        include: shell.name === 'busybox' ? ['d'] : [],
        mode: 0o750,
      };
      expect(await one(unpack)).toMatchObject({ status: 'done' });
      expect([readFileSync(at(`out ${name}/d/f`), 'utf8'), existsSync(at(`out ${name}/g`))]).toEqual(['deep', false]);
    }
    mkdirSync(at('stripped'));
    const strip: Change = {
      kind: 'unpack',
      archive: at('gzipped'),
      into: at('stripped'),
      extraOptions: ['--strip-components=1'],
      exclude: [],
      include: [],
      mode: 0o700,
    };
    if (shell.name !== 'busybox') {
      expect(await one(strip)).toMatchObject({ status: 'done' });
      expect(statSync(at('stripped/f')).mode & 0o777).toBe(0o700);
    }
    writeFileSync(at('broken'), 'no archive');
    expect(
      await one({ kind: 'unpack', archive: at('broken'), into: folder, extraOptions: [], exclude: [], include: [] }),
    ).toMatchObject({ status: 'failed' });
  });

  it('calls systemctl with the words of the change', async () => {
    const bin = at('bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'systemctl'),
      '#!/bin/sh\nfor w do printf "<%s>" "$w"; done; [ "$1" != stop ] || { echo no >&2; exit 5; }\n',
      { mode: 0o755 },
    );
    const options = { pathBefore: bin };
    expect(
      await one({ kind: 'systemctl', verb: 'restart', unit: 'a b.service', scope: 'user', noBlock: true }, options),
    ).toMatchObject({
      status: 'done',
      stdout: '<--user><--no-block><restart><--><a b.service>',
    });
    expect(await one({ kind: 'systemctl', verb: 'daemon-reload', scope: 'system' }, options)).toMatchObject({
      stdout: '<daemon-reload>',
    });
    expect(await one({ kind: 'systemctl', verb: 'stop', unit: 'x.service', scope: 'system' }, options)).toMatchObject({
      status: 'failed',
      code: 5,
      stderr: 'no\n',
    });
  });

  it('tells the boot id before it reboots, and does not wait for it', async () => {
    const reboot: Change = {
      kind: 'reboot',
      command: `echo rebooted >'${at('done')}'`,
      preDelayMs: 0,
      postDelayMs: 0,
      timeoutMs: 1,
      testCommand: 'true',
    };
    expect(await one(reboot)).toMatchObject({
      status: 'done',
      stdout: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
    });
    expect(existsSync(at('done'))).toBe(false);
    await sleep(1500);
    expect(readFileSync(at('done'), 'utf8')).toBe('rebooted\n');
  });
});
