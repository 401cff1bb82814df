import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const project = join(import.meta.dirname, '../../..');

/** A piece of code between two lines of backquotes. */
export interface Fence {
  /** Such as `yaml`, and what stands behind it, such as `inventory`. */
  readonly language: string;
  readonly kind: string;
  readonly text: string;
  /** `README.md:12`, of its first line. */
  readonly place: string;
}

export interface Page {
  /** Relative to the project. */
  readonly path: string;
  readonly fences: readonly Fence[];
  /** What is not in a fence. */
  readonly prose: string;
}

/** README.md and every guide. */
export const pages: readonly Page[] = ['README.md', ...guides()].map(readPage);

function guides(): readonly string[] {
  return readdirSync(join(project, 'docs/guide'))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `docs/guide/${name}`);
}

export function readPage(path: string): Page {
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { readonly info: string; readonly from: number; readonly lines: string[] } | undefined;
  for (const [index, line] of readFileSync(join(project, path), 'utf8').split('\n').entries()) {
    const info = /^\s*```(.*)$/.exec(line)?.[1];
    if (open === undefined) {
      if (info === undefined) prose.push(line);
      else open = { info, from: index + 2, lines: [] };
    } else if (info === undefined) {
      open.lines.push(line);
    } else {
      const [language = '', kind = ''] = open.info.trim().split(/\s+/);
      fences.push({ language, kind, text: `${open.lines.join('\n')}\n`, place: `${path}:${open.from}` });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`The fence at ${path}:${open.from - 1} is never closed`);
  return { path, fences, prose: prose.join('\n') };
}

export const fences: readonly Fence[] = pages.flatMap((page) => page.fences);

/** The name that a link to a heading uses, as GitHub makes it. */
export function anchors({ prose }: Page): readonly string[] {
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

export function isThere(path: string): boolean {
  return existsSync(join(project, path));
}
