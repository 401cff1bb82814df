import { defineTest, type Test } from '../define.ts';
import { oneOf } from '../filters/list.ts';
import { compile, find } from '../python/regex/match.ts';
import { asFlag, asText } from '../runtime/coerce.ts';
import { optional } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';

const base = [optional('pattern', ''), optional('ignorecase', false), optional('multiline', false)];

export const regexTests: readonly Test[] = [
  matching('match', 'Whether a pattern matches at the beginning', 'match'),
  matching('search', 'Whether a pattern matches somewhere', 'search'),
  defineTest({
    name: 'regex',
    summary: 'Whether a pattern matches, somewhere unless match_type says otherwise',
    params: [...base, optional('match_type', 'search')],
    run(value, [pattern, ignoreCase, multiline, type], rt) {
      const program = compile(asText(pattern, 'The pattern'), {
        ignoreCase: asFlag(ignoreCase),
        multiline: asFlag(multiline),
      });
      const mode = oneOf(type, ['search', 'match', 'fullmatch'], 'The argument "match_type"');
      return find(program, toText(value), mode === 'fullmatch' ? 'full' : mode, rt) !== undefined;
    },
  }),
];

function matching(name: string, summary: string, mode: 'match' | 'search'): Test {
  return defineTest({
    name,
    summary,
    params: base,
    run(value, [pattern, ignoreCase, multiline], rt) {
      const program = compile(asText(pattern, 'The pattern'), {
        ignoreCase: asFlag(ignoreCase),
        multiline: asFlag(multiline),
      });
      return find(program, toText(value), mode, rt) !== undefined;
    },
  });
}
