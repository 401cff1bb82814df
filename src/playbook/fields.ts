import type { Location } from '../core/source.ts';
import { closest, didYouMean } from '../core/suggest.ts';
import type { YamlEntry, YamlMapping, YamlNode } from '../yaml/node.ts';
import { findKeyword, type Holder, holderName, keywordsOf } from './keywords.ts';
import type { Loading } from './loading.ts';
import { scalarText } from './values.ts';

/** The entries of a mapping by name. */
export interface Fields {
  readonly at: Location;
  readonly get: (name: string) => YamlNode | undefined;
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export function fieldsOf(mapping: YamlMapping): Fields {
  const entries = new Map(mapping.entries.map((entry) => [scalarText(entry.key), entry]));
  return { at: mapping.at, entries, get: (name) => entries.get(name)?.value };
}

/** Keywords that Ansible still takes by a name of old, and where. */
const oldNames: readonly { readonly name: string; readonly of: string; readonly where: Holder }[] = [
  { name: 'user', of: 'remote_user', where: 'play' },
];

/** The entries, each keyword under its own name. */
export function underOwnNames(loading: Loading, fields: Fields, holder: Holder): Fields {
  const entries = new Map(fields.entries);
  for (const { name, of } of oldNames.filter(({ where }) => where === holder)) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    if (entries.has(of)) refused(loading, name, entry, `it is another name of "${of}", which is set as well`);
    entries.delete(name);
    entries.set(of, entries.get(of) ?? entry);
  }
  return { at: fields.at, entries, get: (name) => entries.get(name)?.value };
}

/** Reports keys that a holder cannot carry; keys that a caller knows to be something else are left out. */
export function checkKeys(loading: Loading, fields: Fields, holder: Holder, alsoKnown: readonly string[] = []): void {
  const known = new Set([...keywordsOf(holder), ...alsoKnown]);
  for (const [name, entry] of fields.entries) if (!known.has(name)) unknownKey(loading, name, entry, holder, alsoKnown);
}

/** A keyword elsewhere says so; anything else is asked for by its nearest name. */
export function unknownKey(
  loading: Loading,
  name: string,
  entry: YamlEntry,
  holder: Holder,
  alsoKnown: readonly string[] = [],
): void {
  const keyword = findKeyword(name);
  if (keyword !== undefined) {
    if (keyword.type === 'refused') return refused(loading, name, entry, keyword.summary);
    loading.report.error(
      'playbook/misplaced-keyword',
      entry.key.at,
      `"${name}" is no keyword of ${holderName(holder)}`,
      `It belongs to ${keyword.where.map(holderName).join(', ')}`,
    );
    return;
  }
  loading.report.error(
    'playbook/unknown-keyword',
    entry.key.at,
    `Unknown keyword "${name}" of ${holderName(holder)}`,
    suggestion(name, [...keywordsOf(holder), ...alsoKnown]),
  );
}

function refused(loading: Loading, name: string, entry: YamlEntry, reason: string): void {
  loading.report.error('playbook/refused-keyword', entry.key.at, `"${name}" cannot be used: ${reason}`);
}

/** Reports `debugger`, which is a keyword everywhere and supported nowhere. */
export function refuseKeywords(loading: Loading, fields: Fields): void {
  for (const [name, entry] of fields.entries) {
    const keyword = findKeyword(name);
    if (keyword?.type === 'refused') refused(loading, name, entry, keyword.summary);
  }
}

/** Keys of a mapping that is no holder of keywords, such as loop_control. */
export function checkNames(loading: Loading, fields: Fields, what: string, known: readonly string[]): void {
  for (const [name, entry] of fields.entries) {
    if (known.includes(name)) continue;
    loading.report.error(
      'playbook/unknown-keyword',
      entry.key.at,
      `Unknown key "${name}" of ${what}`,
      suggestion(name, known) ?? `Known: ${known.join(', ')}`,
    );
  }
}

/** Names that people know from elsewhere, or from older days. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['condition', 'when'],
  ['if', 'when'],
  ['loop_var', 'loop_control'],
  ['retry', 'retries'],
  ['sudo', 'become'],
  ['sudo_user', 'become_user'],
  ['su', 'become'],
  ['su_user', 'become_user'],
  ['unless', 'when'],
  ['user', 'remote_user'],
  ['variables', 'vars'],
]);

function suggestion(name: string, known: readonly string[]): string | undefined {
  const other = otherNames.get(name);
  return other !== undefined && known.includes(other) ? `Did you mean "${other}"?` : didYouMean(name, known);
}

/** The nearest of the keywords that a holder may carry. */
export function nearestKeyword(name: string, holder: Holder): string | undefined {
  return closest(name, keywordsOf(holder));
}
