import type { Source } from '../../../src/core/source.ts';
import type { YamlNode, YamlScalar } from '../../../src/yaml/node.ts';
import { type ParsedYaml, parseYaml } from '../../../src/yaml/parse.ts';

export function parse(text: string): ParsedYaml {
  const source: Source = { path: 'test.yml', text };
  return parseYaml(source);
}

/** The root of a text that has no mistakes. */
export function rootOf(text: string): YamlNode {
  const { root, diagnostics } = parse(text);
  if (root === undefined || diagnostics.length > 0) throw new Error(diagnostics.map((one) => one.message).join('\n'));
  return root;
}

/** All scalars of a tree, keys and values, in order. */
export function scalarsIn(node: YamlNode): readonly YamlScalar[] {
  if (node.kind === 'scalar') return [node];
  if (node.kind === 'sequence') return node.items.flatMap(scalarsIn);
  return node.entries.flatMap(({ key, value }) => [key, ...scalarsIn(value)]);
}

export function textAt({ source, start, end }: { source: Source; start: number; end: number }): string {
  return source.text.slice(start, end);
}
