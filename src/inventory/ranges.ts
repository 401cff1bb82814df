import { err, ok, type Result } from '../core/result.ts';

/** More hosts than this from one line is a slip of the keyboard. */
const most = 100_000;

/**
 * Every name that a pattern such as `db[01:10:3]-[a:c]` stands for, in order; a text without brackets is itself. The
 * error is one sentence.
 */
export function expandRanges(text: string): Result<readonly string[], string> {
  let names: readonly string[] = [''];
  let rest = text;
  for (let open = rest.indexOf('['); open !== -1; open = rest.indexOf('[')) {
    const close = rest.indexOf(']', open);
    if (close === -1) return err(`"${text}" has a "[" without its "]"`);
    const parts = expandOne(rest.slice(open + 1, close));
    if (!parts.ok) return parts;
    if (names.length * parts.value.length > most) return err(`"${text}" stands for more than ${most} hosts`);
    const head = rest.slice(0, open);
    names = names.flatMap((name) => parts.value.map((part) => name + head + part));
    rest = rest.slice(close + 1);
  }
  return ok(names.map((name) => name + rest));
}

function expandOne(range: string): Result<readonly string[], string> {
  const [first, last, step = '1', ...more] = range.split(':');
  if (first === undefined || last === undefined || more.length > 0) {
    return err(`Expected a range as [begin:end] or [begin:end:step], found "[${range}]"`);
  }
  if (last === '') return err(`The range "[${range}]" has no end`);
  if (!/^[0-9]+$/.test(step) || Number(step) === 0)
    return err(`The step of the range "[${range}]" is not a number above 0`);
  if (/^[A-Za-z]$/.test(first) && /^[A-Za-z]$/.test(last)) return letterRange(first, last, Number(step), range);
  return numberRange(first === '' ? '0' : first, last, Number(step), range);
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');

function letterRange(first: string, last: string, step: number, range: string): Result<readonly string[], string> {
  const from = alphabet.indexOf(first);
  const to = alphabet.indexOf(last);
  if (from > to) return err(`The range "[${range}]" ends before it begins`);
  return ok(alphabet.slice(from, to + 1).filter((_, index) => index % step === 0));
}

/** Zeros in front keep their width. Ansible takes an end below the begin for no hosts at all; here it is an error. */
function numberRange(first: string, last: string, step: number, range: string): Result<readonly string[], string> {
  if (!/^[0-9]+$/.test(first) || !/^[0-9]+$/.test(last)) {
    return err(`Expected two numbers or two letters in the range "[${range}]"`);
  }
  const width = first.startsWith('0') && first.length > 1 ? first.length : 0;
  if (width > 0 && last.length !== width) {
    return err(`Both ends of the range "[${range}]" need the same number of digits`);
  }
  const from = Number(first);
  const to = Number(last);
  if (from > to) return err(`The range "[${range}]" ends before it begins`);
  if ((to - from) / step >= most) return err(`The range "[${range}]" stands for more than ${most} hosts`);
  const numbers: string[] = [];
  for (let number = from; number <= to; number += step) numbers.push(String(number).padStart(width, '0'));
  return ok(numbers);
}
