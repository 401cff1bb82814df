import { OMIT } from '../api.ts';
import { compareText, order } from '../runtime/compare.ts';
import { EvaluationError, fail } from '../runtime/failure.ts';
import { floatText } from '../runtime/float-text.ts';
import { known } from '../runtime/force.ts';
import { momentText } from '../runtime/moment.ts';
import { typeName } from '../runtime/type-name.ts';
import { isDict, isList, type Val } from '../runtime/value.ts';
import { analyze } from './yaml-analyze.ts';
import { scalarKind } from './yaml-scalar.ts';
import { type Writer, writer } from './yaml-writer.ts';

export interface YamlStyle {
  readonly indent: number;
  readonly width: number;
  readonly sortKeys: boolean;
  /** Collections in brackets: always, never, or those that hold scalars only. */
  readonly flow: 'always' | 'never' | 'leaves';
  readonly explicitStart: boolean;
  readonly explicitEnd: boolean;
}

/** A value as it will be written. */
type Node =
  | { readonly kind: 'scalar'; readonly chars: readonly string[]; readonly plain: boolean }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly flow: boolean }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Node, Node])[]; readonly flow: boolean };

/** PyYAML's `dump` over libyaml, as `to_yaml` uses it; equal values are written out each time, without anchors. */
export function dumpYaml(value: Val, style: YamlStyle): string {
  const root = represent(value, style);
  const out = writer(style.width);
  if (style.explicitStart) {
    out.indicator('---', true, false, false);
    if (root.kind !== 'scalar' && !isFlow(root, 0)) out.newLine(0);
  }
  emit(root, { indent: -1, flow: 0, simpleKey: false, inMapping: false }, out, style);
  return `${out.text()}\n${style.explicitEnd ? '...\n' : ''}`;
}

function represent(given: Val, style: YamlStyle): Node {
  const value = known(given);
  if (isList(value)) {
    const items = value.filter((item) => item !== OMIT).map((item) => represent(item, style));
    return { kind: 'list', items, flow: flowFor(items, style) };
  }
  if (isDict(value)) {
    const entries = sortedEntries(value, style).map(
      ([key, item]) => [represent(key, style), represent(item, style)] as const,
    );
    return { kind: 'map', entries, flow: flowFor(entries.flat(), style) };
  }
  return scalar(value);
}

function flowFor(children: readonly Node[], { flow }: YamlStyle): boolean {
  return flow === 'always' || (flow === 'leaves' && children.every((child) => child.kind === 'scalar'));
}

function sortedEntries(dict: ReadonlyMap<Val, Val>, style: YamlStyle): [Val, Val][] {
  const entries = [...dict].filter(([, item]) => item !== OMIT);
  if (!style.sortKeys) return entries;
  try {
    return entries.toSorted(([a], [b]) =>
      typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : order(a, b),
    );
  } catch (error) {
    if (error instanceof EvaluationError) return entries;
    throw error;
  }
}

function scalar(value: Val): Node {
  const plain = (text: string): Node => ({ kind: 'scalar', chars: Array.from(text), plain: true });
  if (typeof value === 'string')
    return { kind: 'scalar', chars: Array.from(value), plain: scalarKind(value) === 'str' };
  if (value === null) return plain('null');
  if (typeof value === 'boolean') return plain(value ? 'true' : 'false');
  if (typeof value === 'bigint') return plain(value.toString());
  if (typeof value === 'number') return plain(floatYaml(value));
  if (typeof value === 'object' && 'kind' in value && value.kind === 'moment') return plain(momentText(value));
  return fail('type', `A ${typeName(value)} cannot be written as YAML`);
}

function floatYaml(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = floatText(value);
  return text.includes('.') ? text : text.replace('e', '.0e');
}

interface Around {
  readonly indent: number;
  readonly flow: number;
  readonly simpleKey: boolean;
  readonly inMapping: boolean;
}

function isFlow(node: Node, flow: number): boolean {
  if (node.kind === 'scalar') return true;
  return flow > 0 || node.flow || (node.kind === 'list' ? node.items.length === 0 : node.entries.length === 0);
}

