import { createHash } from 'node:crypto';
import type { FileFact, HashName, IdentityFact } from '../observation.ts';
import { bytesOf, textOf } from '../quote.ts';
import type { FileScript } from './file-script.ts';
import { hashNames } from './file-script.ts';
import type { Reader } from './reader.ts';
import { latin1 } from './reader.ts';

type Present = Extract<FileFact, { exists: true }>;
type Hashes = Partial<Record<HashName, string>>;

/** What the script of `fileScript` said of each path, in the order of its parameters. */
export interface FileReport {
  readonly files: readonly (FileFact | 'denied')[];
  readonly identity: IdentityFact;
  /** Numbers (from 1) of the files whose contents could not be told apart. */
  readonly unclear: ReadonlySet<number>;
}

/** `names` are the parameters as the shell saw them. The error is a script that did not run to its end. */
export function readFileReport(input: Reader, of: FileScript, names: readonly string[]): FileReport | undefined {
  const umask = Number.parseInt(input.until('\n'), 8);
  const states = input.until('\n');
  if (states.length !== names.length) return undefined;
  const stats = readStats(input, states);
  const identity = stats.self;
  if (identity === undefined) return undefined;
  const targets = readTargets(input, stats.files);
  const places = readPlaces(input, states);
  const hashes = readHashes(input, of, names, stats.files);
  const contents = of.contents.size > 0 ? readContents(input, stats.files, hashes) : new Map<number, Uint8Array>();
  const unclear = new Set([...contents].flatMap(([number, content]) => (content === 'unclear' ? [number] : [])));
  const files = Array.from(states, (state, index): FileFact | 'denied' => {
    const number = index + 1;
    if (state === 'd') return 'denied';
    const stat = stats.files.get(number);
    if (stat === undefined) {
      const parent = stats.parents.get(number);
      if (parent === undefined) return { exists: false, parentMissing: state === 'p' };
      const { mode, gid, group } = parent;
      return { exists: false, parentMissing: state === 'p', parent: { mode, gid, group } };
    }
    const target = targets.get(number);
    const place = places.get(number);
    const content = contents.get(number);
    return {
      ...stat,
      hashes: hashes.get(number) ?? {},
      ...(target === undefined ? {} : { target }),
      ...(place === undefined || place === '' ? {} : { place }),
      ...(content === undefined || content === 'unclear' ? {} : { content }),
    };
  });
  const { uid, gid, owner, group } = identity;
  return { files, identity: { uid, gid, owner, group, umask }, unclear };
}

const types: Readonly<Record<number, Present['type']>> = {
  0o01: 'fifo',
  0o02: 'char',
  0o04: 'directory',
  0o06: 'block',
  0o10: 'file',
  0o12: 'link',
  0o14: 'socket',
};

/** One line of `stat`; undefined where the file had vanished. */
function readStat(line: string): Present | undefined {
  const [mode, size, uid, gid, mtime, atime, ctime, inode, device, links, ...names] = line.split(' ');
  if (names.length === 0 || mode === undefined) return undefined;
  const bits = Number.parseInt(mode, 16);
  const type = types[bits >> 12];
  if (type === undefined) return undefined;
  const [owner = '', group = ''] = textOf(latin1(names.join(' '))).split(':');
  return {
    exists: true,
    type,
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    owner: owner === 'UNKNOWN' ? String(uid) : owner,
    group: group === 'UNKNOWN' ? String(gid) : group,
    size: Number(size),
    mtime: Number(mtime),
    atime: Number(atime),
    ctime: Number(ctime),
    inode: Number(inode),
    device: Number(device),
    links: Number(links),
    hashes: {},
  };
}

function readStats(
  input: Reader,
  states: string,
): {
  readonly files: Map<number, Present>;
  readonly parents: Map<number, Present>;
  readonly self: Present | undefined;
} {
  const files = new Map<number, Present>();
  const parents = new Map<number, Present>();
  const take = (wanted: string): void => {
    Array.from(states).forEach((state, index) => {
      if (!wanted.includes(state)) return;
      const stat = readStat(input.until('\n'));
      if (stat !== undefined) (state === 'e' || state === 'f' ? files : parents).set(index + 1, stat);
    });
  };
  take('eap');
  const self = readStat(input.until('\n'));
  take('f');
  return { files, parents, self };
}

function readTargets(input: Reader, files: ReadonlyMap<number, Present>): ReadonlyMap<number, string> {
  const links = [...files].filter(([, file]) => file.type === 'link').map(([number]) => number);
  const found: string[] = [];
  for (let piece = input.until('\0'); piece !== ''; piece = input.until('\0')) found.push(textOf(latin1(piece)));
  if (found.length !== links.length) return new Map();
  return new Map(links.map((number, index) => [number, found[index] ?? '']));
}

function readPlaces(input: Reader, states: string): ReadonlyMap<number, string> {
  return new Map(
    Array.from(states).flatMap((state, index) =>
      state === 'f' ? [[index + 1, textOf(latin1(input.until('\0'))).replace(/\n$/, '')] as const] : [],
    ),
  );
}

/** The lines of md5sum and its kin: the names are known, so that a hostile one cannot pass for a line of its own. */
function readHashes(
  input: Reader,
  of: FileScript,
  names: readonly string[],
  files: ReadonlyMap<number, Present>,
): ReadonlyMap<number, Hashes> {
  const found = new Map<number, Hashes>();
  for (const hash of hashNames) {
    const wanted = of.hashes[hash];
    if (wanted === undefined) continue;
    const numbers = wanted === 'all' ? names.map((_, index) => index + 1) : [...wanted];
    for (const number of numbers) {
      if (files.get(number)?.type !== 'file') continue;
      const value = readHash(input, names[number - 1] ?? '');
      if (value !== undefined) found.set(number, { ...found.get(number), [hash]: value });
    }
    input.skip('.\n');
  }
  return found;
}

function readHash(input: Reader, name: string): string | undefined {
  const raw = Buffer.from(bytesOf(name)).toString('latin1');
  const escaped = raw
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  return input.match(new RegExp(String.raw`\\?([0-9a-f]+) [ *](?:${literal(raw)}|${literal(escaped)})\n`, 'y'))?.[1];
}

/**
 * The contents are parted by the host's boot id, which anyone on the host may know. So where it occurs too often the
 * sizes part them, and only what has the hash that the host computed is believed.
 */
function readContents(
  input: Reader,
  files: ReadonlyMap<number, Present>,
  hashes: ReadonlyMap<number, Hashes>,
): ReadonlyMap<number, Uint8Array | 'unclear'> {
  const numbers = input.until('\n').trim().split(' ').filter(Boolean).map(Number);
  const all = input.rest();
  const separator = all.slice(0, bootIdLength);
  const body = all.slice(bootIdLength);
  const parts = numbers.length === 1 ? [body] : body.split(separator);
  const clear = parts.length === numbers.length && /^[0-9a-f-]{36}\n$/.test(separator);
  const found = new Map<number, Uint8Array | 'unclear'>();
  let at = 0;
  numbers.forEach((number, index) => {
    const size = files.get(number)?.size ?? 0;
    const content = latin1(clear ? (parts[index] ?? '') : body.slice(at, at + size));
    at += size + bootIdLength;
    const isBelieved = clear
      ? content.length > 0 || size === 0 || size === pseudoFileSize
      : createHash('sha256').update(content).digest('hex') === hashes.get(number)?.sha256;
    found.set(number, isBelieved ? content : 'unclear');
  });
  return found;
}

const bootIdLength = 37;
/** What /sys says of each of its files, the empty ones too. */
const pseudoFileSize = 4096;
