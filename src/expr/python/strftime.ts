import { microsOf } from '../runtime/moment.ts';
import type { Moment } from '../runtime/value.ts';

export const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY = 86_400_000;

/** Where the fields of a moment were read: the offset of that clock from UTC, in minutes. */
export interface Zone {
  readonly offset: number;
  readonly name: string;
}

/** Python's `strftime` in the C locale; without a zone `%z` and `%Z` are empty, as for a naive datetime. */
export function strftime(moment: Moment, format: string, zone?: Zone): string {
  const date = new Date(moment.ms);
  return format.replaceAll(/%([-_0^]?)([\s\S])/g, (whole: string, flag: string, letter: string) => {
    const text = directive(letter, date, moment, zone);
    if (text === undefined) return whole;
    if (flag === '-') return text.replace(/^[0 ]+(?=.)/, '');
    if (flag === '_') return text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length));
    return flag === '^' ? text.toUpperCase() : text;
  });
}

function directive(letter: string, date: Date, moment: Moment, zone: Zone | undefined): string | undefined {
  const part = (format: string): string => strftime(moment, format, zone);
  switch (letter) {
    case 'a':
      return weekdays[date.getUTCDay()]?.slice(0, 3);
    case 'A':
      return weekdays[date.getUTCDay()];
    case 'b':
    case 'h':
      return months[date.getUTCMonth()]?.slice(0, 3);
    case 'B':
      return months[date.getUTCMonth()];
    case 'c':
      return part('%a %b %e %H:%M:%S %Y');
    case 'D':
    case 'x':
      return part('%m/%d/%y');
    case 'F':
      return part('%Y-%m-%d');
    case 'r':
      return part('%I:%M:%S %p');
    case 'R':
      return part('%H:%M');
    case 'T':
    case 'X':
      return part('%H:%M:%S');
    case 'p':
      return date.getUTCHours() < 12 ? 'AM' : 'PM';
    case 'f':
      return String(microsOf(moment)).padStart(6, '0');
    case 'z':
      return zone === undefined ? '' : offsetText(zone.offset);
    case 'Z':
      return zone?.name ?? '';
    case 's':
      return String(Math.floor((moment.ms - (zone?.offset ?? 0) * 60_000) / 1000));
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '%':
      return '%';
    default:
      return numeric(letter, date);
  }
}

function numeric(letter: string, date: Date): string | undefined {
  const two = (value: number): string => String(value).padStart(2, '0');
  const blank = (value: number): string => String(value).padStart(2, ' ');
  switch (letter) {
    case 'C':
      return two(Math.floor(date.getUTCFullYear() / 100));
    case 'd':
      return two(date.getUTCDate());
    case 'e':
      return blank(date.getUTCDate());
    case 'H':
      return two(date.getUTCHours());
    case 'I':
      return two(date.getUTCHours() % 12 || 12);
    case 'k':
      return blank(date.getUTCHours());
    case 'l':
      return blank(date.getUTCHours() % 12 || 12);
    case 'j':
      return String(dayOfYear(date) + 1).padStart(3, '0');
    case 'm':
      return two(date.getUTCMonth() + 1);
    case 'M':
      return two(date.getUTCMinutes());
    case 'S':
      return two(date.getUTCSeconds());
    case 'y':
      return two(date.getUTCFullYear() % 100);
    case 'Y':
      return String(date.getUTCFullYear());
    case 'u':
      return String(date.getUTCDay() || 7);
    case 'w':
      return String(date.getUTCDay());
    case 'U':
      return two(Math.floor((dayOfYear(date) + 7 - date.getUTCDay()) / 7));
    case 'W':
      return two(Math.floor((dayOfYear(date) + 7 - ((date.getUTCDay() + 6) % 7)) / 7));
    case 'G':
      return String(isoWeek(date).year);
    case 'g':
      return two(isoWeek(date).year % 100);
    case 'V':
      return two(isoWeek(date).week);
    default:
      return undefined;
  }
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY);
}

function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY);
  return { year: thursday.getUTCFullYear(), week: Math.floor(dayOfYear(thursday) / 7) + 1 };
}

function offsetText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return (minutes < 0 ? '-' : '+') + two(Math.floor(size / 60)) + two(size % 60);
}
