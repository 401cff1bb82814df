import { describe, expect, it } from 'vitest';
import { codes } from '../../../src/expr/codes.ts';
import { problemsOf } from './by-hand.ts';

const broken: Readonly<Record<string, readonly string[]>> = {
  '#jinja2: trim_block: True\n': [
    'expr/header [trim_block: True] Unknown option "trim_block" (Did you mean "trim_blocks"?)',
  ],
  '#jinja2: trim_blocks: yes\n': [
    'expr/header [trim_blocks: yes] The value of "trim_blocks" cannot be read (Write True, False or a quoted text)',
  ],
  "{{ 'abc }}": ["expr/open-string ['abc] This string is not closed (Close it with ')"],
  '{{ a && b }}': ['expr/unexpected-character [&&] Unexpected character "&" (Write "and")'],
  '{{ a b }}': ['expr/unexpected-token [b] Expected the end of the tag, found "b"'],
  '{{ }}': ['expr/unexpected-token [}}] Expected an expression, found the end of the tag'],
  '{{ a = 1 }}': ['expr/unexpected-token [=] Expected the end of the tag, found "=" (Write "==" to compare)'],
  '{{ a is defined is none }}': ['expr/chained-test [is] One test cannot follow another (Join them with "and")'],
  '{{ a': ['expr/unclosed-tag [{{] "{{" is not closed (Close it with "}}")'],
  '{# a': ['expr/unclosed-tag [{#] "{#" is not closed (Close it with "#}")'],
  '{% if a %}x': ['expr/unclosed-block [{% if a %}] The block "if" is not closed (Close it with {% endif %})'],
  '{% raw %}x': ['expr/unclosed-block [{% raw %}] The block "raw" is not closed (Close it with {% endraw %})'],
  'x{% endif %}': ['expr/stray-tag [endif] There is no open block that "endif" could belong to'],
  '{% fro x in y %}a{% endfor %}': ['expr/unknown-tag [fro] Unknown tag "fro" (Did you mean "for"?)'],
  '{% break %}': [
    'expr/unknown-tag [break] Unknown tag "break" (Ansible has no loop controls; give the loop a condition, as in {% for x in list if … %})',
  ],
  '{{ a | uper }}': ['expr/unknown-filter [uper] Unknown filter "uper" (Did you mean "upper"?)'],
  '{{ a | ansible.builtin.uper }}': [
    'expr/unknown-filter [ansible.builtin.uper] Unknown filter "ansible.builtin.uper" (Did you mean "upper"?)',
  ],
  '{{ a | vault("x") }}': [
    'expr/unknown-filter [vault] Unknown filter "vault" (Templates do not encrypt; use "hlb vault encrypt-string")',
  ],
  '{{ a is definde }}': ['expr/unknown-test [definde] Unknown test "definde" (Did you mean "defined"?)'],
  "{{ lookup('fiel', 'x') }}": ['expr/unknown-lookup [\'fiel\'] Unknown lookup "fiel" (Did you mean "file"?)'],
  "{{ lookup('unvault', 'x') }}": [
    'expr/unknown-lookup [\'unvault\'] Unknown lookup "unvault" (Put the value into a vault file)',
  ],
  '{{ rnage(3) }}': ['expr/unknown-function [rnage] Unknown function "rnage" (Did you mean "range"?)'],
  "{{ a | regex_replace('(', 'x') }}": [
    'expr/constant-regex [\'(\'] "(" is no regular expression: The "(" is not closed (Look at character 1 of the pattern)',
  ],
  "{{ xs | select('match', '*') }}": [
    'expr/constant-regex [\'*\'] "*" is no regular expression: There is nothing to repeat (Look at character 1 of the pattern)',
  ],
  "{{ a | replace('x') }}": [
    'expr/arguments [replace] The filter "replace" needs an argument "new" (Its arguments are (old, new, count=none))',
  ],
  "{{ a | upper('x') }}": [
    'expr/arguments [\'x\'] The filter "upper" takes no argument, not 1 (The filter "upper" takes no argument)',
  ],
  '{{ a | join(",", attrbute="b") }}': [
    'expr/arguments [attrbute] The filter "join" has no argument "attrbute" (Did you mean "attribute"?)',
  ],
  "{{ a | join(',', d=';') }}": ['expr/arguments [d] The filter "join" got "d" twice'],
  '{{ xs | map(default="") }}': ['expr/arguments [map] The filter "map" needs the name of a filter, or attribute=…'],
  '{{ a | combine(b, list_mrege="append") }}': [
    'expr/arguments [list_mrege] The filter "combine" has no argument "list_mrege" (Did you mean "list_merge"?)',
  ],
  '{% for x in xs %}{% if y %}{{ loop.indx }} {{ loop.index0 }}{% endif %}{% endfor %}{{ loop.indx }}': [
    'expr/unknown-attribute [indx] "loop" has no field "indx" (Did you mean "index"?)',
  ],
  '{{ xs | map("truncat") }}': ['expr/unknown-filter ["truncat"] Unknown filter "truncat" (Did you mean "truncate"?)'],
  '{{ xs | selectattr("a", "equalt", 1) }}': [
    'expr/unknown-test ["equalt"] Unknown test "equalt" (Did you mean "equalto"?)',
  ],
};

describe('a template that is wrong', () => {
  for (const [text, expected] of Object.entries(broken))
    it(`is told why: ${text}`, () => {
      expect(problemsOf(text)).toEqual(expected);
    });

  it('is told of everything at once, in the order of the text', () => {
    const text = '{{ a | uper }}\n{% if x is definde %}\n{{ b | join(sep=1) }}\n{{ (1 + }}\n{% endif %}{% endfor %}';
    expect(problemsOf(text).map((problem) => problem.split(' ')[0])).toEqual([
      'expr/unknown-filter',
      'expr/unknown-test',
      'expr/arguments',
      'expr/unexpected-token',
      'expr/stray-tag',
    ]);
  });

  it('is refused when it nests too deeply', () => {
    expect(problemsOf(`{{ ${'('.repeat(300)}1${')'.repeat(300)} }}`)[0]).toContain('expr/too-deep');
    expect(problemsOf(`{{ ${'not '.repeat(300)}1 }}`)[0]).toContain('expr/too-deep');
    expect(problemsOf(`{{ x${' + 1'.repeat(100_000)} }}`)[0]).toContain('expr/too-deep');
    expect(problemsOf(`{{ x${'[0]'.repeat(1000)} }}`)).toEqual([]);
  });

  it('may call what another template defines only in a file', () => {
    expect(problemsOf('{{ helper(1) }}', { escapes: true })).toEqual([]);
    expect(problemsOf('{{ helper(1) }}')).toHaveLength(1);
  });
});

describe('the codes', () => {
  it('each have a case here', () => {
    const shown = [
      ...Object.values(broken)
        .flat()
        .map((problem) => problem.split(' ')[0]),
      'expr/too-deep',
    ];
    expect(new Set(Object.keys(codes))).toEqual(new Set(shown));
  });
});
