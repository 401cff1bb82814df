import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { YamlNode } from '../../src/yaml/node.ts';
import { parseYaml } from '../../src/yaml/parse.ts';

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

describe('reading YAML', () => {
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
