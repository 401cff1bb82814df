import { describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../../src/core/diagnostic-text.ts';
import { yamlCodes } from '../../../src/yaml/codes.ts';
import { toValue } from '../../../src/yaml/value.ts';
import { parse, scalarsIn, textAt } from './tree.ts';

const shown = (text: string): string => formatDiagnostics(parse(text).diagnostics, 'text', { color: false });
const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;

/** Each mistake with everything that is said about it, and what the rest of the text is still read as. */
const cases: readonly {
  readonly name: string;
  readonly text: string;
  readonly says: string;
  readonly reads?: unknown;
}[] = [
  {
    name: 'an unquoted template',
    text: lines('a:', '  msg: {{ foo }}', '  b: {{ foo[\'x\'] | d("a") }}/bar  # why', '  c: 1'),
    says: lines(
      'test.yml:2:8 error yaml/unquoted-template: A value that begins with "{{" must stand in quotes',
      '    msg: {{ foo }}',
      '         ~~~~~~~~~',
      '  help: Write "{{ foo }}"',
      '',
      'test.yml:3:6 error yaml/unquoted-template: A value that begins with "{{" must stand in quotes',
      '    b: {{ foo[\'x\'] | d("a") }}/bar  # why',
      '       ~~~~~~~~~~~~~~~~~~~~~~~~~~~',
      "  help: Write '{{ foo[''x''] | d(\"a\") }}/bar'",
    ),
    reads: { a: { msg: '{{ foo }}', b: '{{ foo[\'x\'] | d("a") }}/bar', c: 1n } },
  },
  {
    name: 'unquoted templates as key and in brackets',
    text: lines('{{ k }}: 1', 'b: [{{ x }}, {{ y }}]'),
    says: lines(
      'test.yml:1:1 error yaml/unquoted-template: A key that begins with "{{" must stand in quotes',
      '  {{ k }}: 1',
      '  ~~~~~~~',
      '  help: Write "{{ k }}"',
      '',
      'test.yml:2:5 error yaml/unquoted-template: A value that begins with "{{" must stand in quotes',
      '  b: [{{ x }}, {{ y }}]',
      '      ~~~~~~~',
      '  help: Write "{{ x }}"',
      '',
      'test.yml:2:14 error yaml/unquoted-template: A value that begins with "{{" must stand in quotes',
      '  b: [{{ x }}, {{ y }}]',
      '               ~~~~~~~',
      '  help: Write "{{ y }}"',
    ),
    reads: { '{{ k }}': 1n, b: ['{{ x }}', '{{ y }}'] },
  },
  {
    name: 'a text in quotes that goes on behind tabs',
    text: lines("a: 'x", "\t y'", 'b: ["p', '\t\tq", r]'),
    says: lines(
      'test.yml:2:1 warning yaml/tab-indent: A text goes on behind a tab, which YAML 1.2 forbids',
      "       y'",
      '  ~~~~~',
      '  help: Use spaces: Ansible reads it as a space, other readers of YAML stop here',
      '',
      'test.yml:4:1 warning yaml/tab-indent: A text goes on behind a tab, which YAML 1.2 forbids',
      '          q", r]',
      '  ~~~~~~~~',
      '  help: Use spaces: Ansible reads it as a space, other readers of YAML stop here',
    ),
    reads: { a: 'x y', b: ['p q', 'r'] },
  },
  {
    name: 'what stands behind a text in quotes that goes on behind a tab',
    text: lines('a: "x', '\ty" z', 'b: 1'),
    says: lines(
      'test.yml:2:1 warning yaml/tab-indent: A text goes on behind a tab, which YAML 1.2 forbids',
      '      y" z',
      '  ~~~~',
      '  help: Use spaces: Ansible reads it as a space, other readers of YAML stop here',
      '',
      'test.yml:2:5 error yaml/text-after-value: Found "z" after the end of the value',
      '      y" z',
      '         ~',
      '  help: Put the whole value in one pair of quotes',
    ),
  },
  {
    name: 'a quote that only an escaped one would close at the end of the file',
    text: 'a: "b\\"',
    says: lines(
      'test.yml:1:4 error yaml/unclosed-quote: A double quote is opened and never closed',
      '  a: "b\\"',
      '     ~~~~',
      '  help: Add the missing \'"\'. Write \\" for a quote inside of the text',
    ),
    reads: { a: '"b\\"' },
  },
  {
    name: 'a text in quotes that goes on less indented than its key, which Ansible takes',
    text: lines('- a: "{{ {', "    'x': 1,", '}[b] }}"', '  c: "p', 'q" # why', "- ['r", "s', t]", '- "u', '', 'v": w'),
    says: '',
    reads: [{ a: "{{ { 'x': 1, }[b] }}", c: 'p q' }, ['r s', 't'], { 'u\nv': 'w' }],
  },
  {
    name: 'a quote whose text would swallow a task',
    text: lines("- a: 'b", '  c: x', "- a: it's so", '  c: y'),
    says: lines(
      'test.yml:1:6 error yaml/unclosed-quote: A single quote is opened and never closed',
      "  - a: 'b",
      '       ~~',
      '  help: Add the missing "\'". Write two of them for an apostrophe inside of the text',
    ),
    reads: [
      { a: "'b", c: 'x' },
      { a: "it's so", c: 'y' },
    ],
  },
  {
    name: 'a quote that is closed by the opening one of another text',
    text: lines('- a: "b', 'c: "d"'),
    says: lines(
      'test.yml:1:6 error yaml/unclosed-quote: A double quote is opened and never closed',
      '  - a: "b',
      '       ~~',
      '  help: Add the missing \'"\'. Write \\" for a quote inside of the text',
      '',
      'test.yml:2:1 error yaml/mixed-collection: Found "c: "d"" where the text above is complete',
      '  c: "d"',
      '  ~~~~~~',
      '  help: All keys of a mapping, and all dashes of a list, begin at the same column',
    ),
  },
  {
    name: 'a colon in a value',
    text: lines('- name: Error: disk full', '  b: 1'),
    says: lines(
      'test.yml:1:9 error yaml/nested-mapping: A value that holds ": " must stand in quotes',
      '  - name: Error: disk full',
      '          ~~~~~~~~~~~~~~~~',
      '  help: Write "Error: disk full", or begin the inner mapping on a line of its own',
    ),
    reads: [{ name: 'Error: disk full', b: 1n }],
  },
  {
    name: 'a list on the line of its key',
    text: lines('a: - b', 'c: 1'),
    says: lines(
      'test.yml:1:4 error yaml/nested-list: A list cannot begin on the line of its key',
      '  a: - b',
      '     ~~~',
      '  help: Begin it on the next line, or write [b]',
    ),
    reads: { a: '- b', c: 1n },
  },
  {
    name: 'a list among keys',
    text: lines('a: 1', '- b', 'c: {{ x }}'),
    says: lines(
      'test.yml:2:1 error yaml/mixed-collection: Expected "key: value", found "- b"',
      '  - b',
      '  ~~~',
      '  help: A list cannot stand among the keys of a mapping: indent it below the key it belongs to',
      '',
      'test.yml:3:4 error yaml/unquoted-template: A value that begins with "{{" must stand in quotes',
      '  c: {{ x }}',
      '     ~~~~~~~',
      '  help: Write "{{ x }}"',
    ),
    reads: { a: 1n, c: '{{ x }}' },
  },
  {
    name: 'keys behind a list',
    text: lines('- a', 'b: 1', 'c: 2'),
    says: lines(
      'test.yml:2:1 error yaml/mixed-collection: Found "b: 1" where the text above is complete',
      '  b: 1',
      '  ~~~~',
      '  help: All keys of a mapping, and all dashes of a list, begin at the same column',
    ),
    reads: ['a'],
  },
  {
    name: 'a key that stands twice',
    text: lines('port: 1', 'b: 2', 'port: 3'),
    says: lines(
      'test.yml:3:1 error yaml/duplicate-key: Key "port" stands twice in this mapping',
      '  port: 3',
      '  ~~~~',
      '  test.yml:1:1 the first one stands here',
      '    port: 1',
      '    ~~~~',
    ),
    reads: { port: 1n, b: 2n },
  },
  {
    name: 'a tab as indentation',
    text: lines('a:', '\tb: 1', '\tc: 2', 'd: 3'),
    says: lines(
      'test.yml:2:1 error yaml/tab-indent: A tab cannot indent a line',
      '      b: 1',
      '  ~~~~',
      '  help: Use spaces: YAML does not say how wide a tab is',
      '',
      'test.yml:3:1 error yaml/tab-indent: A tab cannot indent a line',
      '      c: 2',
      '  ~~~~',
      '  help: Use spaces: YAML does not say how wide a tab is',
    ),
    reads: { a: { b: 1n, c: 2n }, d: 3n },
  },
  {
    name: 'lines that are indented too deep',
    text: lines('a:', '  b: 1', '   c: 2', '   e: 2', 'd: 3'),
    says: lines(
      'test.yml:3:4 error yaml/bad-indent: This line is indented by 3, expected 2 or 0',
      '     c: 2',
      '     ~',
    ),
    reads: { a: { b: 1n }, d: 3n },
  },
  {
    name: 'a line that lines up with nothing',
    text: lines('- a:', '    b: 1', '   c: 2', '- d: 3'),
    says: lines(
      'test.yml:3:4 error yaml/bad-indent: This line is indented by 3, expected 4 or 2, or 0 for a line that begins with "-"',
      '     c: 2',
      '     ~',
    ),
    reads: [{ a: { b: 1n } }, { d: 3n }],
  },
  {
    name: 'quotes that are never closed',
    text: lines('a: "foo', "b: 'bar", 'c: {{ x }}', 'd: 1'),
    says: lines(
      'test.yml:1:4 error yaml/unclosed-quote: A double quote is opened and never closed',
      '  a: "foo',
      '     ~~~~',
      `  help: Add the missing '"'. Write \\" for a quote inside of the text`,
      '',
      'test.yml:2:4 error yaml/unclosed-quote: A single quote is opened and never closed',
      "  b: 'bar",
      '     ~~~~',
      `  help: Add the missing "'". Write two of them for an apostrophe inside of the text`,
      '',
      'test.yml:3:4 error yaml/unquoted-template: A value that begins with "{{" must stand in quotes',
      '  c: {{ x }}',
      '     ~~~~~~~',
      '  help: Write "{{ x }}"',
    ),
    reads: { a: '"foo', b: "'bar", c: '{{ x }}', d: 1n },
  },
  {
    name: 'brackets that are never closed',
    text: lines('a: [1, 2', 'b: {x: 1', 'c: 3'),
    says: lines(
      'test.yml:1:4 error yaml/unclosed-bracket: "[" is opened and never closed',
      '  a: [1, 2',
      '     ~',
      '  help: Add the missing "]", or quote the value if it is a text',
      '',
      'test.yml:2:4 error yaml/unclosed-bracket: "{" is opened and never closed',
      '  b: {x: 1',
      '     ~',
      '  help: Add the missing "}", or quote the value if it is a text',
    ),
    reads: { a: [1n, 2n], b: { x: 1n }, c: 3n },
  },
  {
    name: 'text behind a quoted value',
    text: lines('a: "{{ x }}" and y', "b: 'it's'"),
    says: lines(
      'test.yml:1:14 error yaml/text-after-value: Found "and y" after the end of the value',
      '  a: "{{ x }}" and y',
      '               ~~~~~',
      '  help: Put the whole value in one pair of quotes',
      '',
      'test.yml:2:8 error yaml/text-after-value: Found "s\'" after the end of the value',
      "  b: 'it's'",
      '         ~~',
      '  help: Put the whole value in one pair of quotes; an apostrophe inside of single quotes is written twice',
    ),
    reads: { a: '{{ x }}', b: 'it' },
  },
  {
    name: 'lines that are no key with a value',
    text: lines('state:present', 'foo', 'b: 1'),
    says: lines(
      'test.yml:1:1 error yaml/missing-space: Expected a space after the colon in "state:present"',
      '  state:present',
      '  ~~~~~~~~~~~~~',
      '  help: Write "state: present"',
    ),
    reads: { b: 1n },
  },
  {
    name: 'a line without a colon, first and last',
    text: lines('- foo bar', '  b: 1', '- c: 2', '  foo'),
    says: lines(
      'test.yml:1:3 error yaml/missing-colon: Expected "key: value", found "foo bar"',
      '  - foo bar',
      '    ~~~~~~~',
      '',
      'test.yml:4:3 error yaml/missing-colon: Expected "key: value", found "foo"',
      '    foo',
      '    ~~~',
    ),
    reads: [{ b: 1n }, { c: 2n }],
  },
  {
    name: 'commas that are missing',
    text: lines('a: ["a" "b"]', 'b: {c: 1 d: 2}'),
    says: lines(
      'test.yml:1:9 error yaml/missing-comma: Expected "," between two items',
      '  a: ["a" "b"]',
      '          ~~~~',
      '',
      'test.yml:2:8 error yaml/missing-comma: Expected "," between two items',
      '  b: {c: 1 d: 2}',
      '         ~~~~~~~',
    ),
  },
  {
    name: 'an escape that YAML does not know',
    text: lines('regexp: "^\\d+"', 'b: 1'),
    says: lines(
      'test.yml:1:11 error yaml/bad-escape: Unknown escape "\\d" in double quotes',
      '  regexp: "^\\d+"',
      '            ~~',
      '  help: Write two backslashes for one, or use single quotes, where a backslash means itself',
    ),
  },
  {
    name: 'characters that cannot begin a value',
    text: lines('a: @x', 'b: `date`', 'c: %d', 'd: *.example.com', 'e: *'),
    says: lines(
      'test.yml:1:4 error yaml/reserved-character: A value cannot begin with "@"',
      '  a: @x',
      '     ~~',
      '  help: Write "@x"',
      '',
      'test.yml:2:4 error yaml/reserved-character: A value cannot begin with "`"',
      '  b: `date`',
      '     ~~~~~~',
      '  help: Write "`date`"',
      '',
      'test.yml:3:4 error yaml/reserved-character: A value cannot begin with "%"',
      '  c: %d',
      '     ~~',
      '  help: Write "%d"',
      '',
      'test.yml:4:4 error yaml/unknown-alias: Alias "*.example.com" refers to no anchor above it',
      '  d: *.example.com',
      '     ~~~~~~~~~~~~~',
      '  help: Quote the value if no alias was meant',
      '',
      'test.yml:5:4 error yaml/unknown-alias: Expected the name of an anchor after "*"',
      '  e: *',
      '     ~',
      '  help: Quote the value if no alias was meant',
    ),
  },
  {
    name: 'a misspelt alias',
    text: lines('a: &defaults {x: 1}', 'b: *default'),
    says: lines(
      'test.yml:2:4 error yaml/unknown-alias: Alias "*default" refers to no anchor above it',
      '  b: *default',
      '     ~~~~~~~~',
      '  help: Did you mean "defaults"?',
    ),
  },
  {
    name: 'an alias inside of its own anchor',
    text: 'a: &a [1, *a]\n',
    says: lines(
      'test.yml:1:11 error yaml/recursive-alias: Alias "*a" stands inside of the value it refers to',
      '  a: &a [1, *a]',
      '            ~~',
    ),
    reads: { a: [1n, null] },
  },
  {
    name: 'a merge of something else',
    text: lines('a: &a 1', 'b: {<<: *a, c: 2}'),
    says: lines(
      'test.yml:1:7 error yaml/bad-merge: Expected a mapping or a list of mappings to merge',
      '  a: &a 1',
      '        ~',
    ),
    reads: { a: 1n, b: { c: 2n } },
  },
  {
    name: 'a key that is no text',
    text: lines('? [a, b]', ': 1', 'c: 2'),
    says: lines(
      'test.yml:1:3 error yaml/complex-key: Expected a text as key, found a list',
      '  ? [a, b]',
      '    ~~~~~~',
    ),
    reads: { c: 2n },
  },
  {
    name: 'tags',
    text: lines('a: !valt x', 'b: !!int foo', 'c: !!python/object:os.system []', 'd: !true'),
    says: lines(
      'test.yml:1:4 error yaml/unknown-tag: Unknown tag "!valt"',
      '  a: !valt x',
      '     ~~~~~',
      '  help: Did you mean "!vault"?',
      '',
      'test.yml:2:10 error yaml/bad-tag: "foo" is not what the tag "!!int" says',
      '  b: !!int foo',
      '           ~~~',
      '',
      'test.yml:3:4 error yaml/unknown-tag: Unknown tag "!!python/object:os.system"',
      '  c: !!python/object:os.system []',
      '     ~~~~~~~~~~~~~~~~~~~~~~~~~',
      '  help: Quote the value if no tag was meant',
      '',
      'test.yml:4:4 error yaml/unknown-tag: Unknown tag "!true"',
      '  d: !true',
      '     ~~~~~',
      '  help: Quote the value if no tag was meant',
    ),
  },
  {
    name: 'text in the header of a block',
    text: lines('a: | text', '  more', 'b: 1'),
    says: lines(
      'test.yml:1:6 error yaml/block-header: Found "text" where the line must end',
      '  a: | text',
      '       ~~~~',
    ),
    reads: { a: 'more\n', b: 1n },
  },
  {
    name: 'a control character',
    text: 'a: "x\u0007"\n',
    says: lines(
      'test.yml:1:6 error yaml/control-character: Found the control character U+0007',
      '  a: "x␇"',
      '       ~',
    ),
  },
  {
    name: 'what only the parser has words for',
    text: lines('a: &x &y 1'),
    says: lines('test.yml:1:7 error yaml/syntax: A node can have at most one anchor', '  a: &x &y 1', '        ~~'),
  },
];

const plain = (value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  return Array.isArray(value) ? value.map(plain) : value;
};

describe('a mistake in YAML', () => {
  it.each(cases)('is explained: $name', ({ text, says, reads }) => {
    expect(shown(text)).toBe(says);
    const { root } = parse(text);
    if (reads !== undefined) expect(root === undefined ? undefined : plain(toValue(root))).toEqual(reads);
  });

  it('does not hide the others of the file', () => {
    const text = lines(
      '- hosts: all',
      '  vars:',
      '    a: {{ x }}',
      '    b: "unclosed',
      '  tasks:',
      '    - name: first: second',
      '      debug:',
      '        msg: @home',
      '\t  var: x',
      '    - copy:',
      '        dest:/etc/x',
      '        src: x',
      '        src: y',
      '        regexp: "\\d"',
    );
    const { diagnostics } = parse(text);
    expect(diagnostics.map((one) => one.code).sort()).toEqual([
      'yaml/bad-escape',
      'yaml/duplicate-key',
      'yaml/missing-space',
      'yaml/nested-mapping',
      'yaml/reserved-character',
      'yaml/tab-indent',
      'yaml/unclosed-quote',
      'yaml/unquoted-template',
    ]);
  });

  it('is no matter of how often it stands there: texts in quotes that go on to the left of their keys, or behind tabs', () => {
    const count = 1000;
    const loose = Array.from({ length: count }, (_, index) => `  - a: "{{ x${index}\n  | y\n }}"\n    b: ['p`);
    const { root, diagnostics } = parse(`list:\n${loose.map((one) => `${one}\n\tq']\n`).join('')}`);
    expect(diagnostics.map((one) => `${one.severity} ${one.code}`)).toEqual(
      Array(count).fill('warning yaml/tab-indent'),
    );
    expect(root === undefined ? undefined : plain(toValue(root))).toEqual({
      list: Array.from({ length: count }, (_, index) => ({ a: `{{ x${index} | y }}`, b: ['p q'] })),
    });
  });

  it('keeps the place of a template that lacks its quotes', () => {
    const { root } = parse('a: {{ foo }} and {{ bar }}\n');
    const scalar = root === undefined ? undefined : scalarsIn(root)[1];
    expect(scalar?.value).toBe('{{ foo }} and {{ bar }}');
    expect(scalar === undefined ? '' : textAt(scalar.place(17, 20))).toBe('bar');
  });

  it('of aliases that unfold without end is refused in no time', () => {
    const levels = 'bcdefghij';
    const text = lines(
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...Array.from(levels, (name, index) => {
        const before = `*${'abcdefghi'.charAt(index)}`;
        return `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
      }),
    );
    const { root, diagnostics } = parse(text);
    expect(diagnostics.map((one) => one.message)).toEqual(['Aliases unfold to more than 100,000 values']);
    expect(root === undefined ? 0 : scalarsIn(root).length).toBeLessThan(1_000_000);
  });

  it('of nesting without end is refused', () => {
    expect(shown(`a: ${'['.repeat(300)}${']'.repeat(300)}\n`)).toContain(
      'error yaml/too-deep: Values are nested deeper than 200 levels',
    );
    expect(parse('['.repeat(20_000)).diagnostics.length).toBeGreaterThan(0);
  });

  it('has a code that is explained, and every code is met in a test', () => {
    const met = new Set(cases.flatMap(({ text }) => parse(text).diagnostics.map((one) => one.code)));
    const elsewhere = ['yaml/alias-bomb', 'yaml/too-deep'];
    expect([...met, ...elsewhere].sort()).toEqual(Object.keys(yamlCodes).sort());
  });
});
