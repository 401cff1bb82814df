import { fail } from '../runtime/failure.ts';
import type { Moment } from '../runtime/value.ts';
import { months, weekdays } from './strftime.ts';

/** What each directive reads; the names of the groups are the letters. */
const parts: Readonly<Record<string, string>> = {
  Y: String.raw`(?<Y>\d{4})`,
  m: String.raw`(?<m>1[0-2]|0[1-9]|[1-9])`,
  d: String.raw`(?<d>3[01]|[12]\d|0[1-9]|[1-9]| [1-9])`,
  H: String.raw`(?<H>2[0-3]|[01]\d|\d)`,
  I: String.raw`(?<I>1[0-2]|0[1-9]|[1-9])`,
  M: String.raw`(?<M>[0-5]\d|\d)`,
  S: String.raw`(?<S>6[01]|[0-5]\d|\d)`,
  f: String.raw`(?<f>\d{1,6})`,
  y: String.raw`(?<y>\d{2})`,
  j: String.raw`(?<j>36[0-6]|3[0-5]\d|[12]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])`,
  p: '(?<p>AM|PM)',
  z: String.raw`(?<z>[+-]\d{2}:?[0-5]\d(?::?[0-5]\d)?|Z)`,
  Z: '(?<Z>UTC|GMT)',
  b: `(?<b>${months.map((month) => month.slice(0, 3)).join('|')})`,
  B: `(?<B>${months.join('|')})`,
  a: `(?:${weekdays.map((day) => day.slice(0, 3)).join('|')})`,
  A: `(?:${weekdays.join('|')})`,
  T: String.raw`(?<H>2[0-3]|[01]\d|\d):(?<M>[0-5]\d|\d):(?<S>6[01]|[0-5]\d|\d)`,
  '%': '%',
};

/** Python's `datetime.strptime`; an offset in the text is read and, as for a naive datetime, left out of account. */
export function strptime(text: string, format: string): Moment {
  let used = '';
  const source = format.replaceAll(/%([\s\S])|\s+|[\s\S]/g, (whole: string, letter: string | undefined) => {
    if (letter !== undefined) {
      const part = parts[letter] ?? fail('value', `Unknown directive "%${letter}" in the format "${format}"`);
      used += letter;
      return part;
    }
    return /^\s/.test(whole) ? String.raw`\s+` : whole.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  });
  const match = new RegExp(`^${source}$`, 'i').exec(text);
  if (match === null) return fail('value', `"${text}" does not have the form "${format}"`);
  return momentOf(match.groups ?? {}, text, used);
}

function momentOf(groups: Readonly<Record<string, string | undefined>>, text: string, used: string): Moment {
  const { Y, y, m, b, B, d, j, H, I, p, M, S, f } = groups;
  const year = Y !== undefined ? Number(Y) : y !== undefined ? Number(y) + (Number(y) < 69 ? 2000 : 1900) : 1900;
  const named =
    B === undefined
      ? months.findIndex((one) => one.slice(0, 3).toLowerCase() === b?.toLowerCase())
      : months.findIndex((one) => one.toLowerCase() === B.toLowerCase());
  const month = m !== undefined ? Number(m) - 1 : Math.max(0, named);
  const dayNumber = j !== undefined && d === undefined ? Number(j) : Number(d ?? 1);
  const hour = I === undefined ? Number(H ?? 0) : (Number(I) % 12) + (p?.toUpperCase() === 'PM' ? 12 : 0);
  const micros = Number((f ?? '0').padEnd(6, '0'));
  const yearDay = j !== undefined && d === undefined;
  const ms = Date.UTC(
    year,
    yearDay ? 0 : month,
    dayNumber,
    hour,
    Number(M ?? 0),
    Number(S ?? 0),
    Math.floor(micros / 1000),
  );
  if (!yearDay && used !== '' && new Date(ms).getUTCDate() !== dayNumber)
    return fail('value', `"${text}" names a day that its month does not have`);
  return { kind: 'moment', ms, micros: micros % 1000 };
}
