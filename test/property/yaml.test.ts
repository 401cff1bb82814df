import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { YamlNode } from '../../src/yaml/node.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { toValue } from '../../src/yaml/value.ts';

function scalarsIn(node: YamlNode): readonly (YamlNode & { readonly kind: 'scalar' })[] {
  if (node.kind === 'scalar') return [node];
  if (node.kind === 'sequence') return node.items.flatMap(scalarsIn);
  return node.entries.flatMap(({ key, value }) => [key, ...scalarsIn(value)]);
}

const words = fc.array(
  fc.constantFrom('a', 'bc', ' ', '  ', '\n', '\n\n', "'", '"', '\\', 'ä', '😀', '{{ x }}', ':', '#', '\t'),
  {
    maxLength: 14,
  },
);
const text = words.map((parts) => parts.join(''));
const style = fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
/** Whatever a person may type: pieces of syntax in any order. */
const typed = fc
  .array(
    fc.constantFrom(
      'a',
      'key: ',
      '- ',
      '\n',
      '\n  ',
      '\n    ',
      '\t',
      '{',
      '}',
      '{{ ',
      ' }}',
      '[',
      ']',
      ', ',
      '"',
      "'",
      '|',
      '>-',
      '&x ',
      '*x',
      '<<: ',
      '!vault ',
      '? ',
      ': ',
      '# ',
      '%',
      '---\n',
      '\\',
      '\r\n',
      '\ufeff',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

/** Lines of a text in quotes, none of which looks like the beginning of something else. */
const quotedLines = fc.array(fc.constantFrom('a', 'b: c', '}}', "{{ ''", '#d', '', 'e \\\\', '[f', '- g', '| h'), {
  minLength: 1,
  maxLength: 4,
});
/** A tree whose leaves are such texts, in block or flow style, as a function of what stands before a line that goes on. */
type Written = (indent: string, margin: () => string) => string;
const leaf = fc.record({ quote: fc.constantFrom('"', "'"), lines: quotedLines }).map(
  ({ quote, lines }): Written =>
    (_, margin) =>
      `${quote}x${lines.map((line) => `\n${margin()}${line}`).join('')}y${quote}`,
);
const tree: fc.Arbitrary<Written> = fc.letrec<{ readonly tree: Written }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    leaf.map(
      (value): Written =>
        (indent, margin) =>
          `\n${indent}${value(indent, margin)} # why`,
    ),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(
      (items): Written =>
        (indent, margin) =>
          items.map((item, index) => `\n${indent}k${index}: ${item(`${indent}  `, margin)}`).join(''),
    ),
    fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(
      (items): Written =>
        (indent, margin) =>
          items.map((item) => `\n${indent}- ${item(`${indent}  `, margin)}`).join(''),
    ),
    fc.array(leaf, { minLength: 1, maxLength: 3 }).map(
      (items): Written =>
        (indent, margin) =>
          `[${items.map((item) => item(indent, margin)).join(`,\n${indent}`)}]`,
    ),
    fc.constant<Written>((indent) => `|\n${indent}"block\n${indent} it's`),
  ),
})).tree;

describe('reading YAML', () => {
  it('gives a text in quotes the same value however its lines are indented', () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.constantFrom(0, 1, 2, 3, 8)), (written, widths) => {
        const deep = `top: ${written('  ', () => ' '.repeat(12))}\nlast: 1\n`;
        const loose = `top: ${written('  ', () => ' '.repeat(Number(widths.next().value)))}\nlast: 1\n`;
        const [want, got] = [deep, loose].map((text) => parseYaml({ path: 'x.yml', text }));
        fc.pre(want?.root !== undefined && want.diagnostics.length === 0);
        // What looks like an item of a list at the left is taken for a sign that a quote was never closed.
        fc.pre(!/\n *- +[\w.]+:(?:\s|$)/.test(loose));
        expect(got?.diagnostics, loose).toEqual([]);
        expect(got?.root === undefined ? undefined : toValue(got.root), loose).toEqual(
          want?.root === undefined ? undefined : toValue(want.root),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the exact place of each character of a text, however it is written', () => {
    fc.assert(
      fc.property(text, style, fc.constantFrom(20, 80), (value, defaultStringType, lineWidth) => {
        const written = stringify({ list: [{ key: value }] }, { defaultStringType, lineWidth });
        const source = { path: 'x.yml', text: written };
        const { root, diagnostics } = parseYaml(source);
        fc.pre(diagnostics.length === 0 && root !== undefined);
        const scalar = root === undefined ? undefined : scalarsIn(root).at(-1);
        if (typeof scalar?.value !== 'string') return;
        for (const [index, char] of scalar.value.split('').entries()) {
          const { start, end } = scalar.place(index, index + 1);
          expect(start).toBeGreaterThanOrEqual(scalar.at.start);
          expect(end).toBeLessThanOrEqual(scalar.at.end);
          if (/[a-z{]/.test(char)) expect(written.slice(start, end)).toBe(char);
          // Even a folded line break is a small part of a longer text.
          if (written.length > 60) expect(end - start).toBeLessThan(40);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('never throws, keeps all places inside of the text, and says why it has no clean tree', () => {
    fc.assert(
      fc.property(typed, (written) => {
        const { documents, diagnostics } = parseYaml({ path: 'x.yml', text: written });
        for (const { at } of diagnostics) {
          if (at === undefined) throw new Error('A diagnostic without a place');
          expect(at.start).toBeGreaterThanOrEqual(0);
          expect(at.end).toBeGreaterThanOrEqual(at.start);
          expect(at.end).toBeLessThanOrEqual(written.length);
        }
        for (const scalar of documents.flatMap(scalarsIn)) {
          expect(scalar.at.start).toBeGreaterThanOrEqual(0);
          expect(scalar.at.end).toBeLessThanOrEqual(written.length);
          const all = scalar.place(0, String(scalar.value).length);
          expect(all.start).toBeGreaterThanOrEqual(0);
          expect(all.end).toBeLessThanOrEqual(written.length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
