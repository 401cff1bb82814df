import { unreachable } from '../../core/result.ts';
import { compareText } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';

export type Scheme = 'loose' | 'strict' | 'semver' | 'semantic' | 'pep440';

/** The order of two versions, negative, zero or positive. */
export function compareVersions(a: string, b: string, scheme: Scheme): number {
  switch (scheme) {
    case 'loose':
      return compareLoose(loose(a), loose(b));
    case 'strict':
      return compareNumbers(strict(a), strict(b));
    case 'pep440':
      return compareKeys(pep440(a), pep440(b));
    case 'semver':
    case 'semantic':
      return compareSemantic(a, b);
    default:
      return unreachable(scheme);
  }
}

/** Runs of digits are numbers, everything else is text. */
function loose(text: string): readonly (number | string)[] {
  return text
    .split(/(\d+|[a-z]+|\.)/)
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function compareLoose(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left, right] = [a[at], b[at]];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
    return fail(
      'value',
      `The versions cannot be compared: "${left}" against "${right}"`,
      "Give version_type='semver' or 'pep440'",
    );
  }
  return a.length - b.length;
}

function strict(text: string): readonly number[] {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(text);
  if (match === null)
    return fail(
      'value',
      `"${text}" is no strict version`,
      'It has two or three numbers, and perhaps an a or b with a number',
    );
  const [, major, minor, patch = '0', letter, count = '0'] = match;
  const stage = letter === 'a' ? 0 : letter === 'b' ? 1 : 2;
  return [Number(major), Number(minor), Number(patch), stage, Number(count)];
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const semantic =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

function compareSemantic(a: string, b: string): number {
  const [left, right] = [a, b].map(
    (text) => semantic.exec(text) ?? fail('value', `"${text}" is no semantic version`, 'Write it as 1.2.3'),
  );
  if (left === undefined || right === undefined) return 0;
  const core = compareNumbers(left.slice(1, 4).map(Number), right.slice(1, 4).map(Number));
  if (core !== 0) return core;
  const [before, after] = [left[4], right[4]];
  if (before === undefined || after === undefined) return Number(before === undefined) - Number(after === undefined);
  return comparePrerelease(before.split('.'), after.split('.'));
}

/** Numbers come before words. */
function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left = '', right = ''] = [a[at], b[at]];
    if (left === right) continue;
    const numbers = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (numbers[0] && numbers[1]) return Number(left) - Number(right);
    return numbers[0] === numbers[1] ? compareText(left, right) : numbers[0] ? -1 : 1;
  }
  return a.length - b.length;
}

const python =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d+)?)?((?:[-_.]?dev[-_.]?(\d+)?)?)(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;
const postForm =
  /^v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)(?![a-z]))/i;

/** What PEP 440 sorts by: numbers, then what stands for a missing part. */
function pep440(text: string): readonly (number | string)[][] {
  const match = python.exec(text.trim());
  if (match === null) return fail('value', `"${text}" is no version after PEP 440`);
  const [, epoch = '0', release = '', letter, pre = '0', dashPost, post = '0', dev, devNumber = '0', local] = match;
  const numbers = release.split('.').map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  const isPost = postForm.test(text.trim());
  const isDev = dev !== undefined && dev !== '';
  const stages: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 };
  const stage =
    letter === undefined ? (isDev && !isPost ? [-1, 0] : [9, 0]) : [stages[letter.toLowerCase()] ?? 0, Number(pre)];
  return [
    [Number(epoch)],
    numbers,
    stage,
    [isPost ? Number(dashPost ?? post) : -1],
    [isDev ? Number(devNumber) : Infinity],
    (local ?? '')
      .toLowerCase()
      .split(/[-_.]/)
      .filter((part) => part !== '')
      .flatMap((part) => (/^\d+$/.test(part) ? [1, Number(part)] : [0, part])),
  ];
}

function compareKeys(
  a: readonly (readonly (number | string)[])[],
  b: readonly (readonly (number | string)[])[],
): number {
  for (const [at, left] of a.entries()) {
    const right = b[at] ?? [];
    const sign = at === 1 ? compareNumbers(left.map(Number), right.map(Number)) : compareLoose(left, right);
    if (sign !== 0) return sign;
  }
  return 0;
}
