import type { Moment, Span } from './value.ts';

/** `str()` of a datetime: `2024-05-06 07:08:09`, with microseconds where there are any. */
export function momentText(moment: Moment, separator = ' '): string {
  const iso = new Date(moment.ms).toISOString();
  const micros = microsOf(moment);
  const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`;
  return iso.slice(0, 10).replace(/^[+]0*(?=\d{4})/, '') + separator + iso.slice(11, 19) + fraction;
}

/** Microseconds within the second. */
export function microsOf(moment: Moment): number {
  return (((moment.ms % 1000) + 1000) % 1000) * 1000 + moment.micros;
}

/** `str()` of a timedelta: `1 day, 2:03:04.000005`. */
export function spanText(span: Span): string {
  const { days, seconds, micros } = spanParts(span);
  const two = (count: number): string => String(count).padStart(2, '0');
  const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`;
  const whole = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
  return whole + clock + fraction;
}

const DAY = 86_400_000_000n;

/** Days of any sign, seconds and microseconds never negative, as Python keeps them. */
export function spanParts(span: Span): { readonly days: number; readonly seconds: number; readonly micros: number } {
  const rest = ((span.micros % DAY) + DAY) % DAY;
  return {
    days: Number((span.micros - rest) / DAY),
    seconds: Number(rest / 1_000_000n),
    micros: Number(rest % 1_000_000n),
  };
}
