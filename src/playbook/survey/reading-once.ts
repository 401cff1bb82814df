import { normalize } from 'node:path';
import type { Source } from '../../core/source.ts';
import { type ParsedYaml, parseYaml } from '../../yaml/parse.ts';
import type { LoadOptions } from '../loading.ts';

/**
 * The same files for every part of a tree: a role that fifty playbooks use is read and parsed once. What is compiled of
 * it is kept by the nodes that were parsed.
 */
export function readingOnce(options: LoadOptions): LoadOptions {
  const parsed = new Map<string, { readonly text: string; readonly result: ParsedYaml }>();
  return {
    ...options,
    readFile: once((path) => options.readFile(path)),
    exists: once((path) => options.exists(path)),
    list: once((path) => options.list(path)),
    parse: (source: Source) => {
      const known = parsed.get(source.path);
      // A playbook that stands for a role alone has another text under the same path.
      if (known?.text === source.text) return known.result;
      const result = parseYaml(source);
      parsed.set(source.path, { text: source.text, result });
      return result;
    },
  };
}

function once<T>(read: (path: string) => T): (path: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (given) => {
    const path = normalize(given);
    const found = known.get(path) ?? { value: read(path) };
    known.set(path, found);
    return found.value;
  };
}
