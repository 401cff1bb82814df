import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/core/events.ts';
import { createExitCode } from '../../../src/report/exit-code.ts';
import { hostResult, runEnd } from './events.ts';

function codeOf(events: readonly Event[], pending = false): number {
  const exitCode = createExitCode({ pending });
  for (const event of events) exitCode.emit(event);
  return exitCode.code();
}
const guard = (verdict: 'pass' | 'refuse'): Event => ({
  type: 'guard-verdict',
  at: 0,
  playId: 'p',
  guard: 'g',
  verdict,
  message: '',
});

describe('the exit code', () => {
  it.each<[string, readonly Event[], boolean, number]>([
    ['0 when all is well', [hostResult('t', 'h', { outcome: 'changed' }), runEnd({})], false, 0],
    ['what the run ended with', [runEnd({}, 2)], false, 2],
    ['4 for unreachable hosts', [runEnd({}, 4)], true, 4],
    ['3 when a guard refused', [guard('refuse'), runEnd({})], false, 3],
    ['2 when a guard refused and a host failed', [guard('refuse'), runEnd({}, 2)], false, 2],
    ['0 when guards passed', [guard('pass'), runEnd({})], false, 0],
    ['10 for changes that are due', [hostResult('t', 'h', { outcome: 'changed' }), runEnd({})], true, 10],
    ['10 for changes that cannot be known', [hostResult('t', 'h', { outcome: 'unknown' }), runEnd({})], true, 10],
    ['0 when nothing is due', [hostResult('t', 'h'), runEnd({})], true, 0],
    ['1 when the run never ended', [hostResult('t', 'h')], false, 1],
  ])('is %s', (_name, events, pending, expected) => {
    expect(codeOf(events, pending)).toBe(expected);
  });
});
