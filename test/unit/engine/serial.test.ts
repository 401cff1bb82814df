import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../../src/engine/serial.ts';

const hosts = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const sizes = (count: number, serial: (bigint | string)[]): number[] => {
  const batches = batchesOf(hosts(count), serial);
  return batches.ok ? batches.value.map((batch) => batch.length) : [];
};

describe('serial', () => {
  it('has one batch of all hosts where it is not given', () => {
    expect(sizes(5, [])).toEqual([5]);
  });

  it('repeats the last size until all hosts had their turn', () => {
    expect(sizes(10, [1n, 3n])).toEqual([1, 3, 3, 3]);
  });

  it('floors a percentage of all hosts, and never takes none', () => {
    expect(sizes(10, ['25%'])).toEqual([2, 2, 2, 2, 2]);
    expect(sizes(3, ['10%'])).toEqual([1, 1, 1]);
  });

  it('takes a number written as text', () => {
    expect(sizes(3, ['2'])).toEqual([2, 1]);
  });

  it('takes all that are left for 0', () => {
    expect(sizes(4, [1n, 0n])).toEqual([1, 3]);
  });

  it('says what is wrong with anything else', () => {
    expect(batchesOf(hosts(2), ['half'])).toEqual({
      ok: false,
      error: 'Expected "serial" to be a number or a percentage, found "half"',
    });
  });
});
