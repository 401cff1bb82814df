import type { GlobQuery } from '../observation.ts';
import { patternWord } from '../pattern.ts';
import { textOf } from '../quote.ts';
import type { Part } from './part.ts';
import { asking, together } from './part.ts';
import { latin1, reader } from './reader.ts';

/** All patterns in the shell itself: no process at all. Each list ends with an empty name. */
export function observeGlobs(queries: readonly GlobQuery[]): readonly Part[] {
  if (queries.length === 0) return [];
  const script = queries.map(
    ({ pattern }) =>
      `for m in ${patternWord(pattern)}; do if [ -e "$m" ] || [ -L "$m" ]; then printf '%s\\0' "$m"; fi; done; printf '\\0'`,
  );
  return [
    together(queries, asking(script.join('\n')), (done) => {
      const input = reader(done.stdout);
      return queries.map((observation) => {
        const matches: string[] = [];
        for (let name = input.until('\0'); name !== ''; name = input.until('\0')) matches.push(textOf(latin1(name)));
        return { observation, fact: { matches } };
      });
    }),
  ];
}
