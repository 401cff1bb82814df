import { describe, expect, it } from 'vitest';
import { entryOf, type YamlNode } from '../../../src/yaml/node.ts';
import { toValue } from '../../../src/yaml/value.ts';
import { parse, rootOf, scalarsIn, textAt } from './tree.ts';

const valueOf = (text: string) => toValue(rootOf(text));
const map = (entries: Readonly<Record<string, unknown>>) => new Map(Object.entries(entries));

function at(node: YamlNode, key: string): YamlNode {
  const entry = node.kind === 'mapping' ? entryOf(node, key) : undefined;
  if (entry === undefined) throw new Error(`No key ${key}`);
  return entry.value;
}

describe('parseYaml', () => {
  it('reads the core schema of YAML 1.2, integers as bigint', () => {
    expect(
      valueOf(
        'a: 1\nb: 1.0\nc: true\nd: ~\ne: text\nf: 0x1f\ng: 12345678901234567890\nh: [-1, .5]\ni: yes\nj:\nk: ""\n',
      ),
    ).toEqual(
      map({
        a: 1n,
        b: 1,
        c: true,
        d: null,
        e: 'text',
        f: 31n,
        g: 12345678901234567890n,
        h: [-1n, 0.5],
        i: 'yes',
        j: null,
        k: '',
      }),
    );
  });

  it('keeps a scalar as it was written, quotes apart', () => {
    const root = rootOf(`a: 0644\nb: "yes"\nc: 'it''s'\nd: |\n  x\ne: >\n  y\n  z\n`);
    expect(scalarsIn(root).map(({ text, style, value }) => [text, style, value])).toEqual([
      ['a', 'plain', 'a'],
      ['0644', 'plain', 644n],
      ['b', 'plain', 'b'],
      ['yes', 'double', 'yes'],
      ['c', 'plain', 'c'],
      ["it's", 'single', "it's"],
      ['d', 'plain', 'd'],
      ['x\n', 'literal', 'x\n'],
      ['e', 'plain', 'e'],
      ['y z\n', 'folded', 'y z\n'],
    ]);
  });

  it('knows the place of every node', () => {
    const root = rootOf('a:\n  - "x y"\n  - {b: 1}\nc: # nothing\n');
    expect(textAt(root.at)).toBe('a:\n  - "x y"\n  - {b: 1}\nc: # nothing');
    const list = at(root, 'a');
    expect(textAt(list.at)).toBe('- "x y"\n  - {b: 1}');
    expect(list.kind === 'sequence' && list.items.map((item) => textAt(item.at))).toEqual(['"x y"', '{b: 1}']);
    expect(at(root, 'c').at).toMatchObject({ start: 27, end: 27 });
  });

  it('gives no tree for an empty text, and one for each document of a longer one', () => {
    expect(parse('')).toEqual({ root: undefined, documents: [], diagnostics: [] });
    expect(parse('# only a comment\n').root).toBeUndefined();
    const { documents, root } = parse('a: 1\n---\nb: 2\n...\n');
    expect(documents.map(toValue)).toEqual([map({ a: 1n }), map({ b: 2n })]);
    expect(root).toBe(documents[0]);
  });

  it('keeps the core schema under a %YAML 1.1 directive', () => {
    expect(valueOf('%YAML 1.1\n---\na: yes\n')).toEqual(map({ a: 'yes' }));
  });

  it('reads a text with a byte order mark and with Windows line breaks', () => {
    const root = rootOf('\ufeffa: 1\r\nb: "x\r\n  y"\r\n');
    expect(toValue(root)).toEqual(map({ a: 1n, b: 'x y' }));
    expect(scalarsIn(root).map((scalar) => textAt(scalar.at))).toEqual(['a', '1', 'b', '"x\r\n  y"']);
  });

  it('keeps tags, in their short form', () => {
    const root = rootOf('a: !vault |\n  abc\nb: !unsafe "{{ x }}"\nc: !!str 12\nd: !unsafe [1]\ne: !!int "3"\n');
    expect(root.kind === 'mapping' && root.entries.map(({ value }) => [value.tag, toValue(value)])).toEqual([
      ['!vault', 'abc\n'],
      ['!unsafe', '{{ x }}'],
      ['!!str', '12'],
      ['!unsafe', [1n]],
      ['!!int', 3n],
    ]);
  });

  it('resolves aliases to the very node of the anchor', () => {
    const root = rootOf('a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n');
    expect(at(root, 'c')).toBe(at(root, 'a'));
    expect(toValue(at(root, 'e'))).toBe(2n);
  });

  it('merges as PyYAML does: merged keys first, own keys in their places, earlier mappings over later ones', () => {
    const text = ['x: &x {a: 1, b: 1}', 'y: &y {b: 2, c: 2}', 'z:', '  own: 0', '  b: 9', '  <<: [*x, *y]', ''].join(
      '\n',
    );
    const merged = toValue(at(rootOf(text), 'z'));
    expect(merged instanceof Map && [...merged]).toEqual([
      ['b', 9n],
      ['c', 2n],
      ['a', 1n],
      ['own', 0n],
    ]);
    expect(valueOf('a: {"<<": 1}\n')).toEqual(map({ a: map({ '<<': 1n }) }));
  });

  it('takes keys that are not texts, and keys without a value', () => {
    expect(valueOf('1: a\ntrue: b\n? c\n')).toEqual(
      new Map<unknown, unknown>([
        [1n, 'a'],
        [true, 'b'],
        ['c', null],
      ]),
    );
  });
});

