import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Location, Source } from '../core/source.ts';
import { didYouMean } from '../core/suggest.ts';
import type { YamlCode } from './codes.ts';
import { type Finding, problem } from './finding.ts';
import { valueEnd } from './line.ts';
import type { Mend } from './mend.ts';
import { mergeEntries } from './merge-keys.ts';
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence } from './node.ts';
import { quotedEnd } from './quoted.ts';
import { foldedText, placeIn } from './scalar-place.ts';
import { allTags, fitsTag, shortTag } from './tags.ts';

/** More nodes than this may not come from aliases: a few lines of aliases can stand for billions. */
const maxAliasedNodes = 100_000;
const maxDepth = 200;

export interface Converted {
  readonly root: YamlNode | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Makes our tree of one parsed document. `text` is what the parser read: the source with earlier mends applied. A scalar
 * that begins at an offset in `plain` was made by a mend and keeps the text that the source has there; one in `joined`
 * was made one line, and has the value that the source has there.
 */
export function convertDocument(
  contents: Node | null,
  source: Source,
  text: string,
  { plain, joined }: { readonly plain: ReadonlySet<number>; readonly joined: ReadonlySet<number> },
): Converted {
  const findings: Finding[] = [];
  const anchors = new Map<string, YamlNode | 'open'>();
  /** Nodes below each node, aliases unfolded. */
  const sizes = new Map<YamlNode, number>();
  let aliased = 0;

  const location = (start: number, end: number): Location => ({ source, start, end });
  const rangeOf = (node: Node): Location => location(node.range?.[0] ?? 0, node.range?.[1] ?? 0);
  /** Without the line breaks that the parser counts to the last value. */
  const collectionAt = (node: YAMLMap | YAMLSeq): Location => {
    const { start, end } = rangeOf(node);
    return location(start, start + text.slice(start, end).trimEnd().length);
  };
  const report = (code: YamlCode, message: string, at: Location, help?: string, mend?: Mend): void => {
    findings.push({
      diagnostic: problem(code, message, at, help),
      ...(mend === undefined ? {} : { mend }),
      fromParser: false,
    });
  };

  function convert(node: Node, depth: number, inFlow: boolean): YamlNode {
    if (isAlias(node)) return resolveAlias(node);
    if (depth > maxDepth) {
      report('yaml/too-deep', `Values are nested deeper than ${maxDepth} levels`, rangeOf(node));
      return emptyAt(rangeOf(node));
    }
    const anchor = node.anchor;
    if (anchor !== undefined) anchors.set(anchor, 'open');
    const made = isScalar(node)
      ? scalar(node, inFlow)
      : isMap(node)
        ? mapping(node, depth, inFlow)
        : sequence(node, depth);
    if (anchor !== undefined) anchors.set(anchor, made);
    return made;
  }

  function sized<N extends YamlNode>(node: N, children: Iterable<YamlNode>): N {
    let size = 1;
    for (const child of children) size += sizes.get(child) ?? 1;
    sizes.set(node, size);
    return node;
  }

  function resolveAlias(node: Alias): YamlNode {
    const at = rangeOf(node);
    const target = anchors.get(node.source);
    if (target === undefined) {
      const help = didYouMean(node.source, anchors.keys()) ?? 'Quote the value if no alias was meant';
      const message = `Alias "*${node.source}" refers to no anchor above it`;
      report('yaml/unknown-alias', node.source === '' ? 'Expected the name of an anchor after "*"' : message, at, help);
      return emptyAt(at);
    }
    if (target === 'open') {
      report('yaml/recursive-alias', `Alias "*${node.source}" stands inside of the value it refers to`, at);
      return emptyAt(at);
    }
    const before = aliased;
    aliased += sizes.get(target) ?? 1;
    if (aliased <= maxAliasedNodes) return target;
    if (before <= maxAliasedNodes) {
      report('yaml/alias-bomb', `Aliases unfold to more than ${maxAliasedNodes.toLocaleString('en')} values`, at);
    }
    return emptyAt(at);
  }

  function tagOf(node: Scalar | YAMLMap | YAMLSeq): { readonly tag?: string } {
    const tag = shortTag(node.tag);
    if (tag === undefined) return {};
    if (!allTags.includes(tag)) {
      const start = text.lastIndexOf(tag, node.range?.[0] ?? 0);
      const at = start === -1 ? rangeOf(node) : location(start, start + tag.length);
      report(
        'yaml/unknown-tag',
        `Unknown tag "${tag}"`,
        at,
        didYouMean(tag, allTags) ?? 'Quote the value if no tag was meant',
      );
    }
    return { tag };
  }

  function scalar(node: Scalar, inFlow: boolean): YamlScalar {
    const at = rangeOf(node);
    const style = styles[node.type ?? 'PLAIN'];
    if (style === 'plain' && plain.has(at.start)) {
      const value = source.text.slice(at.start, at.end);
      return { kind: 'scalar', value, text: value, style, at, place: placeIn(source, at, style, value) };
    }
    const isJoined = joined.has(at.start) && (style === 'single' || style === 'double');
    const value = isJoined ? foldedText(source.text, at, style) : coreValue(node);
    const written = typeof value === 'string' ? value : (node.source ?? '');
    const tag = tagOf(node);
    if (tag.tag !== undefined && !fitsTag(tag.tag, value)) {
      report('yaml/bad-tag', `"${written}" is not what the tag "${tag.tag}" says`, at);
    }
    const isQuoted = style === 'single' || style === 'double';
    if (isQuoted && quotedEnd(text, at.start) !== at.end) {
      const quote = text.charAt(at.start);
      const rest = text.slice(at.start, valueEnd(text, at.start));
      const end = at.start + (inFlow ? rest.replace(/[\s,\]}]+$/, '') : rest).length;
      const mend: Mend = { from: at.start, to: end, as: 'plain' };
      const where = location(at.start, end);
      report('yaml/unclosed-quote', `A ${style} quote is opened and never closed`, where, closeHelp(quote), mend);
    }
    return {
      kind: 'scalar',
      value,
      text: written,
      style,
      ...tag,
      at,
      place: placeIn(source, at, style, value),
    };
  }

  function sequence(node: YAMLSeq, depth: number): YamlSequence {
    const at = collectionAt(node);
    if (node.flow === true) checkClosed(at, '[', ']');
    const items = node.items.map((item) => (isNode(item) ? convert(item, depth + 1, node.flow === true) : emptyAt(at)));
    return sized({ kind: 'sequence', items, ...tagOf(node), at }, items);
  }

  function mapping(node: YAMLMap, depth: number, inFlow: boolean): YamlMapping {
    const at = collectionAt(node);
    if (node.flow === true) {
      if (text.startsWith('{{', at.start)) return template(at, inFlow ? 'flow' : 'value');
      checkClosed(at, '{', '}');
    }
    const entries: { readonly entry: YamlEntry; readonly isMerge: boolean }[] = [];
    const first = new Map<unknown, Location>();
    for (const pair of node.items) {
      const key = keyOf(pair, depth);
      const value = isNode(pair.value)
        ? convert(pair.value, depth + 1, node.flow === true)
        : emptyAt(key === undefined ? at : location(key.at.end, key.at.end));
      if (key === undefined) continue;
      const isMerge = key.style === 'plain' && key.text === '<<' && key.tag === undefined;
      const known = first.get(key.value);
      if (known !== undefined && !isMerge) {
        const twice = problem('yaml/duplicate-key', `Key "${key.text}" stands twice in this mapping`, key.at);
        const related = [{ message: 'the first one stands here', at: known }];
        findings.push({ diagnostic: { ...twice, related }, fromParser: false });
        continue;
      }
      first.set(key.value, key.at);
      entries.push({ entry: { key, value }, isMerge });
    }
    const merged = mergeEntries(entries, (where) =>
      report('yaml/bad-merge', 'Expected a mapping or a list of mappings to merge', where),
    );
    return sized(
      { kind: 'mapping', entries: merged, ...tagOf(node), at },
      merged.map((entry) => entry.value),
    );
  }

  function keyOf(pair: Pair, depth: number): YamlScalar | undefined {
    if (!isNode(pair.key)) return emptyAt(location(0, 0));
    if (isMap(pair.key) && pair.key.flow === true && text.startsWith('{{', pair.key.range?.[0])) {
      template(rangeOf(pair.key), 'key');
      return undefined;
    }
    const key = convert(pair.key, depth + 1, true);
    if (key.kind === 'scalar') return key;
    report(
      'yaml/complex-key',
      `Expected a text as key, found a ${key.kind === 'mapping' ? 'mapping' : 'list'}`,
      rangeOf(pair.key),
    );
    return undefined;
  }

  /** `{{` without quotes: on its own a value reaches to the end of its line, elsewhere to the closing braces. */
  function template(at: Location, where: 'value' | 'key' | 'flow'): YamlMapping {
    const lineEnd = valueEnd(text, at.start);
    const braces = text.indexOf('}}', at.start);
    const end = where === 'value' || braces === -1 || braces >= lineEnd ? lineEnd : braces + 2;
    const written = source.text.slice(at.start, end);
    const quote = written.includes('"') ? "'" : '"';
    const quoted = quote === "'" ? `'${written.replaceAll("'", "''")}'` : `"${written.replaceAll('\\', '\\\\')}"`;
    report(
      'yaml/unquoted-template',
      `A ${where === 'key' ? 'key' : 'value'} that begins with "{{" must stand in quotes`,
      location(at.start, end),
      `Write ${quoted}`,
      { from: at.start, to: end, as: 'plain' },
    );
    return { kind: 'mapping', entries: [], at };
  }

  /** A pair in a list, as in `[a: 1]`, is a mapping without braces. */
  function checkClosed(at: Location, opening: '[' | '{', closing: ']' | '}'): void {
    if (text.charAt(at.start) !== opening) return;
    if (text.charAt(at.end - 1) === closing && at.end - at.start > 1) return;
    report(
      'yaml/unclosed-bracket',
      `"${opening}" is opened and never closed`,
      location(at.start, at.start + 1),
      `Add the missing "${closing}", or quote the value if it is a text`,
    );
  }

  function emptyAt(at: Location): YamlScalar {
    return { kind: 'scalar', value: null, text: '', style: 'plain', at, place: () => at };
  }

  const root = contents === null ? undefined : convert(contents, 0, false);
  return { root, findings };
}

function isNode(value: unknown): value is Node {
  return isAlias(value) || isScalar(value) || isMap(value) || isSeq(value);
}

const styles = {
  PLAIN: 'plain',
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
} as const satisfies Record<Scalar.Type, YamlScalar['style']>;

function coreValue({ value, source }: Scalar): YamlScalar['value'] {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return value;
  return typeof value === 'number' || typeof value === 'string' ? value : (source ?? '');
}

function closeHelp(quote: string): string {
  const inside =
    quote === '"'
      ? 'Write \\" for a quote inside of the text'
      : 'Write two of them for an apostrophe inside of the text';
  return `Add the missing ${quote === '"' ? "'\"'" : `"'"`}. ${inside}`;
}
