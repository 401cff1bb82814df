import { strftime } from '../python/strftime.ts';
import { asFloat, asText } from '../runtime/coerce.ts';
import { microsOf, momentText, spanParts } from '../runtime/moment.ts';
import { optional, required } from '../runtime/signature.ts';
import type { Moment, Span, Val } from '../runtime/value.ts';
import { type Methods, methods } from './method.ts';

/** What `datetime` can do in a template. */
export const momentMethods: Methods<Moment> = methods<Moment>({
  strftime: [[required('format')], (self, [format]) => strftime(self, asText(format, 'The format'))],
  isoformat: [[optional('sep', 'T')], (self, [sep]) => momentText(self, asText(sep, 'The separator'))],
  timestamp: [[], (self) => (localOffsetMs(self.ms) + self.ms + self.micros / 1000) / 1000],
  date: [[], (self) => ({ kind: 'moment', ms: Math.floor(self.ms / DAY) * DAY, micros: 0 })],
  weekday: [[], (self) => BigInt((new Date(self.ms).getUTCDay() + 6) % 7)],
  isoweekday: [[], (self) => BigInt(new Date(self.ms).getUTCDay() || 7)],
});
const DAY = 86_400_000;

/** What the clock on the wall lacks to UTC, for a time read off it. */
function localOffsetMs(wall: number): number {
  return new Date(wall).getTimezoneOffset() * 60_000;
}

export const spanMethods: Methods<Span> = methods<Span>({
  total_seconds: [[], (self) => asFloat(Number(self.micros) / 1e6, 'The time')],
});

/** The fields of a datetime. */
export function momentField(moment: Moment, name: string): Val | undefined {
  const date = new Date(moment.ms);
  switch (name) {
    case 'year':
      return BigInt(date.getUTCFullYear());
    case 'month':
      return BigInt(date.getUTCMonth() + 1);
    case 'day':
      return BigInt(date.getUTCDate());
    case 'hour':
      return BigInt(date.getUTCHours());
    case 'minute':
      return BigInt(date.getUTCMinutes());
    case 'second':
      return BigInt(date.getUTCSeconds());
    case 'microsecond':
      return BigInt(microsOf(moment));
    default:
      return undefined;
  }
}

/** The fields of a timedelta. */
export function spanField(span: Span, name: string): Val | undefined {
  const { days, seconds, micros } = spanParts(span);
  if (name === 'days') return BigInt(days);
  if (name === 'seconds') return BigInt(seconds);
  return name === 'microseconds' ? BigInt(micros) : undefined;
}
