import { known } from '../runtime/force.ts';
import { repr } from '../runtime/text.ts';
import type { Val } from '../runtime/value.ts';

const WIDTH = 80;

/** Python's `pprint.pformat` as ansible-core has it: lists and dicts on one line, a long text in pieces. */
export function prettyPrint(given: Val): string {
  const value = known(given);
  const flat = repr(value);
  if (typeof value !== 'string' || flat.length <= WIDTH) return flat;
  const pieces = piecesOf(value);
  return pieces.length === 1 ? (pieces[0] ?? flat) : `(${pieces.join('\n ')})`;
}

/** Broken behind line breaks, and at blanks where a line is still too long. */
function piecesOf(text: string): string[] {
  const room = WIDTH - 2;
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return lines.flatMap((line) => {
    if (repr(line).length <= room) return [repr(line)];
    const pieces: string[] = [];
    let current = '';
    for (const word of line.match(/\S*\s*/g)?.filter((part) => part !== '') ?? []) {
      if (current !== '' && repr(current + word).length > room) {
        pieces.push(repr(current));
        current = word;
      } else current += word;
    }
    return current === '' ? pieces : [...pieces, repr(current)];
  });
}