describe('the place of a part of a scalar', () => {
  /** Where `part` of the only scalar with that part stands. */
  function placeOf(text: string, part: string): string {
    const scalar = scalarsIn(rootOf(text)).find(({ value }) => String(value).includes(part));
    if (scalar === undefined) throw new Error('No such scalar');
    const from = String(scalar.value).indexOf(part);
    return textAt(scalar.place(from, from + part.length));
  }

  it.each([
    ['a plain scalar', 'a: hello {{ x }} there\n', '{{ x }}', '{{ x }}'],
    ['a plain scalar of two lines', 'a: hello\n  {{ x }} there\n', '{{ x }}', '{{ x }}'],
    ['single quotes', "a: 'it''s {{ x }}'\n", '{{ x }}', '{{ x }}'],
    ['double quotes behind escapes', 'a: "\\t\\u00e4 \\"{{ x }}\\""\n', '{{ x }}', '{{ x }}'],
    ['an escape itself', 'a: "b\\u00e4c"\n', 'ä', '\\u00e4'],
    ['an escape of two units', 'a: "b\\U0001F600c"\n', '😀', '\\U0001F600'],
    ['a folded line break in quotes', 'a: "b\n\n   c"\n', 'b\nc', 'b\n\n   c'],
    ['an escaped line break', 'a: "b\\\n   c {{ x }}"\n', '{{ x }}', '{{ x }}'],
    ['a literal block', 'a: |\n  one\n\n    {{ x }}\n', '{{ x }}', '{{ x }}'],
    ['a literal block over its lines', 'a: |-\n  one\n  two\n', 'e\nt', 'e\n  t'],
    ['a literal block with an indentation of its own', 'a: |2\n    {{ x }}\n', '{{ x }}', '{{ x }}'],
    ['a folded block', 'a: >\n  one\n  {{ x }}\n\n  two\n    deep\n  {{ y }}\n', '{{ y }}', '{{ y }}'],
    ['a folded block with kept breaks', 'a: >+\n\n  one\n  {{ x }}\n\n\nb: 1\n', '{{ x }}', '{{ x }}'],
    ['a block with a comment in its header', 'a: | # - about\n  {{ x }}\n', '{{ x }}', '{{ x }}'],
    ['a literal block with Windows line breaks', 'a: |\r\n  one\r\n  {{ x }}\r\n', '{{ x }}', '{{ x }}'],
  ])('is exact in %s', (_name, text, part, expected) => {
    expect(placeOf(text, part)).toBe(expected);
  });

  it('is empty where nothing is asked for, and ends with the scalar', () => {
    const [, scalar] = scalarsIn(rootOf('a: "xyz"\n'));
    expect(scalar?.place(1, 1)).toMatchObject({ start: 5, end: 5 });
    expect(scalar?.place(3, 3)).toMatchObject({ start: 7, end: 7 });
    expect(scalar?.place(2, 99)).toMatchObject({ start: 6, end: 7 });
  });

  it('is the whole scalar where it is no text', () => {
    const [, scalar] = scalarsIn(rootOf('a: 1234\n'));
    expect(scalar?.place(1, 2)).toMatchObject({ start: 3, end: 7 });
  });
});
