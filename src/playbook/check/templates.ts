import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Location, Source } from '../../core/source.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Template } from '../../expr/api.ts';
import { compileTemplate } from '../../expr/compile.ts';
import type { TemplateOptions } from '../../module/need.ts';
import { firstThatExists, folderOf, resolvePath } from '../files.ts';
import type { Loading } from '../loading.ts';
import { createReport } from '../report.ts';

/** A template file with those that it includes. */
export interface TemplateFile {
  /** Absent where it is no template of the language, which was reported. */
  readonly template: Template | undefined;
  readonly includes: readonly Template[];
  /** Names that any of them sets, which the others may see. */
  readonly sets: readonly string[];
  /** What is wrong in them. */
  readonly found: readonly Diagnostic[];
}

/** Template files, each compiled once. */
export interface TemplateFiles {
  readonly read: (path: string, options: TemplateOptions) => TemplateFile;
}

export function createTemplateFiles(loading: Loading): TemplateFiles {
  const compiled = new Map<string, Compiled>();
  const compileOnce = (source: Source, options: TemplateOptions): Compiled => {
    const key = `${source.path} ${JSON.stringify(options)}`;
    const one = compiled.get(key) ?? compile(source, options);
    compiled.set(key, one);
    return one;
  };
  return {
    read: (path, options) => {
      const { sources, missing } = familyOf(loading, path);
      const all = sources.map((source) => compileOnce(source, options));
      return {
        template: all[0]?.template,
        includes: all.slice(1).flatMap(({ template }) => template ?? []),
        sets: sources.flatMap(namesSetIn),
        found: [...missing, ...all.flatMap(({ found }) => found)],
      };
    },
  };
}

interface Compiled {
  readonly template: Template | undefined;
  readonly found: readonly Diagnostic[];
}

function compile(source: Source, options: TemplateOptions): Compiled {
  const { trimBlocks, lstripBlocks, delimiters } = options;
  const place = (start: number, end: number): Location => ({ source, start, end });
  const result = compileTemplate(source.text, place, {
    trimBlocks,
    lstripBlocks,
    escapes: true,
    ...(delimiters === undefined ? {} : { delimiters }),
  });
  return result.ok
    ? { template: result.value, found: result.warnings }
    : { template: undefined, found: result.diagnostics };
}

/** A file and all that it includes by literal names, itself first. */
function familyOf(
  loading: Loading,
  path: string,
): { readonly sources: readonly Source[]; readonly missing: readonly Diagnostic[] } {
  const found = new Map<string, Source>();
  const { error, all } = createReport();
  const visit = (one: string): void => {
    const text = found.has(one) ? undefined : loading.options.readFile(one);
    if (text === undefined) return;
    const source: Source = { path: one, text };
    found.set(one, source);
    for (const { name, at, optional } of includedBy(source)) {
      const candidates = foldersAbove(one).map((folder) => resolvePath(folder, name));
      const inner = firstThatExists(loading.options, candidates);
      if (inner !== undefined) visit(inner);
      else if (!optional)
        error('playbook/file-not-found', at, `There is no template "${name}"`, meantBy(loading, name, one));
    }
  };
  visit(path);
  return { sources: [...found.values()], missing: all() };
}

interface Included {
  readonly name: string;
  readonly at: Location;
  readonly optional: boolean;
}

/** Literal names behind include, import and from. */
function includedBy(source: Source): readonly Included[] {
  const pattern = /\{%[-+]?\s*(?:include|import|from|extends)\s+(['"])([^'"]+)\1([^%]*)%\}/g;
  return [...source.text.matchAll(pattern)].map((match) => {
    const [whole, , name = '', rest = ''] = match;
    const start = match.index + whole.indexOf(name);
    return { name, at: { source, start, end: start + name.length }, optional: /\bignore\s+missing\b/.test(rest) };
  });
}

/** Whatever a tag of the text may set, taken broadly. */
function namesSetIn(source: Source): readonly string[] {
  const tags = source.text.matchAll(/\{%[-+]?\s*(?:set|for|macro|import|from|with|call)\b([^]*?)%\}/g);
  return [...tags].flatMap(([tag]) => tag.match(/[A-Za-z_]\w*/g) ?? []);
}

/** Beside the template, and up to the templates/ that it lies in. */
function foldersAbove(path: string): readonly string[] {
  const own = folderOf(path);
  const root = /^(.*\/templates)(\/|$)/.exec(own)?.[1];
  return root === undefined || root === own ? [own, `${own}/templates`] : [own, root];
}

function meantBy(loading: Loading, name: string, path: string): string | undefined {
  const names = foldersAbove(path).flatMap((folder) => loading.options.list(folder));
  return didYouMean(name, names);
}
