import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  algorithmsFor,
  judgeHostKey,
  keyTypeOf,
  knownHostName,
  linesFor,
  parseKnownHosts,
} from '../../../src/transport/known-hosts.ts';

/** A key blob of a type: the name, and some bytes. */
function key(type: string, seed: string): Buffer {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from(seed)]);
}
const a = key('ssh-ed25519', 'a');
const b = key('ssh-ed25519', 'b');
const rsa = key('ssh-rsa', 'r');
const text = (blob: Buffer): string => `${keyTypeOf(blob)} ${blob.toString('base64')}`;
const hashed = (name: string): string => {
  const salt = Buffer.from('01234567890123456789');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};
const found = (lines: readonly string[], host: string, port = 22): readonly number[] =>
  linesFor(parseKnownHosts('known_hosts', lines.join('\n')), host, port).map((one) => one.line);

describe('known_hosts', () => {
  it('ignores comments, empty lines, unknown markers and lines that are too short', () => {
    expect(found(['# h', '', 'h', 'h ssh-rsa', '@other h ssh-rsa AAAA', `  h ${text(a)} a comment`], 'h')).toEqual([6]);
  });

  it('finds names in lists, in any case, with * and ?, without what is negated', () => {
    const lines = [`a,web1,b ${text(a)}`, `WEB? ${text(a)}`, `web*,!web1 ${text(a)}`, `*.example.org ${text(a)}`];
    expect(found(lines, 'web1')).toEqual([1, 2]);
    expect(found(lines, 'Web2')).toEqual([2, 3]);
    expect(found(lines, 'x.example.org')).toEqual([4]);
    expect(found(lines, 'example.org')).toEqual([]);
  });

  it('knows a port apart from 22 in brackets, and falls back to the bare name', () => {
    const lines = [`web1 ${text(a)}`, `[web1]:2222 ${text(b)}`];
    expect(found(lines, 'web1', 2222)).toEqual([2]);
    expect(found(lines, 'web1')).toEqual([1]);
    expect(found(lines, 'web1', 2200)).toEqual([1]);
    expect(knownHostName('FE80::1', 2222)).toBe('[fe80::1]:2222');
  });

  it('finds hashed names', () => {
    const lines = [`${hashed('web1')} ${text(a)}`, `${hashed('[web1]:2222')} ${text(a)}`];
    expect(found(lines, 'web1')).toEqual([1]);
    expect(found(lines, 'web1', 2222)).toEqual([2]);
    expect(found(lines, 'web2')).toEqual([]);
  });

  it('judges a key', () => {
    const judge = (lines: readonly string[], blob: Buffer) =>
      judgeHostKey(parseKnownHosts('k', lines.join('\n')), blob);
    expect(judge([`h ${text(b)}`, `h ${text(a)}`], a)).toEqual({ kind: 'known' });
    expect(judge([], a)).toEqual({ kind: 'unknown' });
    expect(judge([`@cert-authority h ${text(a)}`], a)).toEqual({ kind: 'unknown' });
    expect(judge([`h ${text(a)}`, `@revoked * ${text(a)}`], a)).toMatchObject({ kind: 'revoked', by: { line: 2 } });
    expect(judge([`h ${text(rsa)}`, `h ${text(b)}`], a)).toMatchObject({
      kind: 'changed',
      known: [{ line: 2 }, { line: 1 }],
    });
  });

  it('offers an RSA key by its newer signatures', () => {
    expect(algorithmsFor('ssh-rsa')).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa']);
    expect(algorithmsFor('ssh-ed25519')).toEqual(['ssh-ed25519']);
  });
});
