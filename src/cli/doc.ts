import { exitCodes } from '../core/exit-codes.ts';
import { didYouMean } from '../core/suggest.ts';
import { filters } from '../expr/filters/registry.ts';
import { functions } from '../expr/globals.ts';
import { lookups } from '../expr/lookups/registry.ts';
import { tests } from '../expr/tests/registry.ts';
import { builtinGuards } from '../guards/registry.ts';
import { builtinModules } from '../modules/registry.ts';
import { findKeyword, keywords } from '../playbook/keywords.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { createModules } from './modules.ts';
import { problem } from './problem.ts';
import { guardPage, modulePage } from './reference/module-page.ts';
import { type Page, plainText } from './reference/page.ts';
import { definitionPage, keywordPage } from './reference/pages.ts';
import type { System } from './system.ts';

/** `hlb doc [NAME]`: everything that bears the name, or all names. */
export function doc(name: string | undefined, { out, err }: System): number {
  if (name === undefined) {
    for (const [kind, names] of allNames())
      out.write(`${kind}\n${names.toSorted().join('\n')}\n\n`.replaceAll(/\n(?=\w)/g, '\n  '));
    return exitCodes.ok;
  }
  const pages = pagesOf(name);
  if (pages.length > 0) {
    out.write(pages.map(plainText).join('\n'));
    return exitCodes.ok;
  }
  const help = didYouMean(name, [...allNames().values()].flat()) ?? '"hlb doc" lists all names';
  const unknown = problem('cli/unknown-name', `Nothing of hlb is called "${name}"`, help);
  writeDiagnostics([unknown], { output: err, format: 'text', color: err.color });
  return exitCodes.badInput;
}

function pagesOf(name: string): readonly Page[] {
  const module = createModules().find(name);
  const keyword = findKeyword(name);
  const found = { filter: filters.get(name), test: tests.get(name), lookup: lookups.get(name) };
  const guard = builtinGuards.find((one) => one.name === name);
  const called = functions.find((one) => one.name === name);
  return [
    ...(module === undefined ? [] : [modulePage(module)]),
    ...(guard === undefined ? [] : [guardPage(guard)]),
    ...(keyword === undefined ? [] : [keywordPage(keyword)]),
    ...Object.entries(found).flatMap(([kind, one]) => (one === undefined ? [] : [definitionPage(kind, one)])),
    ...(called === undefined ? [] : [definitionPage('function', called)]),
  ];
}

/** Everything that there is a page of, by its sort. */
export function allNames(): ReadonlyMap<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    ['modules', builtinModules.map((module) => module.name)],
    ['guards', builtinGuards.map((guard) => guard.name)],
    ['keywords', keywords.map((keyword) => keyword.name)],
    ['filters', filters.names],
    ['tests', tests.names],
    ['lookups', lookups.names],
    ['functions', functions.map((one) => one.name)],
  ]);
}
