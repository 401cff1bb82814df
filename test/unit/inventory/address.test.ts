import { describe, expect, it } from 'vitest';
import { parseAddress, shortName } from '../../../src/inventory/address.ts';
import { expandRanges } from '../../../src/inventory/ranges.ts';

describe('the address of a host', () => {
  it.each([
    ['node1', { host: 'node1' }],
    ['node1.example.org:2222', { host: 'node1.example.org', port: 2222 }],
    ['192.0.2.7:22', { host: '192.0.2.7', port: 22 }],
    ['2001:db8::7', { host: '2001:db8::7' }],
    ['[2001:db8::7]:22', { host: '2001:db8::7', port: 22 }],
    ['::ffff:192.0.2.7', { host: '::ffff:192.0.2.7' }],
    ['n[01:20]:22', { host: 'n[01:20]', port: 22 }],
    ['192.0.2.[1:9]', { host: '192.0.2.[1:9]' }],
    ['müller', { host: 'müller' }],
    ['a:b', undefined],
    ['a', { host: 'a' }],
    ['_a-b.c_d', { host: '_a-b.c_d' }],
    ['a_', undefined],
    ['_', undefined],
    ['-a', undefined],
    ['a.b-', undefined],
    ['a.', undefined],
    ['a..b', undefined],
    ['a b', undefined],
    ['', undefined],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  it.each([
    ['node1.example.org', 'node1'],
    ['node1', 'node1'],
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
  ])('%s is %s for short', (host, short) => {
    expect(shortName(host)).toBe(short);
  });
});

describe('a range of hosts', () => {
  it('may stand anywhere, and several times', () => {
    expect(expandRanges('r[a:b]n[08:10]')).toEqual({
      ok: true,
      value: ['ran08', 'ran09', 'ran10', 'rbn08', 'rbn09', 'rbn10'],
    });
  });

  it.each([
    ['n[1:1000000]', 'The range "[1:1000000]" stands for more than 100000 hosts'],
    ['n[1:1000]-[1:1000]', '"n[1:1000]-[1:1000]" stands for more than 100000 hosts'],
    ['n[1:9:0]', 'The step of the range "[1:9:0]" is not a number above 0'],
    ['n[1:a]', 'Expected two numbers or two letters in the range "[1:a]"'],
    ['n[1]', 'Expected a range as [begin:end] or [begin:end:step], found "[1]"'],
  ])('%s is refused', (text, message) => {
    expect(expandRanges(text)).toEqual({ ok: false, error: message });
  });
});
