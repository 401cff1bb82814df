import { createHash, getHashes } from 'node:crypto';
import { defineFilter, type Filter } from '../define.ts';
import { passwordHash } from '../python/password-hash.ts';
import { uuid5 } from '../python/uuid.ts';
import { asCountOrNone, asFlag, asText, asTextOrNone } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { optional } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import type { Val } from '../runtime/value.ts';

export const encodeFilters: readonly Filter[] = [
  defineFilter({
    name: 'b64encode',
    summary: 'Writes a text as base64',
    params: [optional('encoding', 'utf-8'), optional('urlsafe', false)],
    run(value, [encoding, urlSafe]) {
      const bytes = Buffer.from(toText(value), encodingOf(encoding));
      const text = bytes.toString('base64');
      return asFlag(urlSafe) ? text.replaceAll('+', '-').replaceAll('/', '_') : text;
    },
  }),
  defineFilter({
    name: 'b64decode',
    summary: 'Reads base64 as a text',
    params: [optional('encoding', 'utf-8'), optional('urlsafe', false)],
    run(value, [encoding, urlSafe]) {
      const given = toText(value);
      const text = asFlag(urlSafe) ? given.replaceAll('-', '+').replaceAll('_', '/') : given;
      const digits = text.replaceAll(/[^A-Za-z0-9+/=]/g, '');
      if (digits.length % 4 !== 0 || !/^[^=]*={0,2}$/.test(digits))
        return fail('value', 'The text is not base64: its length or padding is wrong');
      return decoded(Buffer.from(digits, 'base64'), encodingOf(encoding));
    },
  }),
  defineFilter({
    name: 'hash',
    summary: 'Gives the hash of a text in hexadecimal, sha1 unless another is named',
    params: [optional('hashtype', 'sha1')],
    run: (value, [type]) => digest(toText(value), asText(type, 'The kind of hash')),
  }),
  defineFilter({ name: 'md5', summary: 'Gives the MD5 hash of a text', run: (value) => digest(toText(value), 'md5') }),
  defineFilter({
    name: 'sha1',
    summary: 'Gives the SHA-1 hash of a text',
    run: (value) => digest(toText(value), 'sha1'),
  }),
  defineFilter({
    name: 'checksum',
    summary: 'Gives the SHA-1 hash of a text',
    run: (value) => digest(toText(value), 'sha1'),
  }),
  defineFilter({
    name: 'to_uuid',
    summary: 'Makes a UUID of a text, the same one each time',
    params: [optional('namespace', '361E6D51-FAEC-444A-9079-341386DA8E2E')],
    run: (value, [namespace]) => uuid5(asText(namespace, 'The namespace'), toText(value)),
  }),
  defineFilter({
    name: 'password_hash',
    summary: 'Hashes a password for /etc/shadow; without a salt a random one each time',
    params: [
      optional('hashtype', 'sha512'),
      optional('salt'),
      optional('salt_size'),
      optional('rounds'),
      optional('ident'),
    ],
    run: (value, [type, salt, size, rounds], rt) =>
      passwordHash(asText(value, 'The password'), {
        type: asText(type, 'The kind of hash'),
        salt: asTextOrNone(salt, 'The salt'),
        saltSize: asCountOrNone(size, 'The size of the salt'),
        rounds: asCountOrNone(rounds, 'The number of rounds'),
        random: rt.env.random,
        spend: rt.spend,
      }),
  }),
];

function encodingOf(value: Val | undefined): BufferEncoding {
  const name = asText(value, 'The encoding').toLowerCase().replaceAll('_', '-');
  const encodings: readonly (readonly [string, BufferEncoding])[] = [
    ['utf-8', 'utf8'],
    ['utf8', 'utf8'],
    ['utf-16-le', 'utf16le'],
    ['utf-16le', 'utf16le'],
    ['latin-1', 'latin1'],
    ['latin1', 'latin1'],
    ['iso-8859-1', 'latin1'],
    ['ascii', 'latin1'],
    ['us-ascii', 'latin1'],
  ];
  const found = encodings.find(([one]) => one === name);
  return found?.[1] ?? fail('value', `Unknown encoding "${name}"`, 'Use utf-8, utf-16-le, latin-1 or ascii');
}

function decoded(bytes: Buffer, encoding: BufferEncoding): string {
  const text = bytes.toString(encoding);
  if (encoding === 'utf8' && !Buffer.from(text, 'utf8').equals(bytes))
    return fail('value', 'What the base64 stands for is no UTF-8 text');
  return text;
}

function digest(text: string, type: string): string {
  const name = type
    .toLowerCase()
    .replace(/^sha3_/, 'sha3-')
    .replace(/^blake2b$/, 'blake2b512')
    .replace(/^blake2s$/, 'blake2s256');
  if (!getHashes().includes(name) || name.startsWith('shake'))
    return fail('value', `Unknown kind of hash "${type}"`, 'Use sha256, sha512, sha1 or md5');
  return createHash(name).update(text, 'utf8').digest('hex');
}
