import { describe, expect, it } from 'vitest';
import { closest, didYouMean } from '../../../src/core/suggest.ts';

const modules = ['copy', 'command', 'template', 'systemd', 'systemd_unit', 'file', 'fetch', 'apt'];

describe('closest', () => {
  it.each([
    ['templete', 'template'],
    ['tempalte', 'template'],
    ['Copy', 'copy'],
    ['systemd-unit', 'systemd_unit'],
    ['comand', 'command'],
    ['flie', 'file'],
    ['ap', undefined],
    ['apr', 'apt'],
    ['kubernetes', undefined],
    ['xyz', undefined],
    ['', undefined],
  ])('finds for %j: %j', (word, expected) => {
    expect(closest(word, modules)).toBe(expected);
  });

  it('takes the nearest, and the first of equals', () => {
    expect(closest('hosta', ['hostc', 'hostab', 'hosts'])).toBe('hostc');
    expect(closest('systemdunit', modules)).toBe('systemd_unit');
  });

  it('never gives the word itself', () => {
    expect(closest('file', ['file'])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it('asks a question, or nothing', () => {
    expect(didYouMean('templete', modules)).toBe('Did you mean "template"?');
    expect(didYouMean('nothing_like_it', modules)).toBeUndefined();
  });
});
