import { defineFilter, type Filter } from '../define.ts';
import { localMoment, utcMoment, zoneAt } from '../python/clock.ts';
import { strftime } from '../python/strftime.ts';
import { strptime } from '../python/strptime.ts';
import { asFlag, asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { parseFloatText } from '../runtime/numbers.ts';
import { optional } from '../runtime/signature.ts';
import { isNumber, type Val } from '../runtime/value.ts';

export const timeFilters: readonly Filter[] = [
  defineFilter({
    name: 'strftime',
    summary: 'Writes a time, now unless seconds since 1970 are given, in the format that this is',
    params: [optional('second'), optional('utc', false)],
    run(value, [second, utc], rt) {
      const ms = secondsOf(second ?? null, rt.env.now());
      const format = asText(value, 'The format');
      return asFlag(utc)
        ? strftime(utcMoment(ms), format, { offset: 0, name: 'GMT' })
        : strftime(localMoment(ms), format, zoneAt(ms));
    },
  }),
  defineFilter({
    name: 'to_datetime',
    summary: 'Reads a text as a time, in a format',
    params: [optional('format', '%Y-%m-%d %H:%M:%S')],
    run: (value, [format]) => strptime(asText(value, 'The input of "to_datetime"'), asText(format, 'The format')),
  }),
];

/** Whole seconds, as `time.localtime` takes them. */
function secondsOf(given: Val, now: number): number {
  const value = known(given);
  if (value === null) return Math.floor(now / 1000) * 1000;
  const seconds = isNumber(value) ? Number(value) : typeof value === 'string' ? parseFloatText(value) : undefined;
  if (seconds === undefined) return fail('value', 'The seconds are no number');
  return Math.floor(seconds) * 1000;
}
