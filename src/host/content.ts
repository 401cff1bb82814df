import { createHash } from 'node:crypto';
import type { Content } from './change.ts';

/** Bytes, or a text as UTF-8, as inline content. */
export function contentOf(content: string | Uint8Array): Content {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return { kind: 'bytes', bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
