import { fail } from '../../runtime/failure.ts';
import { characters } from '../../runtime/iterate.ts';
import type { Runtime } from '../../runtime/value.ts';
import { findAll, type Match } from './match.ts';
import type { Program } from './program.ts';

/** Python's `re.subn`: at most `count` matches replaced where that is above 0. */
export function substitute(
  program: Program,
  template: string,
  text: string,
  count: number,
  rt: Runtime,
): { readonly text: string; readonly times: number } {
  const parts = readTemplate(template, program);
  const chars = characters(text);
  const slice =
    chars.length === text.length
      ? (from: number, to?: number) => text.slice(from, to)
      : (from: number, to?: number) => chars.slice(from, to).join('');
  let made = '';
  let at = 0;
  let times = 0;
  for (const match of findAll(program, text, rt)) {
    if (count > 0 && times >= count) break;
    const replaced = parts.map((part) => (typeof part === 'string' ? part : (match.group(part) ?? ''))).join('');
    made += slice(at, match.start) + replaced;
    rt.reserve(replaced.length);
    at = match.end;
    times++;
  }
  rt.reserve(text.length);
  return { text: made + slice(at), times };
}

const form = /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S])|$)/g;

/** The groups that a replacement names, by number or name. */
export function groupsOfReplacement(template: string): readonly string[] {
  return [...template.matchAll(form)].flatMap(([, name, , number]) => name ?? number ?? []);
}

/** A replacement with `\1`, `\g<name>` and escapes, as texts and group numbers. */
function readTemplate(template: string, program: Program): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  let at = 0;
  for (const match of template.matchAll(form)) {
    parts.push(template.slice(at, match.index));
    at = match.index + match[0].length;
    const [, name, octal, number, letter] = match;
    if (name !== undefined) parts.push(groupOf(name, program));
    else if (number !== undefined) parts.push(groupOf(number, program));
    else if (octal !== undefined) parts.push(String.fromCharCode(Number.parseInt(octal, 8)));
    else parts.push(escaped(letter));
  }
  parts.push(template.slice(at));
  return parts;
}

function groupOf(name: string, { pattern }: Program): number {
  const index = /^\d+$/.test(name) ? Number(name) : pattern.names.get(name);
  if (index === undefined || index > pattern.groups) return fail('value', `The pattern has no group "${name}"`);
  return index;
}

const controls: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);

function escaped(letter: string | undefined): string {
  if (letter === undefined) return fail('value', 'The replacement ends after "\\"');
  const control = controls.get(letter);
  if (control !== undefined) return control;
  if (/[A-Za-z]/.test(letter))
    fail('value', `Unknown escape "\\${letter}" in the replacement`, 'Write "\\\\" for a backslash');
  return `\\${letter}`;
}

/** The texts of the groups of a match: all of them, or the whole where there are none. */
export function partsOf(match: Match): readonly string[] {
  if (match.groups === 0) return [match.group(0) ?? ''];
  return Array.from({ length: match.groups }, (_, at) => match.group(at + 1) ?? '');
}
