import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileChange } from '../../../src/host/apply.ts';
import { file, system } from '../../../src/host/ask.ts';
import type { Change } from '../../../src/host/change.ts';
import { contentOf } from '../../../src/host/content.ts';
import { compileObservations } from '../../../src/host/observe.ts';

const root = mkdtempSync(join(tmpdir(), 'hlb-cost-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hasStrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' }).status === 0;

/** Processes that dash starts for a script. */
function processes(script: string): number {
  const trace = join(root, 'trace');
  const path = join(root, 'script.sh');
  writeFileSync(path, script);
  const calls = 'trace=fork,vfork,clone,clone3';
  const ran = spawnSync('strace', ['-f', '-o', trace, '-e', calls, 'dash', path], {
    stdio: 'ignore',
    env: { ...process.env, LC_ALL: 'C' },
  });
  expect(ran.status).toBe(0);
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /\b(?:fork|vfork|clone3?)\b.* = \d+$/.test(line)).length;
}

const costOf = (change: Change): number => processes(compileChange(change, { flush: 'later' }).step.script);

describe.skipIf(!hasStrace)('the processes that a host starts (counted by strace, where there is one)', () => {
  it('are five for thirty files with two hashes, contents and a link', () => {
    const queries = Array.from({ length: 30 }, (_, index) => {
      const path = join(root, `f${index}`);
      if (index === 1) symlinkSync('f2', path);
      else if (index % 4 !== 0) writeFileSync(path, `content ${index}`);
      return file(path, { hashes: ['sha1', 'sha256'], contentLimit: index % 3 === 0 ? 1000 : 0 });
    });
    const { steps } = compileObservations(queries);
    expect(steps).toHaveLength(1);
    expect(processes(steps[0]?.script ?? '')).toBe(5);
  });

  it('are about a dozen for all facts of the system', () => {
    const { steps } = compileObservations([system()]);
    expect(processes(steps[0]?.script ?? '')).toBeLessThanOrEqual(20);
  });

  it('are one for a new file, a directory with its parents or a link, and four for a command', () => {
    const path = join(root, 'new');
    const write: Change = {
      kind: 'write-file',
      path,
      content: contentOf("text's\n"),
      mode: 0o644,
      backup: false,
      follow: true,
    };
    expect(costOf(write)).toBe(1);
    expect(costOf(write)).toBe(1);
    const value = createHash('sha1').update("text's\n").digest('hex');
    expect(costOf({ ...write, guard: { kind: 'file-hash', path, hash: 'sha1', value } })).toBe(2);
    expect(costOf({ kind: 'make-directory', path: join(root, 'a/b/c'), parents: true, mode: 0o755 })).toBe(1);
    expect(costOf({ kind: 'make-link', path: join(root, 'l'), target: 'new', hard: false, force: true })).toBe(1);
    expect(costOf({ kind: 'run', command: { argv: ['true'] }, env: {}, detach: false })).toBe(4);
  });
});
