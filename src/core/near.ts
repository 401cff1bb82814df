/**
 * A name that is one slip of the pen away: a letter too many, too few, another one, or two that changed places. In words
 * shorter than `shortest` that proves nothing.
 */
export function oneSlipAway(word: string, candidates: Iterable<string>, shortest = 5): string | undefined {
  if (word.length < shortest) return undefined;
  for (const candidate of candidates) if (candidate !== word && isOneSlip(word, candidate)) return candidate;
  return undefined;
}

function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
