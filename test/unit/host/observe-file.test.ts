import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { file, identity } from '../../../src/host/ask.ts';
import { factOf } from '../../../src/host/facts.ts';
import type { FileFact, FileQuery } from '../../../src/host/observation.ts';
import type { Observed } from '../../../src/host/observe.ts';
import { bytesOf } from '../../../src/host/quote.ts';
import { observe } from '../../rig/apply.ts';
import { shellRig } from '../../rig/shells.ts';

const rig = shellRig();
const folder = mkdtempSync(join(tmpdir(), 'hlb-observe-'));
afterAll(() => {
  rig.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const sha = (name: string, bytes: string | Uint8Array): string => createHash(name).update(bytes).digest('hex');

function seen(observed: Observed, query: FileQuery): FileFact {
  const fact = factOf(observed.facts, query);
  if (fact === undefined) throw new Error(JSON.stringify([...observed.problems]));
  return fact;
}

describe.each(rig.shells)('files seen through $name', (shell) => {
  it('tells attributes, hashes and content of a regular file', async () => {
    const path = join(folder, `plain-${shell.name}`);
    writeFileSync(path, 'hello\n\0world');
    chmodSync(path, 0o4750);
    const query = file(path, { hashes: ['md5', 'sha1', 'sha256', 'sha512'], contentLimit: 100 });
    const fact = seen(await observe(shell, [query]), query);
    expect(fact).toMatchObject({
      exists: true,
      type: 'file',
      mode: 0o4750,
      uid: process.getuid?.(),
      size: 12,
      links: 1,
      hashes: {
        md5: sha('md5', 'hello\n\0world'),
        sha1: sha('sha1', 'hello\n\0world'),
        sha256: sha('sha256', 'hello\n\0world'),
        sha512: sha('sha512', 'hello\n\0world'),
      },
    });
    expect(fact.exists && Buffer.from(fact.content ?? []).toString()).toBe('hello\n\0world');
  });

  it('is not confused by hostile names', async () => {
    const names = [
      'a b',
      "it's",
      '-n',
      'new\nline',
      'back\\slash',
      '$HOME',
      '*',
      '"',
      'tab\t',
      'caf\u00e9',
      'raw\udcff',
      '\r',
      ' ',
    ];
    const queries = names.map((name, index) => {
      const path = `${folder}/${shell.name}-${name}`;
      writeFileSync(Buffer.from(bytesOf(path)), `content ${index}`);
      return file(path, { hashes: ['sha1'], contentLimit: 100 });
    });
    const observed = await observe(shell, queries);
    queries.forEach((query, index) => {
      const fact = seen(observed, query);
      expect(fact.exists && [fact.hashes.sha1, Buffer.from(fact.content ?? []).toString()], query.path).toEqual([
        sha('sha1', `content ${index}`),
        `content ${index}`,
      ]);
    });
  });

  it('tells links, directories, what is absent and who asks', async () => {
    const base = join(folder, `kinds-${shell.name}`);
    mkdirSync(base);
    writeFileSync(join(base, 'target'), 'x');
    symlinkSync('target', join(base, 'link'));
    symlinkSync('nowhere\nat all', join(base, 'dangling'));
    symlinkSync('target', join(base, 'link3'));
    symlinkSync('..', join(base, 'up'));
    const ask = {
      link: file(join(base, 'link'), { hashes: ['sha1'] }),
      followed: file(join(base, 'link'), { follow: true, hashes: ['sha1'] }),
      dangling: file(join(base, 'dangling')),
      danglingFollowed: file(join(base, 'dangling'), { follow: true }),
      link3: file(join(base, 'link3')),
      up: file(join(base, 'up')),
      upFollowed: file(join(base, 'up'), { follow: true }),
      directory: file(base),
      absent: file(join(base, 'absent')),
      deep: file(join(base, 'no', 'such', 'file')),
      below: file(join(base, 'target', 'file')),
    };
    const observed = await observe(shell, Object.values(ask));
    expect(seen(observed, ask.link)).toMatchObject({ type: 'link', target: 'target', hashes: {} });
    expect(seen(observed, ask.followed)).toMatchObject({
      type: 'file',
      hashes: { sha1: sha('sha1', 'x') },
      place: join(base, 'target'),
    });
    expect(seen(observed, ask.dangling)).toMatchObject({ type: 'link', target: 'nowhere\nat all' });
    expect(seen(observed, ask.danglingFollowed)).toMatchObject({ exists: false, parentMissing: false });
    expect(seen(observed, ask.link3)).toMatchObject({ target: 'target' });
    expect(seen(observed, ask.up)).toMatchObject({ target: '..' });
    expect(seen(observed, ask.upFollowed)).toMatchObject({ type: 'directory' });
    expect(seen(observed, ask.directory)).toMatchObject({ type: 'directory', hashes: {} });
    expect(seen(observed, ask.absent)).toMatchObject({
      exists: false,
      parentMissing: false,
      parent: { mode: 0o755 },
    });
    expect(seen(observed, ask.deep)).toMatchObject({ exists: false, parentMissing: true, parent: { mode: 0o755 } });
    expect(seen(observed, ask.below)).toMatchObject({ exists: false, parentMissing: true });
    expect(factOf(observed.facts, identity())).toMatchObject({
      uid: process.getuid?.(),
      gid: process.getgid?.(),
      umask: process.umask(),
    });
  });

  it("leaves out contents over the limit, and keeps apart files that hold the host's boot id", async () => {
    const { readFileSync } = await import('node:fs');
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const contents = ['first', `${bootId}forged`, '', 'x'.repeat(200), `tail${bootId}`];
    const queries = contents.map((content, index) => {
      const path = join(folder, `content-${shell.name}-${index}`);
      writeFileSync(path, content);
      return file(path, { contentLimit: 100 });
    });
    const observed = await observe(shell, queries);
    const contentsSeen = queries.map((query) => {
      const fact = seen(observed, query);
      return fact.exists && fact.content !== undefined ? Buffer.from(fact.content).toString() : undefined;
    });
    expect(contentsSeen).toEqual(contents.map((content) => (content.length > 100 ? undefined : content)));
  });

  it('reads files of /proc, whose size is 0', async () => {
    const query = file('/proc/self/../version', { contentLimit: 1000 });
    const fact = seen(await observe(shell, [query]), query);
    expect(fact.exists && Buffer.from(fact.content ?? []).toString()).toMatch(/^Linux version/);
  });

  it('finds files below the home of a user', async () => {
    const query = file('~/..', { hashes: ['sha1'] });
    expect(seen(await observe(shell, [query], { env: { HOME: folder } }), query)).toMatchObject({ type: 'directory' });
  });
});
