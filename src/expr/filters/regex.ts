import { defineFilter } from '../define.ts';
import { compile, find, findAll, type Match } from '../python/regex/match.ts';
import { partsOf, substitute } from '../python/regex/replace.ts';
import { asCount, asFlag, asText } from '../runtime/coerce.ts';
import { fail } from '../runtime/failure.ts';
import { keywords, optional, required, rest } from '../runtime/signature.ts';
import { toText } from '../runtime/text.ts';
import { isDict, isList, type Params, tuple, type Val } from '../runtime/value.ts';

const flagParams: Params = [optional('multiline', false), optional('ignorecase', false)];

export const regexFilters = [
  defineFilter({
    name: 'regex_replace',
    summary: 'Replaces what matches a pattern; \\1 and \\g<name> stand for groups',
    params: [
      optional('pattern', ''),
      optional('replacement', ''),
      optional('ignorecase', false),
      optional('multiline', false),
      optional('count', 0n),
      optional('mandatory_count', 0n),
    ],
    run(value, [pattern, replacement, ignoreCase, multiline, count, mandatory], rt) {
      const program = compile(asText(pattern, 'The pattern'), {
        ignoreCase: asFlag(ignoreCase),
        multiline: asFlag(multiline),
      });
      const { text, times } = substitute(
        program,
        asText(replacement, 'The replacement'),
        toText(value),
        asCount(count, 'The count'),
        rt,
      );
      const wanted = asCount(mandatory, 'The mandatory count');
      return wanted !== 0 && wanted !== times
        ? fail('value', `The pattern should match ${wanted} times, but matches ${times} times`)
        : text;
    },
  }),
  defineFilter({
    name: 'regex_search',
    summary: 'Gives the first match of a pattern, or the groups that are asked for, or none',
    params: [required('regex'), rest('groups'), keywords('options')],
    run(value, [pattern, groups, options], rt) {
      const named = isDict(options) ? options : new Map<Val, Val>();
      for (const name of named.keys())
        if (name !== 'ignorecase' && name !== 'multiline')
          fail(
            'type',
            `The filter "regex_search" has no argument "${toText(name)}"`,
            'Its named arguments are ignorecase and multiline',
          );
      const program = compile(asText(pattern, 'The pattern'), {
        ignoreCase: asFlag(named.get('ignorecase') ?? false),
        multiline: asFlag(named.get('multiline') ?? false),
      });
      const match = find(program, toText(value), 'search', rt);
      if (match === undefined) return null;
      const wanted = isList(groups) ? groups : [];
      return wanted.length === 0
        ? (match.group(0) ?? null)
        : wanted.map((group) => groupOf(match, asText(group, 'Each group')));
    },
  }),
  defineFilter({
    name: 'regex_findall',
    summary: 'Gives every match of a pattern, or its groups where it has some',
    params: [required('regex'), ...flagParams],
    run(value, [pattern, multiline, ignoreCase], rt) {
      const program = compile(asText(pattern, 'The pattern'), {
        ignoreCase: asFlag(ignoreCase),
        multiline: asFlag(multiline),
      });
      return [...findAll(program, toText(value), rt)].map((match): Val => {
        const parts = partsOf(match);
        return parts.length === 1 ? (parts[0] ?? '') : tuple(parts);
      });
    },
  }),
  defineFilter({
    name: 'regex_escape',
    summary: 'Escapes what has a meaning in patterns',
    params: [optional('re_type', 'python')],
    run(value, [type]) {
      switch (toText(type ?? null)) {
        case 'python':
          return toText(value).replaceAll(/[-()[\]{}?*+|^$\\.&~# \t\n\r\v\f]/g, String.raw`\$&`);
        case 'posix_basic':
          return toText(value).replaceAll(/[\].[^$*\\]/g, String.raw`\$&`);
        default:
          return fail('value', 'The argument "re_type" must be "python" or "posix_basic"');
      }
    },
  }),
];

/** `\1` or `\g<name>`. */
function groupOf(match: Match, text: string): Val {
  const [, name, number] =
    /^\\(?:g<(\S+)>|(\d+))/.exec(text) ?? fail('value', `"${text}" names no group`, 'Write "\\1" or "\\g<name>"');
  const index = name === undefined ? Number(number) : /^\d+$/.test(name) ? Number(name) : match.names.get(name);
  if (index === undefined || index > match.groups)
    return fail('value', `The pattern has no group "${name ?? number ?? ''}"`);
  return match.group(index) ?? null;
}
