import type { CodeTable } from '../core/diagnostic.ts';

/** What the language reports before anything runs. */
export const codes = {
  'expr/header': {
    title: 'A header line that cannot be read',
    explanation:
      'The first line of a template may set options for itself, as in "#jinja2: trim_blocks: False, lstrip_blocks: True". Each is a name and a value.',
  },
  'expr/open-string': {
    title: 'A string is not closed',
    explanation:
      'A string in an expression begins with a quote and ends with the same quote. Close it, or use the other kind of quote around a text that has one in it.',
  },
  'expr/unexpected-character': {
    title: 'A character that expressions do not have',
    explanation:
      'Expressions are written as in Jinja2: "and", "or" and "not" are words, a filter stands behind "|", text is joined with "~".',
  },
  'expr/unexpected-token': {
    title: 'The expression breaks off or goes on unexpectedly',
    explanation:
      'The grammar asks for something else here. Look for a missing operator, comma, quote or bracket before the place that is marked.',
  },
  'expr/too-deep': {
    title: 'An expression is nested too deeply',
    explanation:
      'Brackets, calls and conditions may stand within each other up to a limit. Give inner parts names with {% set %} or in variables.',
  },
  'expr/chained-test': {
    title: 'A test follows a test',
    explanation:
      'The result of "is" is true or false, so a second "is" right behind it is never meant. Join both tests with "and".',
  },
  'expr/unclosed-tag': {
    title: 'A tag is not closed',
    explanation:
      '"{{", "{%" and "{#" each need their closing "}}", "%}" and "#}". Inside brackets a closing delimiter does not count.',
  },
  'expr/unclosed-block': {
    title: 'A block is not closed',
    explanation:
      'A block such as {% if %} or {% for %} ends with its own end tag, such as {% endif %} or {% endfor %}. It is missing, or stands inside another block.',
  },
  'expr/stray-tag': {
    title: 'An end tag without a block',
    explanation:
      'Tags such as {% endif %} and {% else %} belong to the block that is open around them, and none is open that has such a tag.',
  },
  'expr/unknown-tag': {
    title: 'Unknown tag',
    explanation:
      'The tags are those of Jinja2: if, for, set, macro, call, filter, with, raw, block, include, import, from, and do.',
  },
  'expr/unknown-filter': {
    title: 'Unknown filter',
    explanation: 'Filters are those of Jinja2 and of ansible-core, and a few of ansible.utils. "hlb doc" lists them.',
  },
  'expr/unknown-test': {
    title: 'Unknown test',
    explanation: 'What stands behind "is" is a test of Jinja2 or ansible-core. "hlb doc" lists them.',
  },
  'expr/unknown-lookup': {
    title: 'Unknown lookup',
    explanation:
      'The lookups are those of ansible-core that need nothing but files, the environment and commands of the controller. "hlb doc" lists them.',
  },
  'expr/unknown-function': {
    title: 'Unknown function',
    explanation:
      'A name that is called is a function such as lookup, range or now, or a macro that the template defines or imports. Variables cannot be called.',
  },
  'expr/unknown-attribute': {
    title: 'A field that a loop of a template does not have',
    explanation:
      'Inside of {% for %} the variable loop says where the loop is: index, index0, revindex, revindex0, first, last, length, previtem, nextitem, depth, depth0, and the functions cycle and changed.',
  },
  'expr/arguments': {
    title: 'Wrong arguments',
    explanation:
      'A filter, test, lookup or function has named arguments, some of them required. One is missing, given twice, not known, or there are too many.',
  },
  'expr/constant-regex': {
    title: 'A pattern that is no regular expression',
    explanation: "Patterns are written as in Python's re module. The one that is marked cannot be read.",
  },
} satisfies CodeTable;
