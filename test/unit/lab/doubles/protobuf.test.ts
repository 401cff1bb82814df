import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../../../src/lab/doubles/protobuf.ts';

describe('protocol buffers', () => {
  it('come back as they were sent', () => {
    const texts = fc.array(fc.string({ minLength: 1 }));
    const map = fc.dictionary(fc.string({ minLength: 1 }), fc.string());
    fc.assert(
      fc.property(
        fc.string(),
        texts,
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.boolean(),
        map,
        (text, list, long, flag, entries) => {
          const message = unpack(
            Buffer.concat([
              pack.text(1, text),
              pack.texts(2, list),
              pack.integer(3, long),
              pack.flag(4, flag),
              pack.map(5, entries),
              pack.message(6, pack.text(1, text)),
              pack.integer(300, 7),
            ]),
          );
          expect(message.text(1)).toBe(text);
          expect(message.texts(2)).toEqual(list);
          expect(message.long(3)).toBe(long);
          expect(message.flag(4)).toBe(flag);
          expect({ ...message.map(5) }).toEqual({ ...entries });
          expect(message.message(6).text(1)).toBe(text);
          expect(message.integer(300)).toBe(7);
        },
      ),
    );
  });

  it('have defaults for what was not sent, and no opinion on fields that nobody asks for', () => {
    const message = unpack(Buffer.concat([pack.text(9, 'x')]));
    expect([message.text(1), message.integer(2), message.flag(3), message.texts(4), message.has(5)]).toEqual([
      '',
      0,
      false,
      [],
      false,
    ]);
  });

  it('do not end inside a number', () => {
    expect(() => unpack(Buffer.from([0x08, 0x80]))).toThrow('ends inside a number');
  });
});
