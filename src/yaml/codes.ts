import type { CodeTable } from '../core/diagnostic.ts';

/** What the parser of YAML may complain about. */
export const yamlCodes = {
  'yaml/unquoted-template': {
    title: 'A value begins with {{ and has no quotes',
    explanation:
      'YAML reads an opening brace at the beginning of a value as a mapping, so a template there must stand in quotes: `msg: "{{ text }}"`. A template that comes later in a value needs none.',
  },
  'yaml/nested-mapping': {
    title: 'A value holds a colon and a space',
    explanation:
      'In `msg: Error: disk full` the second colon would begin another mapping on the same line, which YAML does not allow. Put the value in quotes, or begin the inner mapping on a line of its own.',
  },
  'yaml/nested-list': {
    title: 'A list begins on the line of its key',
    explanation:
      'Items with dashes begin on the line below their key. On one line a list is written in brackets: `key: [a, b]`.',
  },
  'yaml/mixed-collection': {
    title: 'A list and a mapping are mixed',
    explanation:
      'At one column stand either the keys of a mapping or the dashes of a list. What belongs to a key is indented deeper than the key.',
  },
  'yaml/duplicate-key': {
    title: 'A key stands twice in one mapping',
    explanation:
      'Only one of the two values can count, and which one is easy to get wrong when reading. Remove one, or rename it.',
  },
  'yaml/tab-indent': {
    title: 'A line is indented with a tab',
    explanation: 'YAML does not say how wide a tab is, and therefore forbids it as indentation. Use spaces.',
  },
  'yaml/bad-indent': {
    title: 'A line is indented unlike the lines it belongs to',
    explanation:
      'All keys of a mapping, and all dashes of a list, begin at the same column. The message names the columns that would fit.',
  },
  'yaml/unclosed-quote': {
    title: 'A quote is opened and never closed',
    explanation:
      'The closing quote is missing. Inside of double quotes write \\" for a quote, inside of single quotes write two.',
  },
  'yaml/unclosed-bracket': {
    title: 'A bracket or brace is opened and never closed',
    explanation: 'A list that begins with [ ends with ], a mapping that begins with { ends with }.',
  },
  'yaml/text-after-value': {
    title: 'Text follows where a value has already ended',
    explanation:
      'A value that begins with a quote ends at the next quote, so nothing may follow but a comment: `msg: "{{ a }}" and b` must become `msg: "{{ a }} and b"`. An apostrophe inside of single quotes is written twice.',
  },
  'yaml/missing-colon': {
    title: 'A line of a mapping is no key with a value',
    explanation: 'Each line of a mapping has the form `key: value`, with the colon and a space behind it.',
  },
  'yaml/missing-space': {
    title: 'No space follows a colon',
    explanation:
      'In `key:value` YAML sees one word. A colon ends a key only where a space or the end of the line follows.',
  },
  'yaml/missing-comma': {
    title: 'Two items of a list or mapping in brackets have no comma between them',
    explanation: 'Inside of [ ] and { } items are separated by commas: `[a, b]`, `{a: 1, b: 2}`.',
  },
  'yaml/bad-escape': {
    title: 'An escape that YAML does not know stands in double quotes',
    explanation:
      'In double quotes a backslash begins an escape such as \\n or \\t. For a backslash itself, as in regular expressions and Windows paths, write two, or use single quotes, where it means nothing special.',
  },
  'yaml/reserved-character': {
    title: 'A value begins with a character that YAML keeps for itself',
    explanation: 'A value cannot begin with @, ` or %. Put it in quotes.',
  },
  'yaml/unknown-alias': {
    title: 'An alias names an anchor that is not there',
    explanation:
      'A value that begins with * refers to an anchor (&name) further up in the same document. If no alias was meant, as in `hosts: *.example.com`, put the value in quotes.',
  },
  'yaml/recursive-alias': {
    title: 'An alias stands inside of the very value it refers to',
    explanation: 'Such a value would have no end.',
  },
  'yaml/alias-bomb': {
    title: 'Aliases unfold to far more values than the file holds',
    explanation:
      'A few lines of aliases to lists of aliases can stand for billions of values. No honest file needs that; hlb stops before memory runs out.',
  },
  'yaml/bad-merge': {
    title: 'A merge key has a value that cannot be merged',
    explanation: 'The value of << is a mapping, or a list of mappings, usually written as aliases: `<<: *defaults`.',
  },
  'yaml/complex-key': {
    title: 'A key is a list or a mapping',
    explanation: 'Keys are plain texts, numbers or booleans. A key that begins with {{ must stand in quotes.',
  },
  'yaml/unknown-tag': {
    title: 'A tag is not known',
    explanation:
      'Known are !vault and !unsafe, and the standard !!str, !!int, !!float, !!bool, !!null, !!map and !!seq. If no tag was meant, put the value in quotes.',
  },
  'yaml/bad-tag': {
    title: 'A value is not what its tag says',
    explanation: 'A value with a tag such as !!int must be written as that type is.',
  },
  'yaml/block-header': {
    title: 'Text follows the | or > of a block of text',
    explanation: 'The text begins on the next line. Behind | or > only -, +, a digit or a comment may stand.',
  },
  'yaml/control-character': {
    title: 'The file holds a control character',
    explanation:
      'YAML texts hold printable characters, tabs and line breaks only. Others are written as an escape in double quotes, such as "\\x07".',
  },
  'yaml/too-deep': {
    title: 'Values are nested too deep',
    explanation: 'More than 200 levels of nesting are refused.',
  },
  'yaml/syntax': {
    title: 'The text is not YAML',
    explanation: 'The message says what was found. Often the cause stands a line above the marked place.',
  },
} as const satisfies CodeTable;

export type YamlCode = keyof typeof yamlCodes;
