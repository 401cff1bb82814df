import { createHash, createHmac } from 'node:crypto';

/** A host whose key a known_hosts file shall hold, or shall not. */
export interface HostKeyWish {
  readonly name: string;
  /** The whole line, `NAME TYPE BLOB`; absent only where all keys of the host shall go. */
  readonly key: string | undefined;
  readonly hash: boolean;
  readonly state: 'present' | 'absent';
}

interface Entry {
  readonly names: string;
  readonly type: string;
  readonly blob: string;
}

function parse(line: string): Entry | undefined {
  const words = line.trim().split(/\s+/);
  if (line.trim() === '' || line.startsWith('#')) return undefined;
  const [names = '', type = '', blob = ''] = words[0]?.startsWith('@') === true ? words.slice(1) : words;
  return { names, type, blob };
}

function names(entry: Entry, host: string): boolean {
  if (!entry.names.startsWith('|1|')) return entry.names.split(',').includes(host);
  const [, , salt = '', hash = ''] = entry.names.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest('base64') === hash;
}

/**
 * Hides the name. The salt is made of name and key, so that the same task writes the same line; it still differs from
 * line to line, which is all that a salt is for.
 */
function hashed(host: string, key: string): string {
  const salt = createHash('sha1').update(`${host}\0${key}`).digest();
  const hash = createHmac('sha1', salt).update(host).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

/** The text as it shall be. */
export function editKnownHosts(text: string, wish: HostKeyWish): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const [, type = '', blob = '', ...comment] = wish.key?.trim().split(/\s+/) ?? [];
  const isOfHost = (line: string): boolean => {
    const entry = parse(line);
    return (
      entry !== undefined && !line.startsWith('@') && names(entry, wish.name) && (type === '' || entry.type === type)
    );
  };
  const ended = (kept: readonly string[]): string => kept.map((line) => `${line}\n`).join('');
  if (wish.state === 'absent') return ended(lines.filter((line) => !isOfHost(line)));
  const isRight = (line: string): boolean => {
    const entry = parse(line);
    return isOfHost(line) && entry?.blob === blob && entry.names.startsWith('|1|') === wish.hash;
  };
  if (lines.filter(isOfHost).length === 1 && lines.some(isRight)) return text;
  const shown = wish.hash ? hashed(wish.name, blob) : wish.name;
  return ended([...lines.filter((line) => !isOfHost(line)), [shown, type, blob, ...comment].join(' ')]);
}
