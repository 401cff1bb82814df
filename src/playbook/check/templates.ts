import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Location, Source } from '../../core/source.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Template } from '../../expr/api.ts';
import { compileTemplate } from '../../expr/compile.ts';
import type { TemplateOptions } from '../../module/need.ts';
import { firstThatExists, folderOf, resolvePath } from '../files.ts';
import type { Loading } from '../loading.ts';

/** Template files, each compiled once. */
export interface TemplateFiles {
  /** Of a path; what is wrong in it and in those that it includes is reported at its own place. */
  readonly read: (path: string, options: TemplateOptions) => Template | undefined;
}

export function createTemplateFiles(loading: Loading): TemplateFiles {
  const known = new Map<string, Template | undefined>();
  const compile = (path: string, options: TemplateOptions): Template | undefined => {
    const text = loading.options.readFile(path);
    if (text === undefined) return undefined;
    const source: Source = { path, text };
    const compiled = compileTemplate(text, (start, end) => ({ source, start, end }), {
      trimBlocks: options.trimBlocks,
      lstripBlocks: options.lstripBlocks,
      escapes: true,
    });
    const diagnostics: readonly Diagnostic[] = compiled.ok ? compiled.warnings : compiled.diagnostics;
    loading.report.add(diagnostics);
    for (const { name, at, optional } of includedBy(source)) {
      const inner = firstThatExists(
        loading.options,
        foldersAbove(path).map((folder) => resolvePath(folder, name)),
      );
      if (inner !== undefined) read(inner, options);
      else if (!optional) reportMissing(loading, name, at, path);
    }
    return compiled.ok ? compiled.value : undefined;
  };
  const read = (path: string, options: TemplateOptions): Template | undefined => {
    const key = `${path} ${options.trimBlocks} ${options.lstripBlocks}`;
    if (known.has(key)) return known.get(key);
    known.set(key, undefined);
    const found = compile(path, options);
    known.set(key, found);
    return found;
  };
  return { read };
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

/** Beside the template, and up to the templates/ that it lies in. */
function foldersAbove(path: string): readonly string[] {
  const own = folderOf(path);
  const root = /^(.*\/templates)(\/|$)/.exec(own)?.[1];
  return root === undefined || root === own ? [own, `${own}/templates`] : [own, root];
}

function reportMissing(loading: Loading, name: string, at: Location, path: string): void {
  const names = foldersAbove(path).flatMap((folder) => loading.options.list(folder));
  loading.report.error('playbook/file-not-found', at, `There is no template "${name}"`, didYouMean(name, names));
}
