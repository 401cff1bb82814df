import { placeText } from '../../core/source.ts';
import { type Counted, countReasons, isUnsupported, type ReasonKind } from '../../playbook/survey/reason.ts';
import type { Survey } from '../../playbook/survey/survey.ts';
import type { Unit } from '../../playbook/survey/unit.ts';
import { counted } from '../../report/counted.ts';

const titles: Readonly<Record<Unit['kind'], string>> = {
  playbook: 'Playbooks',
  role: 'Roles',
  tasks: 'Files of tasks that nothing above reads',
  inventory: 'Inventories',
};

const verdicts: Readonly<Record<Unit['verdict'], string>> = {
  unchanged: 'runs unchanged',
  conditional: 'runs, and fails a host that a condition leads to',
  incomplete: 'runs once what it names is there',
  refused: 'would be refused',
};

const placesShown = 3;

/** A survey as a table for people. */
export function surveyText({ units, beside }: Survey): string {
  const sections = Object.entries(titles).flatMap(([kind, title]) => {
    const own = units.filter((unit) => unit.kind === kind);
    const good = own.filter((unit) => unit.verdict === 'unchanged').length;
    return own.length === 0 ? [] : [`${title}: ${good} of ${own.length} unchanged`, ...rows(own), ''];
  });
  if (units.length === 0) sections.push('Nothing here looks like a playbook, a role or an inventory.', '');
  const reasons = countReasons(units.flatMap((unit) => unit.reasons));
  const part = (title: string, wanted: (kind: ReasonKind) => boolean): readonly string[] => {
    const own = reasons.filter((one) => wanted(one.kind));
    return own.length === 0 ? [] : [title, ...own.flatMap(reasonLines), ''];
  };
  return [
    ...sections,
    ...part('What hlb does not have', isUnsupported),
    ...part('What is not in the tree', (kind) => kind === 'missing'),
    ...part('What is wrong in any case', (kind) => kind === 'mistake'),
    ...(beside.length === 0
      ? []
      : ['What stands beside and is not used', ...countReasons(beside).flatMap(reasonLines), '']),
  ].join('\n');
}

function rows(units: readonly Unit[]): readonly string[] {
  const width = Math.min(60, Math.max(...units.map((unit) => unit.path.length)));
  return units.map((unit) => `  ${unit.path.padEnd(width)}  ${verdicts[unit.verdict]}${because(unit)}`);
}

/** `: 2 modules, 1 filter`. */
function because({ reasons }: Unit): string {
  const kinds = new Map<ReasonKind, Set<string>>();
  for (const { kind, subject } of reasons) kinds.set(kind, (kinds.get(kind) ?? new Set()).add(subject));
  const words: Readonly<Partial<Record<ReasonKind, string>>> = {
    missing: 'missing file',
    collection: 'role of a collection',
  };
  const parts = [...kinds].map(([kind, subjects]) => countedWord(subjects.size, words[kind] ?? kind));
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}

function countedWord(count: number, word: string): string {
  if (word === 'role of a collection') return count === 1 ? `1 ${word}` : `${count} roles of collections`;
  return word === 'inventory' ? 'an inventory plugin' : counted(count, word);
}

function reasonLines({ kind, subject, help, places }: Counted): readonly string[] {
  const count = places.length > 1 ? ` (${places.length} times)` : '';
  const shown = places.slice(0, placesShown).map(placeText).join(', ');
  const more = places.length > placesShown ? ', …' : '';
  const name =
    kind === 'missing' || kind === 'mistake' ? subject : subject.includes(' ') ? subject : `${kind} ${subject}`;
  return [
    `  ${name}${count}`,
    ...(shown === '' ? [] : [`      ${shown}${more}`]),
    ...(help === undefined ? [] : [`      ${help}`]),
  ];
}
