import type { Source } from '../core/source.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Place } from '../expr/api.ts';
import type { Term } from '../vars/term.ts';
import { termOfValue } from '../vars/value-term.ts';
import type { DraftGroup } from './draft.ts';
import { hostNames } from './host-names.ts';
import { type Line, linesOf } from './ini-lines.ts';
import { pythonLiteral } from './python-literal.ts';
import {
  declareChild,
  declareGroup,
  declareHosts,
  problem,
  type Reading,
  reportName,
  setGroupVariable,
  setHostVariable,
} from './reading.ts';
import { splitWords, type Word } from './words.ts';

type Kind = 'hosts' | 'children' | 'vars';

/** A group that was mentioned and whose section has yet to come. */
interface Pending {
  readonly kind: 'children' | 'vars';
  readonly parents: string[];
  readonly line: Line;
}

/** Adds an INI inventory to the draft. */
export function readIni(source: Source, reading: Reading): void {
  const pending = new Map<string, Pending>();
  let group = declareGroup(reading, 'ungrouped', { source, start: 0, end: 0 });
  let kind: Kind | 'unknown' = 'hosts';
  for (const line of linesOf(source)) {
    const section = sectionPattern.exec(line.text);
    if (section !== null) {
      const name = section[1] ?? '';
      kind = kindOf(section[2] ?? 'hosts', line, reading);
      group = openSection(name, kind, line, pending, reading);
    } else if (line.text.startsWith('[') && line.text.endsWith(']')) {
      problem(
        reading,
        'inventory/section',
        `"${line.text}" is not a section`,
        line.at(),
        'Write [group], [group:children] or [group:vars], without blanks',
      );
      kind = 'unknown';
    } else if (kind === 'hosts') {
      readHost(line, group, reading);
    } else if (kind === 'vars') {
      readVariable(line, group, reading);
    } else if (kind === 'children') {
      readChild(line, group, pending, reading);
    }
  }
  for (const [name, { kind: how, parents, line }] of pending) {
    const message =
      how === 'vars'
        ? `[${name}:vars] belongs to the group "${name}", which is nowhere declared`
        : `The group "${name}", a child of "${parents.join('", "')}", is nowhere declared`;
    const others = [...reading.draft.groups.keys()].filter((other) => !pending.has(other));
    problem(
      reading,
      'inventory/undefined-group',
      message,
      line.at(),
      didYouMean(name, others) ?? `Add a section [${name}]`,
    );
  }
}

const sectionPattern = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const childPattern = /^([^:\]\s]+)\s*(?:#.*)?$/;

function kindOf(word: string, line: Line, reading: Reading): Kind | 'unknown' {
  if (word === 'hosts' || word === 'children' || word === 'vars') return word;
  const start = line.text.indexOf(':') + 1;
  const help = didYouMean(word, ['children', 'vars']) ?? 'Only [group], [group:children] and [group:vars] are known';
  problem(reading, 'inventory/section', `Unknown kind of section "${word}"`, line.at(start, start + word.length), help);
  return 'unknown';
}

/** A group that was waited for becomes a child of its parents now, in this order. */
function openSection(
  name: string,
  kind: Kind | 'unknown',
  line: Line,
  pending: Map<string, Pending>,
  reading: Reading,
): DraftGroup {
  const at = line.at(1, 1 + name.length);
  if (kind === 'vars') {
    if (!reading.draft.groups.has(name) && !pending.has(name)) pending.set(name, { kind, parents: [], line });
    return declareGroup(reading, name, at);
  }
  const group = declareGroup(reading, name, at);
  const waiting = pending.get(name);
  pending.delete(name);
  for (const parent of waiting?.parents ?? []) declareChild(reading, parent, name, waiting?.line.at() ?? at);
  return group;
}

function readChild(line: Line, group: DraftGroup, pending: Map<string, Pending>, reading: Reading): void {
  const name = childPattern.exec(line.text)?.[1];
  if (name === undefined) {
    problem(
      reading,
      'inventory/host-line',
      `Expected the name of a group below [${group.name}:children], found "${line.text}"`,
      line.at(),
    );
    return;
  }
  const waiting = pending.get(name);
  if (reading.draft.groups.has(name)) declareChild(reading, group.name, name, line.at(0, name.length));
  else if (waiting === undefined) pending.set(name, { kind: 'children', parents: [group.name], line });
  else waiting.parents.push(group.name);
}

function readHost(line: Line, group: DraftGroup, reading: Reading): void {
  const words = splitWords(line.text);
  if (!words.ok) {
    problem(reading, 'inventory/host-line', words.error.message, line.at(words.error.at));
    return;
  }
  const [first, ...rest] = words.value;
  if (first === undefined) return;
  const at = line.at(first.offsets[0], first.offsets.at(-1));
  if (first.text.endsWith(':')) {
    problem(
      reading,
      'inventory/host-line',
      `A host cannot end in ":", found "${first.text}"`,
      at,
      'A port follows the colon; in a YAML inventory the file ends in .yml',
    );
    return;
  }
  if (first.text === '---') {
    problem(
      reading,
      'inventory/host-line',
      'A line "---" begins a YAML file, and this one is read as INI',
      at,
      'Name a YAML inventory with .yml at its end',
    );
    return;
  }
  const { names, port } = hostNames(reading, first.text, at);
  declareHosts(reading, names, group.name, port, at);
  for (const word of rest) readAssignment(word, line, names, reading);
}

function readAssignment(word: Word, line: Line, hosts: readonly string[], reading: Reading): void {
  const equals = word.text.indexOf('=');
  const place = (from: number, to: number) =>
    line.at(word.offsets[from], to > from ? (word.offsets[to - 1] ?? 0) + 1 : word.offsets[to]);
  if (equals === -1) {
    problem(
      reading,
      'inventory/host-line',
      `Expected a variable as name=value, found "${word.text}"`,
      place(0, word.text.length),
      'A value with blanks stands in quotes; one host is one line',
    );
    return;
  }
  const name = word.text.slice(0, equals);
  reportName(reading, name, place(0, equals));
  const term = valueOf(word.text.slice(equals + 1), (from, to) => place(equals + 1 + from, equals + 1 + to), reading);
  for (const host of hosts) setHostVariable(reading, host, name, term);
}

function readVariable(line: Line, group: DraftGroup, reading: Reading): void {
  const equals = line.text.indexOf('=');
  if (equals === -1) {
    problem(
      reading,
      'inventory/host-line',
      `Expected name=value below [${group.name}:vars], found "${line.text}"`,
      line.at(),
    );
    return;
  }
  const name = line.text.slice(0, equals).trim();
  reportName(reading, name, line.at(0, name.length));
  const rest = line.text.slice(equals + 1);
  const value = rest.trim();
  const start = equals + 1 + rest.indexOf(value);
  setGroupVariable(
    reading,
    group,
    name,
    valueOf(value, (from, to) => line.at(start + from, start + to), reading),
  );
}

/** A Python literal, or the text as it stands. */
function valueOf(text: string, place: Place, reading: Reading): Term {
  const literal = pythonLiteral(text);
  const at = place(0, text.length);
  const { term, diagnostics } = termOfValue(
    literal === undefined ? text : literal,
    at,
    literal === undefined ? place : undefined,
  );
  for (const diagnostic of diagnostics) reading.report(diagnostic);
  return term;
}
