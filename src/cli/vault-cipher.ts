import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../core/result.ts';

/**
 * Opens a text of Ansible Vault, format 1.1 and 1.2: hexadecimal of salt, HMAC and ciphertext, each hexadecimal again;
 * 80 bytes of PBKDF2-SHA256 are the key of AES-256-CTR, the key of the HMAC and the counter.
 */
export function openVault(text: string, password: string): Result<string, 'not-a-vault' | 'wrong-password'> {
  const [header = '', ...body] = text.trim().split(/\s*\n\s*/);
  if (!/^\$ANSIBLE_VAULT;1\.[12];AES256(;.*)?$/.test(header)) return err('not-a-vault');
  const parts = hex(body.join(''))?.toString('latin1').split('\n').map(hex);
  const [salt, hmac, ciphertext] = parts ?? [];
  if (salt === undefined || hmac === undefined || ciphertext === undefined) return err('not-a-vault');
  const keys = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  const actual = createHmac('sha256', keys.subarray(32, 64)).update(ciphertext).digest();
  if (actual.length !== hmac.length || !timingSafeEqual(actual, hmac)) return err('wrong-password');
  const decipher = createDecipheriv('aes-256-ctr', keys.subarray(0, 32), keys.subarray(64));
  const padded = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  // PKCS#7: the last byte says how many were added.
  return ok(padded.subarray(0, padded.length - (padded.at(-1) ?? 0)).toString('utf8'));
}

function hex(text: string): Buffer | undefined {
  return /^([0-9a-f]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}
