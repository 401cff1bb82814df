import { normalize } from 'node:path';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { placeText } from '../../../src/core/source.ts';
import { createRegistry } from '../../../src/module/registry.ts';
import { builtinModules } from '../../../src/modules/registry.ts';
import type { Files } from '../../../src/playbook/files.ts';
import { loadPlaybooks } from '../../../src/playbook/load.ts';
import type { LoadOptions } from '../../../src/playbook/loading.ts';

export const registry = createRegistry(builtinModules);

/** Files of a text each, by path. */
export function filesOf(texts: Readonly<Record<string, string>>): Files {
  const paths = new Map(Object.entries(texts).map(([path, text]) => [normalize(path), text]));
  const inside = (path: string): readonly string[] => {
    const prefix = normalize(path) === '.' ? '' : `${normalize(path)}/`;
    const below = [...paths.keys()].filter((one) => one.startsWith(prefix) && !one.startsWith('/'));
    return [...new Set(below.map((one) => one.slice(prefix.length).split('/')[0] ?? ''))];
  };
  return {
    readFile: (path) => paths.get(normalize(path)),
    exists: (path) => paths.has(normalize(path)) || inside(path).length > 0,
    list: inside,
  };
}

export interface Given extends Partial<LoadOptions> {
  readonly files?: Readonly<Record<string, string>>;
}

export function optionsOf(given: Given = {}): LoadOptions {
  const { files = {}, ...rest } = given;
  return { registry, extraVarNames: [], rolesPaths: [], ...filesOf(files), ...rest };
}

/** Loads `site.yml` of this text, with other files beside it. */
export function load(text: string, given: Given = {}) {
  return loadPlaybooks(['site.yml'], optionsOf({ ...given, files: { ...given.files, 'site.yml': text } }));
}

/** `site.yml:3:5 error playbook/x: message (help)` of each. */
export function lines(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ at, code, severity, message, help }) => {
    const place = at === undefined ? '' : `${placeText(at)} `;
    return `${place}${severity === 'error' ? '' : 'warning '}${code}: ${message}${help === undefined ? '' : ` (${help})`}`;
  });
}
