import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file. */
export interface KnownHost {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** As written: `a,b*,!c` or `|1|salt|hash`. */
  readonly names: string;
  readonly keyType: string;
  /** Base64, as written. */
  readonly key: string;
}

/** Every line that can be understood; OpenSSH ignores the others as well. */
export function parseKnownHosts(path: string, text: string): readonly KnownHost[] {
  const found: KnownHost[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw.trim().split(/\s+/);
    if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) continue;
    const marked = words[0].startsWith('@') ? words.shift() : undefined;
    const [names, keyType, key] = words;
    if (names === undefined || keyType === undefined || key === undefined) continue;
    if (marked !== undefined && marked !== '@revoked' && marked !== '@cert-authority') continue;
    const marker = marked === '@revoked' ? 'revoked' : marked === undefined ? undefined : 'cert-authority';
    found.push({ path, line: index + 1, marker, names, keyType, key });
  }
  return found;
}

/** How known_hosts writes a host: the port only where it is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The lines about a host and port. Lines without a port speak for a host on another port where no line names that port. */
export function linesFor(known: readonly KnownHost[], host: string, port: number): readonly KnownHost[] {
  const exact = known.filter((one) => isAbout(one.names, knownHostName(host, port)));
  if (port === 22 || exact.some((one) => one.marker === undefined)) return exact;
  return [...exact, ...known.filter((one) => isAbout(one.names, host.toLowerCase()))];
}

function isAbout(names: string, name: string): boolean {
  if (names.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = names.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
  }
  let about = false;
  for (const pattern of names.split(',')) {
    const negated = pattern.startsWith('!');
    if (!matches(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    about = true;
  }
  return about;
}

/** `*` and `?` only: brackets are part of the name, as in `[host]:2222`. */
function matches(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern.toLowerCase() === name;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(name);
}

/** The name of a key's type, from the key itself. */
export function keyTypeOf(key: Buffer): string {
  return key.length < 4 ? '' : key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/** `SHA256:…`, as ssh-keygen prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** What known_hosts says of a key that a host shows. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly by: KnownHost }
  /** Other keys are known, of the same type first. */
  | { readonly kind: 'changed'; readonly known: readonly [KnownHost, ...KnownHost[]] }
  | { readonly kind: 'unknown' };

export function judgeHostKey(lines: readonly KnownHost[], key: Buffer): HostKeyVerdict {
  const text = key.toString('base64');
  const revoked = lines.find((one) => one.marker === 'revoked' && one.key === text);
  if (revoked !== undefined) return { kind: 'revoked', by: revoked };
  const plain = lines.filter((one) => one.marker === undefined);
  if (plain.some((one) => one.key === text)) return { kind: 'known' };
  const type = keyTypeOf(key);
  const [first, ...others] = plain.toSorted((a, b) => Number(b.keyType === type) - Number(a.keyType === type));
  return first === undefined ? { kind: 'unknown' } : { kind: 'changed', known: [first, ...others] };
}

/** The signature algorithms that go with a type of key. */
export function algorithmsFor(keyType: string): readonly string[] {
  return keyType === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [keyType];
}
