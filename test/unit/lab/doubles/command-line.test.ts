import { describe, expect, it } from 'vitest';
import { FlagError, isOn, listOption, option, parseFlags } from '../../../../src/lab/doubles/flags.ts';
import { goDuration, parseDuration } from '../../../../src/lab/doubles/go-time.ts';
import { age } from '../../../../src/lab/doubles/kubectl-tables.ts';
import { drawTable, humanDuration, humanSize, nanoTime } from '../../../../src/lab/doubles/table.ts';

const table = { values: ['output', 'name'], switches: ['all', 'quiet'], short: { o: 'output', a: 'all', q: 'quiet' } };

describe("the doubles' command lines", () => {
  it('take values behind a space, an equals sign and a letter', () => {
    const parsed = parseFlags(['-aq', '-o', 'json', '--name=^x$', 'rest', '--', '-q'], table);
    expect([option(parsed, 'output'), option(parsed, 'name'), isOn(parsed, 'all'), isOn(parsed, 'quiet')]).toEqual([
      'json',
      '^x$',
      true,
      true,
    ]);
    expect(parsed.rest).toEqual(['rest', '-q']);
  });

  it('end at the first word where the real one does', () => {
    expect(parseFlags(['-q', 'ID', 'haproxy', '-c'], { ...table, stopAtFirst: true }).rest).toEqual([
      'ID',
      'haproxy',
      '-c',
    ]);
  });

  it('gather what is repeated or has commas', () => {
    expect(listOption(parseFlags(['--name', 'a,b', '--name', 'c'], table), 'name')).toEqual(['a', 'b', 'c']);
  });

  it('refuse what they do not know', () => {
    expect(() => parseFlags(['--nosuch'], table)).toThrow(new FlagError('unknown flag: --nosuch'));
    expect(() => parseFlags(['--output'], table)).toThrow('flag needs an argument: --output');
  });
});

describe("the doubles' times and tables", () => {
  it('draw columns at least so wide, with a gap, the last one ragged', () => {
    expect(
      drawTable(
        [
          ['A', 'B'],
          ['longer-than-eight', 'x'],
        ],
        8,
        3,
      ),
    ).toBe('A                   B\nlonger-than-eight   x\n');
  });

  it('say durations as Docker, as Go and as Kubernetes say them', () => {
    expect([500, 4000, 61_000, 120_000, 3_600_000, 200_000_000].map(humanDuration)).toEqual([
      'Less than a second',
      '4 seconds',
      'About a minute',
      '2 minutes',
      'About an hour',
      '2 days',
    ]);
    expect([40_000, 240_000, 3_660_000].map(goDuration)).toEqual(['40s', '4m0s', '1h1m0s']);
    expect(['30s', '4m0s', '1h', '1.5s', 'soon'].map(parseDuration)).toEqual([
      30_000,
      240_000,
      3_600_000,
      1500,
      undefined,
    ]);
    const ago = (seconds: number): string => age(new Date(Date.now() - seconds * 1000).toISOString());
    expect([33, 119, 313, 2400, 3 * 86_400].map(ago)).toEqual(['33s', '119s', '5m13s', '40m', '3d']);
  });

  it('say sizes and moments as observed', () => {
    expect([29_182_670, 307_000, 12].map(humanSize)).toEqual(['29.2MB', '307kB', '12B']);
    expect(nanoTime(1795309289903593856n)).toBe('2026-11-22T01:01:29.903593856Z');
    expect(nanoTime(0n)).toBe('0001-01-01T00:00:00Z');
  });
});
