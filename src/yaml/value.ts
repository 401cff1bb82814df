import { unreachable } from '../core/result.ts';
import type { Value } from '../core/value.ts';
import type { YamlNode } from './node.ts';

/** The value of a tree: YAML 1.2 core, tags and places left behind. Aliases give the same value in each place. */
export function toValue(node: YamlNode): Value {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(toValue);
    case 'mapping':
      return new Map(node.entries.map(({ key, value }) => [key.value, toValue(value)]));
    default:
      return unreachable(node);
  }
}