function deeper(around: Around, style: YamlStyle, flow: boolean, flush: boolean): number {
  if (around.indent < 0) return flow ? style.indent : 0;
  return flush ? around.indent : around.indent + style.indent;
}

function emit(node: Node, around: Around, out: Writer, style: YamlStyle): void {
  if (node.kind === 'scalar') return emitScalar(node, { ...around, indent: deeper(around, style, true, false) }, out);
  if (isFlow(node, around.flow)) return emitFlow(node, around, out, style);
  return node.kind === 'list' ? emitList(node.items, around, out, style) : emitMap(node.entries, around, out, style);
}

function emitScalar({ chars, plain }: Extract<Node, { kind: 'scalar' }>, around: Around, out: Writer): void {
  const { multiline, flowPlain, blockPlain, singleQuoted } = analyze(chars);
  const breaks = !around.simpleKey;
  const indent = around.indent;
  const fits = around.flow > 0 ? flowPlain : blockPlain;
  const empty = chars.length === 0 && (around.flow > 0 || around.simpleKey);
  if (!(around.simpleKey && multiline) && plain && fits && !empty) return out.plain(chars, indent, breaks);
  if (singleQuoted && !(around.simpleKey && multiline)) return out.single(chars, indent, breaks);
  return out.double(chars, indent, breaks);
}

function emitList(items: readonly Node[], around: Around, out: Writer, style: YamlStyle): void {
  const indent = deeper(around, style, false, around.inMapping && !out.atIndention());
  for (const item of items) {
    out.newLine(indent);
    out.indicator('-', true, false, true);
    emit(item, { indent, flow: 0, simpleKey: false, inMapping: false }, out, style);
  }
}

function emitMap(entries: readonly (readonly [Node, Node])[], around: Around, out: Writer, style: YamlStyle): void {
  const indent = deeper(around, style, false, false);
  const inside = { indent, flow: 0, simpleKey: false, inMapping: true };
  for (const [key, value] of entries) {
    out.newLine(indent);
    if (isSimpleKey(key)) {
      emit(key, { ...inside, simpleKey: true }, out, style);
      out.indicator(':', false, false, false);
    } else {
      out.indicator('?', true, false, true);
      emit(key, inside, out, style);
      out.newLine(indent);
      out.indicator(':', true, false, true);
    }
    emit(value, inside, out, style);
  }
}

function emitFlow(node: Exclude<Node, { kind: 'scalar' }>, around: Around, out: Writer, style: YamlStyle): void {
  const indent = deeper(around, style, true, false);
  const inside = { indent, flow: around.flow + 1, simpleKey: false, inMapping: node.kind === 'map' };
  const [open, close] = node.kind === 'list' ? '[]' : '{}';
  out.indicator(open ?? '', true, true, false);
  const children: readonly (readonly [Node, Node | undefined])[] =
    node.kind === 'list' ? node.items.map((item) => [item, undefined]) : node.entries;
  for (const [at, [key, value]] of children.entries()) {
    if (at > 0) out.indicator(',', false, false, false);
    if (out.column() > style.width) out.newLine(indent);
    if (value === undefined) {
      emit(key, inside, out, style);
      continue;
    }
    if (isSimpleKey(key)) {
      emit(key, { ...inside, simpleKey: true }, out, style);
      out.indicator(':', false, false, false);
    } else {
      out.indicator('?', true, false, false);
      emit(key, inside, out, style);
      if (out.column() > style.width) out.newLine(indent);
      out.indicator(':', true, false, false);
    }
    emit(value, inside, out, style);
  }
  out.indicator(close ?? '', false, false, false);
}

/** Short and on one line. */
function isSimpleKey(key: Node): boolean {
  if (key.kind !== 'scalar') return (key.kind === 'list' ? key.items : key.entries).length === 0;
  return !analyze(key.chars).multiline && Buffer.byteLength(key.chars.join(''), 'utf8') <= 128;
}
