import type { Location } from '../core/source.ts';

/** A YAML 1.2 tree in which every node knows its place. */
export type YamlNode = YamlScalar | YamlSequence | YamlMapping;

export interface YamlScalar {
  readonly kind: 'scalar';
  /** Core schema; integers are `bigint`. */
  readonly value: null | boolean | bigint | number | string;
  /** As written, quotes apart: `0644` stays `0644`. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** Such as `!vault` or `!unsafe`; absent without one. */
  readonly tag?: string;
  readonly at: Location;
  /** The place of `value.slice(from, to)` in the source, exact through quotes, escapes and block indentation; the whole scalar where it cannot be exact. */
  readonly place: (from: number, to: number) => Location;
}

export interface YamlSequence {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
  readonly tag?: string;
  readonly at: Location;
}

export interface YamlMapping {
  readonly kind: 'mapping';
  /** In order; keys are unique (a duplicate is a diagnostic, and the first stays). Merge keys (`<<`) are applied. */
  readonly entries: readonly YamlEntry[];
  readonly tag?: string;
  readonly at: Location;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

export function entryOf(mapping: YamlMapping, key: string): YamlEntry | undefined {
  return mapping.entries.find((entry) => entry.key.text === key);
}
