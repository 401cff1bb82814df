import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import type { Source } from '../../src/core/source.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import type { Inventory } from '../../src/inventory/model.ts';
import { loadPlaybooks } from '../../src/playbook/load.ts';
import { doubled, without, withEntryBefore, withValue } from '../rig/mutation/entries.ts';
import { type Site, sitesOf, type ValueType } from '../rig/mutation/sites.ts';
import { applied, chosen, createRandom, type Edit, lineOf, misspelled, sample } from '../rig/mutation/text.ts';
import { filesIn } from '../unit/playbook/disk.ts';
import { lines, registry } from '../unit/playbook/harness.ts';

/** Give another to see other mutants: HLB_MUTATION_SEED=7 npx vitest run --project property test/property/mutation.test.ts */
const seed = Number(process.env['HLB_MUTATION_SEED'] ?? 20261122);
/** At most so many mutants of each operator. */
const perOperator = 34;

const root = join(import.meta.dirname, '../..');
const playbooks = readdirSync(join(root, 'playbooks'))
  .filter((name) => name.endsWith('.yml'))
  .map((name) => `playbooks/${name}`);
const hosts = join(root, 'inventory/example.yml');

/** A mistake that is made at a site. */
interface Mistake extends Edit {
  /** Places, before the edit, whose lines are right too: what the mistake is about stands there. */
  readonly also?: readonly number[];
  /** What was renamed is missed where it is used: then the message must speak of the place where it was defined. */
  readonly isDefinition?: boolean;
}

type Operator = (site: Site, source: Source, random: () => number) => Mistake | undefined;

const slip = (range: { readonly from: number; readonly to: number }, source: Source, random: () => number): Edit => ({
  ...range,
  text: misspelled(source.text.slice(range.from, range.to), random),
});

const misspelledName =
  (of: Extract<Site, { readonly kind: 'name' }>['of']): Operator =>
  (site, source, random) =>
    site.kind === 'name' && site.of === of ? slip(site, source, random) : undefined;

const misspelledToken =
  (kind: string): Operator =>
  (site, source, random) =>
    site.kind === 'token' && site.token.kind === kind ? slip(site, source, random) : undefined;

const wrongValues: Readonly<Record<ValueType, string>> = {
  boolean: 'perhaps',
  number: 'many',
  text: '{one: two}',
  list: '{one: two}',
  mapping: '[one, two]',
  conditions: '{one: two}',
};

