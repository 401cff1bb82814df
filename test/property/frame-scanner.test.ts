import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameScanner } from '../../src/transport/frame-scanner.ts';

const marker = 'abcabd01';

/** Output that looks as much like a marker as it can, and frames in between. */
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 20 }).map((data) => ({ kind: 'bytes' as const, data: Buffer.from(data) })),
  fc
    .constantFrom(
      'abc',
      'abcabd',
      marker,
      `${marker} `,
      `${marker} X\n`,
      `${marker} E 9 9\n`,
      `${marker}${marker}`,
      'abcabcabd01 E',
      '\n',
    )
    .map((text) => ({ kind: 'bytes' as const, data: Buffer.from(text) })),
  fc.integer({ min: 0, max: 8 }).map((id) => ({ kind: 'frame' as const, data: Buffer.from(`${marker} E ${id} 0\n`) })),
);

function scan(chunks: readonly Buffer[]) {
  const parts: { bytes: string; frame?: string }[] = [{ bytes: '' }];
  const feed = createFrameScanner(marker, {
    bytes: (data) => {
      const last = parts.at(-1);
      if (last !== undefined) last.bytes += data.toString('hex');
    },
    frame: (words) => {
      if (words[0] !== 'E' || Number(words[1]) > 8 || words.length !== 3) return false;
      parts.push({ frame: words.join(' '), bytes: '' });
      return true;
    },
  });
  for (const chunk of chunks) feed(chunk);
  // What could still become a frame is held back: a line that is none lets it go.
  feed(Buffer.from('\n'.padStart(5000, '.')));
  return parts;
}

describe('the scanner of frames', () => {
  it('finds the same frames and bytes whatever the chunks are', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
        (pieces, sizes) => {
          const all = Buffer.concat(pieces.map((one) => one.data));
          const chunks: Buffer[] = [];
          for (let at = 0, turn = 0; at < all.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            chunks.push(all.subarray(at, at + size));
            at += size;
          }
          expect(scan(chunks)).toEqual(scan([all]));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('loses no byte and no frame', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const parts = scan(pieces.map((one) => one.data));
        const back = parts
          .map(
            (part) =>
              (part.frame === undefined ? '' : Buffer.from(`${marker} ${part.frame}\n`).toString('hex')) + part.bytes,
          )
          .join('');
        const all = Buffer.concat([...pieces.map((one) => one.data), Buffer.from('\n'.padStart(5000, '.'))]);
        expect(back).toBe(all.toString('hex'));
      }),
      { numRuns: 2000 },
    );
  });
});
