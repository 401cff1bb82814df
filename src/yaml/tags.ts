import type { YamlScalar } from './node.ts';

const standardPrefix = 'tag:yaml.org,2002:';

/** The tags that a text may have: Ansible's, and the standard ones of what YAML's core schema knows. */
export const allTags: readonly string[] = [
  '!vault',
  '!vault-encrypted',
  '!unsafe',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `!!${name}`),
];

/** A tag as people write it, `!!str` for `tag:yaml.org,2002:str`; none for a bare `!`, which says nothing. */
export function shortTag(tag: string | undefined): string | undefined {
  if (tag === undefined || tag === '!') return undefined;
  return tag.startsWith(standardPrefix) ? `!!${tag.slice(standardPrefix.length)}` : tag;
}

/** Whether a scalar is what its tag says. */
export function fitsTag(tag: string, value: YamlScalar['value']): boolean {
  switch (tag) {
    case '!!int':
      return typeof value === 'bigint';
    case '!!float':
      return typeof value === 'number' || typeof value === 'bigint';
    case '!!bool':
      return typeof value === 'boolean';
    case '!!null':
      return value === null;
    default:
      return tag !== '!!map' && tag !== '!!seq';
  }
}
