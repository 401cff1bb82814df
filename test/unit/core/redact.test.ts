import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/core/redact.ts';

function redactorOf(...secrets: readonly string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.register(secret);
  return redactor;
}

describe('the redactor', () => {
  it('replaces every occurrence, the longest secret first', () => {
    const { text } = redactorOf('hunter2', 'hunter2-and-more');
    expect(text('a hunter2 b hunter2-and-more c')).toBe('a ******** b ******** c');
  });

  it('leaves nothing of secrets that overlap', () => {
    expect(redactorOf('abcdef', 'defghi').text('x abcdefghi y')).toBe('x ******** y');
  });

  it('changes nothing before a secret is known', () => {
    expect(createRedactor().text('plain')).toBe('plain');
    expect(createRedactor().json({ a: ['b', 1, null] })).toEqual({ a: ['b', 1, null] });
  });

  it('finds a secret in base64, alone and inside other bytes', () => {
    const secret = 'S3cr3t/Pass+word?~';
    const { text } = redactorOf(secret);
    expect(text(Buffer.from(secret).toString('base64'))).toBe('********');
    expect(text(Buffer.from(secret).toString('base64url'))).not.toMatch(/[A-Za-z0-9]{5}/);
    for (const user of ['', 'a', 'ab', 'abc']) {
      const encoded = Buffer.from(`${user}:${secret}\n`).toString('base64');
      expect(text(`Basic ${encoded}`)).toContain('********');
      expect(text(`Basic ${encoded}`)).not.toContain(encoded.slice(8, 24));
    }
  });

  it.each([
    ['JSON', (secret: string) => JSON.stringify({ password: secret })],
    ['single quotes', (secret: string) => `echo '${secret.replaceAll("'", `'\\''`)}'`],
    ['single quotes of shlex', (secret: string) => `echo '${secret.replaceAll("'", `'"'"'`)}'`],
    ['double quotes', (secret: string) => `echo "${secret.replaceAll(/[\\"$`]/g, '\\$&')}"`],
    ['a URL', (secret: string) => `https://x/?p=${encodeURIComponent(secret)}`],
    ['a text with CRLF', (secret: string) => secret.replaceAll('\n', '\r\n')],
  ])('finds a secret in %s', (_name, write) => {
    const secret = 'p"a$s\'w`o\\rd &!\nzweite Zeile ü';
    const shown = redactorOf(secret).text(write(secret));
    expect(shown).toContain('********');
    expect(shown).not.toMatch(/p"a|s'w|zweite|rd &/);
  });

  it('finds the lines of a text of several lines, with their last line break or without', () => {
    const key = '-----BEGIN KEY-----\n  MIIEvQIBADANBgkq\n}\n-----END KEY-----\n';
    const { text } = redactorOf(key);
    expect(text(key)).toBe('********');
    expect(text(key.trim())).toBe('********');
    expect(text('line 2 is MIIEvQIBADANBgkq, and } stays')).toBe('line 2 is ********, and } stays');
  });

  it('replaces a very short secret only where it stands alone', () => {
    const { text } = redactorOf('xyz', '7', '');
    expect(text('xyz, "xyz", a=xyz')).toBe('********, "********", a=********');
    expect(text('xyzzy 7 axyz')).toBe('xyzzy 7 axyz');
  });

  it('walks through JSON: strings, keys and numbers', () => {
    const { json } = redactorOf('hunter2', '123456');
    expect(json({ 'is hunter2': ['hunter2!', { pin: 123456, other: 12 }], ok: true, none: null })).toEqual({
      'is ********': ['********!', { pin: '********', other: 12 }],
      ok: true,
      none: null,
    });
  });

  it('keeps back the end of a chunk that may be the beginning of a secret', () => {
    const stream = redactorOf('hunter2').stream();
    const shown = [stream.push(`${'.'.repeat(60)}hun`), stream.push('ter2'), stream.push(' done'), stream.end()];
    expect(shown.join('')).toBe(`${'.'.repeat(60)}******** done`);
  });

  it('knows in a stream whether a short secret stands alone', () => {
    const stream = redactorOf('xyz').stream();
    const text = 'xyz axyz xyza xyz';
    const shown = Array.from(text, (char) => stream.push(char)).join('') + stream.end();
    expect(shown).toBe('******** axyz xyza ********');
  });
});
