import { createHash } from 'node:crypto';
import type { Content } from '../host/change.ts';
import type { HashName } from '../host/observation.ts';

/** Bytes, or text as UTF-8, as what a file shall hold. */
export function contentOf(data: string | Uint8Array): Content {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return { kind: 'bytes', bytes, sha256: hashOf('sha256', bytes) };
}

/** Lower-case hex. */
export function hashOf(name: HashName, data: string | Uint8Array): string {
  return createHash(name).update(data).digest('hex');
}

/** How many bytes it is. */
export function sizeOf(content: Content): number {
  return content.kind === 'bytes' ? content.bytes.length : content.size;
}
