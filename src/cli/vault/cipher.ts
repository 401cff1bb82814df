import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../../core/result.ts';

/**
 * Ansible Vault, format 1.1 and 1.2: hexadecimal of salt, HMAC and ciphertext, each hexadecimal again; 80 bytes of
 * PBKDF2-SHA256 are the key of AES-256-CTR, the key of the HMAC and the counter.
 */

/** The id of what names none; a vault of format 1.1. */
export const defaultId = 'default';

const lineLength = 80;

export function openVault(text: string, password: string): Result<Buffer, 'not-a-vault' | 'wrong-password'> {
  const [header = '', ...body] = text.trim().split(/\s*\n\s*/);
  if (!/^\$ANSIBLE_VAULT;1\.[12];AES256(;.*)?$/.test(header)) return err('not-a-vault');
  const parts = hex(body.join(''))?.toString('latin1').split('\n').map(hex);
  const [salt, hmac, ciphertext] = parts ?? [];
  if (salt === undefined || hmac === undefined || ciphertext === undefined) return err('not-a-vault');
  const keys = keysOf(password, salt);
  const actual = signature(keys, ciphertext);
  if (actual.length !== hmac.length || !timingSafeEqual(actual, hmac)) return err('wrong-password');
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.counter);
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  // PKCS#7: the last byte says how many were added.
  return ok(padded.subarray(0, padded.length - (padded.at(-1) ?? 0)));
}

/** The id in the header of a vault; `default` where it has none. */
export function vaultIdOf(text: string): string {
  const [header = ''] = text.trimStart().split('\n', 1);
  const id = header.split(';')[3]?.trim() ?? '';
  return id === '' ? defaultId : id;
}

export interface Sealing {
  readonly password: string;
  readonly id: string;
  /** 32 random bytes. */
  readonly salt: Uint8Array;
}

/** The text of a vault, with a line break at its end. */
export function sealVault(content: Uint8Array, { password, id, salt }: Sealing): string {
  const keys = keysOf(password, salt);
  const added = 16 - (content.length % 16);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.counter);
  const ciphertext = Buffer.concat([cipher.update(content), cipher.update(Buffer.alloc(added, added)), cipher.final()]);
  const parts = [Buffer.from(salt), signature(keys, ciphertext), ciphertext];
  const body = Buffer.from(parts.map((part) => part.toString('hex')).join('\n')).toString('hex');
  const header = id === defaultId ? '$ANSIBLE_VAULT;1.1;AES256' : `$ANSIBLE_VAULT;1.2;AES256;${id}`;
  const lines = Array.from({ length: Math.ceil(body.length / lineLength) }, (_, index) =>
    body.slice(index * lineLength, (index + 1) * lineLength),
  );
  return `${[header, ...lines].join('\n')}\n`;
}

interface Keys {
  readonly cipher: Buffer;
  readonly hmac: Buffer;
  readonly counter: Buffer;
}

function keysOf(password: string, salt: Uint8Array): Keys {
  const bytes = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  return { cipher: bytes.subarray(0, 32), hmac: bytes.subarray(32, 64), counter: bytes.subarray(64) };
}

function signature({ hmac }: Keys, ciphertext: Buffer): Buffer {
  return createHmac('sha256', hmac).update(ciphertext).digest();
}

function hex(text: string): Buffer | undefined {
  return /^([0-9a-f]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}