/** The operators, as the issue lists them. Free text, names and numbers in their range are not mutated. */
const operators: Readonly<Record<string, Operator>> = {
  'misspelled key': (site, source, random) => {
    if (site.kind !== 'entry' || site.what === 'variable') return undefined;
    const { start: from, end: to } = site.entry.key.at;
    return slip({ from, to }, source, random);
  },
  'unknown key': (site, source) =>
    // What stands beside a role's keywords is a parameter, whatever its name.
    site.kind === 'entry' && site.what !== 'variable' && !site.isOfRole
      ? withEntryBefore(site.entry, site.mapping, source, 'frobnicate: true')
      : undefined,
  'duplicate key': (site, source) => {
    if (site.kind !== 'entry') return undefined;
    return { ...doubled(site.entry, site.mapping, source), also: [site.entry.key.at.start] };
  },
  'removed required key': (site, source) => {
    const edit = site.kind === 'required' ? without(site.entry, site.mapping) : undefined;
    if (edit === undefined || site.kind !== 'required') return undefined;
    return { ...edit, also: [site.mapping.at.start, site.owner?.at.start ?? source.text.length] };
  },
  'wrong type': (site, source) =>
    site.kind === 'typed' ? withValue(site.entry, source, wrongValues[site.type]) : undefined,
  'value outside an enum': (site, source) =>
    site.kind === 'enum' ? withValue(site.entry, source, 'frobnicated') : undefined,
  'misspelled variable': misspelledToken('variable'),
  'misspelled variable, where it is set': (site, source, random) => {
    if (site.kind === 'name' && site.of === 'variable') return { ...slip(site, source, random), isDefinition: true };
    if (site.kind === 'token' && site.token.kind === 'target')
      return { ...slip(site, source, random), isDefinition: true };
    if (site.kind !== 'entry' || site.what !== 'variable' || !/^[a-z_]+$/.test(site.entry.key.text)) return undefined;
    const { start: from, end: to } = site.entry.key.at;
    return { ...slip({ from, to }, source, random), isDefinition: true };
  },
  'misspelled field of a result': misspelledToken('field'),
  'misspelled filter': misspelledToken('filter'),
  'misspelled test': misspelledToken('test'),
  'misspelled lookup or function': misspelledToken('function'),
  'misspelled module': misspelledName('module'),
  'misspelled handler': (site, source, random) =>
    site.kind === 'name' && site.of === 'handler' ? { ...slip(site, source, random), isDefinition: true } : undefined,
  'misspelled host group': misspelledName('host group'),
  'misspelled role': misspelledName('role'),
  'misspelled template or task file': (site, source, random) => {
    if (site.kind === 'name' && site.of === 'file') return slip(site, source, random);
    if (site.kind !== 'token' || !/\.(yml|j2)['"]$/.test(site.token.text)) return undefined;
    return slip({ from: site.from + 1, to: site.to - 1 }, source, random);
  },
  'wrong filter arguments': (site, source, random) => {
    if (site.kind !== 'token') return undefined;
    if (site.token.kind === 'argument') return slip(site, source, random);
    if (site.token.kind !== 'filter') return undefined;
    const { from, to } = site.call ?? { from: site.to, to: site.to };
    const many = '(1, 2, 3, 4, 5, 6, 7, 8)';
    // Some filters take any number of arguments, but of these names none.
    return {
      from,
      to,
      text:
        chosen(
          /^(zip|product|extract|combine|map|select|reject)/.test(site.token.text)
            ? ['(frobnicate=1)']
            : [many, '(frobnicate=1)'],
          random,
        ) ?? many,
    };
  },
  'broken Jinja': (site, source, random) => {
    if (site.kind === 'code')
      return { from: site.to, to: site.to, text: chosen([' ==', ' and', ' |', ' )'], random) ?? ' ==' };
    if (site.kind !== 'tag') return undefined;
    const { from, to, tag, open } = site;
    if (tag.kind === 'block' && open !== undefined) return { from, to, text: '', also: [open] };
    const inner = to - 2 - (/[-+]/.test(source.text[to - 3] ?? '') ? 1 : 0);
    const ways: readonly Edit[] = [
      { from: to - 1, to, text: '' },
      { from: to - 2, to, text: '' },
      { from: inner, to: inner, text: '( ' },
      { from: inner, to: inner, text: '| ' },
      { from: inner, to: inner, text: ') ' },
    ];
    return chosen(ways, random);
  },
  'broken quoting': (site, source, random) => {
    if (site.kind === 'token' && site.token.kind === 'text')
      return chosen(
        [
          { from: site.from, to: site.from + 1, text: '' },
          { from: site.to - 1, to: site.to, text: '' },
        ],
        random,
      );
    if (site.kind !== 'quoted') return undefined;
    const { start, end } = site.node.at;
    const ways: Edit[] = [{ from: end - 1, to: end, text: '' }];
    // In free text a lone quote at the end is text as well.
    if (!site.isFree) ways.push({ from: start, to: start + 1, text: '' });
    if (site.node.text.startsWith('{'))
      ways.push({ from: start, to: end, text: source.text.slice(start + 1, end - 1) });
    return chosen(ways, random);
  },
  'broken mode': (site, _, random) => {
    if (site.kind !== 'mode') return undefined;
    const { start: from, end: to } = site.node.at;
    return { from, to, text: chosen(['"0999"', '755', 'u=rwq', '"rw-r--r-x"', '"07777777"'], random) ?? '"0999"' };
  },
};

interface Mutant {
  readonly operator: string;
  readonly source: Source;
  readonly mistake: Mistake;
  readonly text: string;
}

interface Verdict {
  readonly mutant: Mutant;
  readonly found: 'error' | 'warning' | 'elsewhere' | 'never';
  readonly said: readonly string[];
}

const disk = filesIn(root);

function mutantsOf(sources: readonly Source[]): readonly Mutant[] {
  const random = createRandom(seed);
  const sites = sources.flatMap((source) => sitesOf(source, registry).map((site) => ({ source, site })));
  return Object.entries(operators).flatMap(([operator, make]) => {
    const all = sites.flatMap(({ source, site }): readonly Mutant[] => {
      const mistake = make(site, source, random);
      const text = mistake === undefined ? source.text : applied(source.text, mistake);
      return mistake === undefined || text === source.text ? [] : [{ operator, source, mistake, text }];
    });
    return sample(all, perOperator, random);
  });
}

function diagnosticsWith(
  inventory: Inventory,
  changed: Source | undefined,
  some: readonly string[] = playbooks,
): readonly Diagnostic[] {
  const readFile = (path: string) => (path === changed?.path ? changed.text : disk.readFile(path));
  return loadPlaybooks(some, { ...disk, readFile, registry, inventory, extraVarNames: [], rolesPaths: [] }).diagnostics;
}

/** By each file the playbooks that read it: what is wrong in it says nothing of the others, which have no mistakes. */
function readersIn(inventory: Inventory): (path: string) => readonly string[] {
  const read = playbooks.map((playbook) => {
    const paths = new Set<string>();
    const readFile = (path: string) => {
      paths.add(path);
      return disk.readFile(path);
    };
    loadPlaybooks([playbook], { ...disk, readFile, registry, inventory, extraVarNames: [], rolesPaths: [] });
    return { playbook, paths };
  });
  return (path) => read.filter(({ paths }) => paths.has(path)).map(({ playbook }) => playbook);
}

function judge(inventory: Inventory, mutant: Mutant, readers: readonly string[]): Verdict {
  const { source, mistake, text } = mutant;
  const changed: Source = { path: source.path, text };
  const diagnostics = diagnosticsWith(inventory, changed, readers);
  const moved = (offset: number): number =>
    offset < mistake.to ? offset : offset + mistake.text.length - (mistake.to - mistake.from);
  const right = new Set([mistake.from, ...(mistake.also ?? []).map(moved)].map((offset) => lineOf(changed, offset)));
  const isRight = (at: Diagnostic['at']): boolean =>
    at !== undefined && at.source.path === source.path && right.has(lineOf(changed, at.start));
  const here = diagnostics.filter(
    ({ at, related = [] }) => isRight(at) || (mistake.isDefinition === true && related.some((one) => isRight(one.at))),
  );
  const found = here.some(({ severity }) => severity === 'error')
    ? 'error'
    : here.length > 0
      ? 'warning'
      : diagnostics.length > 0
        ? 'elsewhere'
        : 'never';
  return { mutant, found, said: lines(diagnostics) };
}

function shown({ mutant: { operator, source, mistake }, found, said }: Verdict): string {
  const from = source.text.lastIndexOf('\n', mistake.from) + 1;
  const before = source.text.slice(from, mistake.from);
  const was = source.text.slice(mistake.from, mistake.to);
  const place = `${source.path}:${lineOf(source, mistake.from)}`;
  return `${operator}, ${found}: ${place} ${before}«${was}»→«${mistake.text}»\n    ${said.slice(0, 3).join('\n    ')}`;
}

describe('Mistakes in the playbooks that come with hlb', () => {
  let inventory: Inventory;
  beforeAll(async () => {
    const loaded = await loadInventory({
      sources: [hosts],
      playbookDirs: [join(root, 'playbooks')],
      runProgram: () => Promise.reject(new Error('The inventory is no program')),
    });
    inventory = loaded.inventory;
    expect(loaded.diagnostics).toEqual([]);
  });

  const below = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? below(join(folder, entry.name)) : [join(folder, entry.name)],
    );
  const sources = below('playbooks').map((path): Source => ({ path, text: readFileSync(join(root, path), 'utf8') }));

  it('has none to begin with', () => {
    expect(lines(diagnosticsWith(inventory, undefined))).toEqual([]);
  });

  it('finds them before anything runs, on their own line', () => {
    const began = performance.now();
    const readers = readersIn(inventory);
    const verdicts = mutantsOf(sources).map((mutant) => judge(inventory, mutant, readers(mutant.source.path)));
    const isFound = ({ found }: Verdict): boolean => found === 'error' || found === 'warning';
    const table = Object.keys(operators).map((operator) => {
      const own = verdicts.filter((one) => one.mutant.operator === operator);
      const count = (found: Verdict['found']) => String(own.filter((one) => one.found === found).length).padStart(4);
      return `${operator.padEnd(40)}${String(own.length).padStart(5)} ${count('error')} errors ${count('warning')} warnings ${count('elsewhere')} elsewhere ${count('never')} never`;
    });
    const survivors = verdicts.filter((one) => !isFound(one));
    const share = (100 * (verdicts.length - survivors.length)) / verdicts.length;
    process.stdout.write(
      `${[
        `seed ${seed}: ${verdicts.length} mutants, ${verdicts.length - survivors.length} found on their line (${share.toFixed(1)} %), ${((performance.now() - began) / 1000).toFixed(1)} s`,
        ...table,
        ...survivors.map(shown),
      ].join('\n')}\n`,
    );
    expect(verdicts.length).toBeGreaterThanOrEqual(500);
    for (const operator of Object.keys(operators))
      expect(
        verdicts.some((one) => one.mutant.operator === operator),
        operator,
      ).toBe(true);
    expect(share).toBeGreaterThanOrEqual(95);
  });
});
