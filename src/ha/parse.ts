import type { Diagnostic } from '../core/diagnostic.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Source } from '../core/source.ts';
import { type Line, linesOf, problem, type Word } from './words.ts';

/** One section of an haproxy configuration. */
export interface Section {
  /** `global`, `defaults`, `frontend`, `backend`, `listen`, … */
  readonly kind: string;
  /** Empty where the section has none. */
  readonly name: string;
  readonly header: Line;
  readonly lines: readonly Line[];
  /** The defaults that it inherits: those it names with `from`, else the last ones before it. */
  readonly defaults: Section | undefined;
}

/** The words that begin a section, up to haproxy 3.4. */
const sectionKinds = new Set([
  'global',
  'defaults',
  'frontend',
  'backend',
  'listen',
  'peers',
  'resolvers',
  'userlist',
  'mailers',
  'cache',
  'program',
  'http-errors',
  'ring',
  'log-forward',
  'log-profile',
  'fcgi-app',
  'crt-store',
  'traces',
  'acme',
]);
const proxyKinds = new Set(['frontend', 'backend', 'listen']);

/** The sections of a configuration that hlb need not have written, or the first place where they cannot be told. */
export function parseConfig(source: Source): Result<readonly Section[], Diagnostic> {
  const lines = linesOf(source);
  if (!lines.ok) return lines;
  const sections: Open[] = [];
  for (const line of lines.value) {
    const [word] = line;
    if (/^\.(if|elif|else|endif)$/.test(word.text))
      return err(
        problem('ha/environment', `"${word.text}" is decided when haproxy starts, so it cannot be known`, word.at),
      );
    if (word.text.startsWith('.')) continue;
    const current = sections.at(-1);
    if (sectionKinds.has(word.text)) {
      const section = opened(line, sections);
      if (!section.ok) return section;
      sections.push(section.value);
    } else if (current === undefined) {
      return err(problem('ha/outside-section', `Expected a section such as "global" before "${word.text}"`, word.at));
    } else {
      current.lines.push(line);
    }
  }
  return ok(sections);
}

interface Open extends Section {
  readonly lines: Line[];
}

function opened(header: Line, before: readonly Section[]): Result<Open, Diagnostic> {
  const [kind, second] = header;
  const unnamed = second === undefined || (kind.text === 'defaults' && second.text === 'from');
  const name = unnamed ? '' : second.text;
  if (proxyKinds.has(kind.text)) {
    if (name === '') return err(problem('ha/section-name', `Expected a name after "${kind.text}"`, kind.at));
    const twin = before.find((one) => one.name === name && sameRole(one.kind, kind.text));
    if (twin !== undefined && second !== undefined) {
      const message = `Expected a name of its own, found "${name}" again`;
      return err(problem('ha/section-name', message, second.at, [{ message: 'The first one', at: twin.header[0].at }]));
    }
  }
  const from = header.findIndex((word, index) => index > 0 && word.text === 'from');
  const wanted = from === -1 ? undefined : header[from + 1];
  const defaults = before.filter((one) => one.kind === 'defaults');
  const inherited =
    wanted === undefined ? lastUnless(kind.text, defaults) : defaults.find((one) => one.name === wanted.text);
  if (wanted !== undefined && inherited === undefined)
    return err(problem('ha/section-name', `There is no "defaults ${wanted.text}" before this line`, wanted.at));
  return ok({ kind: kind.text, name, header, lines: [], defaults: inherited });
}

/** A `defaults` section inherits only what it names. */
function lastUnless(kind: string, defaults: readonly Section[]): Section | undefined {
  return proxyKinds.has(kind) ? defaults.at(-1) : undefined;
}

/** A listen section is a frontend and a backend at once. */
function sameRole(one: string, other: string): boolean {
  return proxyKinds.has(one) && (one === other || one === 'listen' || other === 'listen');
}

/** Lines of a section that begin with a keyword; those of the defaults first, as haproxy applies them. */
export function linesWith(section: Section, keyword: string): readonly Line[] {
  const inherited = section.defaults === undefined ? [] : linesWith(section.defaults, keyword);
  return [...inherited, ...section.lines.filter(([word]) => word.text === keyword)];
}

/** Address and port of a word such as `10.0.0.1:6443`, `[::1]:6443`, `::1:6443`, `*:16443`, `ipv4@cp1:6443`. */
export function endpointOf(word: Word): { readonly address: string; readonly port: number } | undefined {
  const match = /^(?:ipv[46]@)?(.*):(\d+)$/.exec(word.text);
  const [, host = '', digits = ''] = match ?? [];
  const port = Number(digits);
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (match === null || /[@/$]/.test(address) || port < 1 || port > 65535) return undefined;
  return { address, port };
}
