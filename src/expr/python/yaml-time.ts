import type { Val } from '../runtime/value.ts';

const form =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?$/;

/** A date stays text; a date with a time becomes a datetime, in UTC where it names an offset. */
export function timestamp(text: string): Val {
  const match = form.exec(text);
  if (match === null) return text;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, hours = '0', minutes = '0'] = match;
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const ms =
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) -
    offset * 60_000 +
    Math.floor(micros / 1000);
  return { kind: 'moment', ms, micros: micros % 1000 };
}
