import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf, printfBytes, quote, textOf } from '../../src/host/quote.ts';
import { shellRig } from '../rig/shells.ts';

const rig = shellRig();
afterAll(() => rig.dispose());

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', '!', ' ', '\t', '-', '~', '*', '%', '\r', '\u0081', 'a'),
  }),
  fc.uint8Array({ maxLength: 40 }).map(textOf),
);
const withoutNul = text.map((one) => one.replaceAll('\0', ''));
const lone = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/gu;

describe.each(rig.shells)('words and bytes through $name', (shell) => {
  it('come back as they were, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(withoutNul, { minLength: 1, maxLength: 12 }), async (words) => {
        const sane = words.map((word) =>
          textOf(bytesOf(word.replace(lone, (one) => (/[\uDC80-\uDCFF]/u.test(one) ? one : '?')))),
        );
        const [result] = await shell.run([{ script: `printf '%s\\0' ${sane.map(quote).join(' ')}`, fatal: true }]);
        const output = result?.status === 'done' ? Buffer.from(result.stdout).toString('latin1') : '';
        expect(
          output
            .split('\0')
            .slice(0, -1)
            .map((one) => textOf(Buffer.from(one, 'latin1'))),
        ).toEqual(sane);
      }),
      { numRuns: 60 },
    );
  });

  it('are printed byte by byte', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ minLength: 2000, maxLength: 9000 }),
      text.map((one) => bytesOf(one)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (wanted) => {
        const [result] = await shell.run([{ script: printfBytes(wanted), fatal: true }]);
        expect(result?.status === 'done' && Buffer.from(result.stdout).equals(Buffer.from(wanted))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('are printed without base64 and openssl too', async () => {
    const wanted = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7) % 256);
    const awkOnly = `command() { case $2 in base64|openssl) return 1;; esac; }\n${printfBytes(wanted)}`;
    const [result] = await shell.run([{ script: awkOnly, fatal: true }]);
    expect(result?.status === 'done' && Buffer.from(result.stdout).equals(Buffer.from(wanted))).toBe(true);
  });
});

describe('names that are no UTF-8', () => {
  it('keep their bytes as text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        expect(Buffer.from(bytesOf(textOf(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });
});
