import { hash } from 'node:crypto';
import { fail } from '../runtime/failure.ts';

interface PasswordOptions {
  readonly type: string;
  readonly salt: string | undefined;
  readonly saltSize: number | undefined;
  readonly rounds: number | undefined;
  readonly random: () => number;
  readonly spend: (steps: number) => void;
}

interface Scheme {
  readonly id: string;
  readonly digest: 'sha256' | 'sha512';
  readonly rounds: number;
  /** Bytes of the digest in the order in which they are written, three at a time. */
  readonly order: readonly (readonly [number, number, number])[];
  readonly tail: readonly number[];
}

const sha256: Scheme = {
  id: '5',
  digest: 'sha256',
  rounds: 535_000,
  order: [
    [0, 10, 20],
    [21, 1, 11],
    [12, 22, 2],
    [3, 13, 23],
    [24, 4, 14],
    [15, 25, 5],
    [6, 16, 26],
    [27, 7, 17],
    [18, 28, 8],
    [9, 19, 29],
  ],
  tail: [31, 30],
};
const sha512: Scheme = {
  id: '6',
  digest: 'sha512',
  rounds: 656_000,
  order: Array.from({ length: 21 }, (_, at) => {
    const turn = [at, at + 21, at + 42];
    const from = at % 3;
    return [turn[from] ?? 0, turn[(from + 1) % 3] ?? 0, turn[(from + 2) % 3] ?? 0] as const;
  }),
  tail: [63],
};

const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['sha256', sha256],
  ['sha256_crypt', sha256],
  ['sha512', sha512],
  ['sha512_crypt', sha512],
]);
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** SHA-crypt as glibc and passlib have it, with ansible-core's numbers of rounds. */
export function passwordHash(password: string, options: PasswordOptions): string {
  const scheme = schemes.get(options.type);
  if (scheme === undefined)
    return fail(
      'value',
      `The kind of hash "${options.type}" is not offered`,
      'Use sha512 or sha256; md5 and blowfish are not for new passwords',
    );
  const { rounds = scheme.rounds } = options;
  if (rounds < 1000 || rounds > 999_999_999)
    return fail('value', 'The number of rounds must be from 1,000 to 999,999,999');
  const salt = options.salt ?? randomSalt(options.saltSize ?? 16, options.random);
  if (!/^[./0-9A-Za-z]{0,16}$/.test(salt)) return fail('value', 'A salt has at most 16 of the characters ./0-9A-Za-z');
  options.spend(Math.ceil(rounds / 100));
  const hashed = crypt(Buffer.from(password, 'utf8'), Buffer.from(salt, 'ascii'), rounds, scheme);
  return `$${scheme.id}$${rounds === 5000 ? '' : `rounds=${rounds}$`}${salt}$${encoded(hashed, scheme)}`;
}

function randomSalt(size: number, random: () => number): string {
  return Array.from({ length: size }, () => alphabet[Math.floor(random() * 64)] ?? '.').join('');
}

/** The steps of the SHA-crypt specification. */
function crypt(password: Buffer, salt: Buffer, rounds: number, { digest }: Scheme): Buffer {
  const sum = (...parts: readonly Buffer[]): Buffer => hash(digest, Buffer.concat(parts), 'buffer');
  const alternate = sum(password, salt, password);
  const parts = [password, salt, repeated(alternate, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : password);
  let result = sum(...parts);
  const p = repeated(sum(...Array.from({ length: password.length }, () => password)), password.length);
  const s = repeated(sum(...Array.from({ length: 16 + (result[0] ?? 0) }, () => salt)), salt.length);
  const room = Buffer.alloc(2 * p.length + s.length + result.length);
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1;
    let end = (odd ? p : result).copy(room);
    if (round % 3 !== 0) end += s.copy(room, end);
    if (round % 7 !== 0) end += p.copy(room, end);
    end += (odd ? result : p).copy(room, end);
    result = hash(digest, room.subarray(0, end), 'buffer');
  }
  return result;
}

function repeated(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes);
}

function encoded(bytes: Buffer, { order, tail }: Scheme): string {
  const at = (index: number): number => bytes[index] ?? 0;
  const groups = order.map(([a, b, c]) => base64(at(a) | (at(b) << 8) | (at(c) << 16), 4, true));
  const last =
    tail.length === 1
      ? base64(at(tail[0] ?? 0), 2, false)
      : base64((at(tail[0] ?? 0) << 8) | at(tail[1] ?? 0), 3, false);
  return groups.join('') + last;
}

/** Six bits a character, the lowest first; groups of three bytes come with the first byte highest. */
function base64(value: number, length: number, reversed: boolean): string {
  let rest = reversed ? ((value & 0xff) << 16) | (value & 0xff00) | ((value >> 16) & 0xff) : value;
  let text = '';
  for (let at = 0; at < length; at++) {
    text += alphabet[rest & 63] ?? '';
    rest >>>= 6;
  }
  return text;
}
