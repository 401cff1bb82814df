import { createHash } from 'node:crypto';
import { fail } from '../runtime/failure.ts';

/** The UUID of a name within a namespace, by SHA-1. */
export function uuid5(namespace: string, name: string): string {
  const digits = namespace.replaceAll(/urn:|uuid:|[{}-]/g, '');
  if (!/^[\da-fA-F]{32}$/.test(digits)) return fail('value', `"${namespace}" is no UUID`);
  const bytes = createHash('sha1').update(Buffer.from(digits, 'hex')).update(name, 'utf8').digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
