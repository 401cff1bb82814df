import { exitCodes } from '../../core/exit-codes.ts';
import { filters } from '../../expr/filters/registry.ts';
import { functions } from '../../expr/globals.ts';
import { lookups } from '../../expr/lookups/registry.ts';
import { signatureText } from '../../expr/runtime/signature.ts';
import { tests } from '../../expr/tests/registry.ts';
import { builtinGuards } from '../../guards/registry.ts';
import { builtinModules } from '../../modules/registry.ts';
import { holderName, type Keyword, keywords } from '../../playbook/keywords.ts';
import { explanations } from '../explanations.ts';
import { guardPage, modulePage } from './module-page.ts';
import type { Page } from './page.ts';

/** Every page of the reference by its path below docs/reference, without the extension. */
export function referencePages(): ReadonlyMap<string, Page> {
  return new Map<string, Page>([
    ['modules', modulesPage()],
    ...builtinModules.map((module) => [`modules/${module.name}`, modulePage(module)] as const),
    ['guards', guardsPage()],
    ...builtinGuards.map((guard) => [`guards/${guard.name}`, guardPage(guard)] as const),
    ['filters', definitionsPage('Filters', 'A filter stands behind a bar: `value | name(arguments)`.', filters.all)],
    ['tests', definitionsPage('Tests', 'A test stands behind `is`: `value is name(arguments)`.', tests.all)],
    ['lookups', definitionsPage('Lookups', "A lookup is called by name: `lookup('name', …)`.", lookups.all)],
    ['functions', definitionsPage('Functions', 'Functions that every template can call.', functions)],
    ['keywords', keywordsPage()],
    ['diagnostics', diagnosticsPage()],
    ['exit-codes', exitCodesPage()],
  ]);
}

function modulesPage(): Page {
  const rows = builtinModules.map(({ name, summary }) => [`[${name}](modules/${name}.md)`, summary]);
  return {
    title: 'Modules',
    parts: [
      {
        kind: 'text',
        text: 'Beside them, `include_tasks`, `import_tasks`, `include_role` and `import_role` name other files.',
      },
      { kind: 'table', head: ['module', 'what it does'], rows },
    ],
  };
}

function guardsPage(): Page {
  const rows = builtinGuards.map(({ name, summary }) => [`[${name}](guards/${name}.md)`, summary]);
  return { title: 'Guards', parts: [{ kind: 'table', head: ['guard', 'what it asks'], rows }] };
}

export interface Described {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly collection?: string;
  readonly summary: string;
  readonly params: Parameters<typeof signatureText>[0];
}

function definitionsPage(title: string, text: string, all: readonly Described[]): Page {
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    title,
    parts: [
      { kind: 'text', text },
      { kind: 'table', head: ['name', 'arguments', 'meaning'], rows: sorted.map(definitionRow) },
    ],
  };
}

function definitionRow({ name, aliases = [], collection, summary, params }: Described): readonly string[] {
  const names = [name, ...aliases].map((one) => `\`${one}\``).join(', ');
  const from = collection === undefined || collection === 'ansible.builtin' ? '' : ` (${collection})`;
  return [`${names}${from}`, params.length === 0 ? '' : `\`${signatureText(params)}\``, `${summary}.`];
}

/** A filter, test, lookup or function alone. */
export function definitionPage(kind: string, one: Described): Page {
  const [names = '', args = '', summary = ''] = definitionRow(one);
  const head = `${names.replaceAll('`', '')}${args.replaceAll('`', '')}`;
  return { title: `${kind} ${head}`, parts: [{ kind: 'text', text: summary }] };
}

function keywordsPage(): Page {
  return {
    title: 'Keywords',
    parts: [{ kind: 'table', head: ['keyword', 'where', 'takes', 'meaning'], rows: keywords.map(keywordRow) }],
  };
}

function keywordRow(keyword: Keyword): readonly string[] {
  const { name, where, type, values, summary } = keyword;
  const takes =
    values === undefined ? type.replace('literal-', 'fixed ') : values.map((one) => `\`${one}\``).join(', ');
  return [`\`${name}\``, where.map(holderName).join(', '), takes, summary];
}

export function keywordPage(keyword: Keyword): Page {
  const [, where = '', takes = '', summary = ''] = keywordRow(keyword);
  return {
    title: `keyword ${keyword.name}`,
    parts: [
      { kind: 'text', text: summary },
      {
        kind: 'table',
        head: [],
        rows: [
          ['stands in', where],
          ['takes', takes],
        ],
      },
    ],
  };
}

function diagnosticsPage(): Page {
  const rows = [...explanations()].map(([code, { title, explanation }]) => [`\`${code}\``, title, explanation]);
  return {
    title: 'Diagnostics',
    parts: [
      { kind: 'text', text: '`hlb explain CODE` prints one of them.' },
      { kind: 'table', head: ['code', 'what', 'what to do'], rows },
    ],
  };
}

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'All went well.',
  internal: 'A bug of hlb.',
  failed: 'A host failed.',
  refused: 'Refused by a guard.',
  unreachable: 'A host could not be reached, and none failed.',
  badInput: 'Bad input; nothing was connected to.',
  pending: 'Changes are due or cannot be known (`hlb play --check --exit-code`).',
  interrupted: 'Interrupted.',
};

function exitCodesPage(): Page {
  const rows = Object.entries(meanings).flatMap(([name, meaning]) =>
    Object.entries(exitCodes).flatMap(([key, code]) => (key === name ? [[String(code), meaning]] : [])),
  );
  return { title: 'Exit codes', parts: [{ kind: 'table', head: ['code', 'meaning'], rows }] };
}
