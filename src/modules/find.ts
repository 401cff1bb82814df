import { posix } from 'node:path';
import { z } from 'zod';
import { compilePythonRegex } from '../core/python-regex.ts';
import type { JsonObject } from '../core/value.ts';
import { directory, file } from '../host/ask.ts';
import type { DirectoryFact, DirectoryQuery, FileQuery } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { matchesGlob } from '../module/glob.ts';
import { bool, choice, int, list, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';
import { statFields } from '../module/stat-fields.ts';
import { statReturns } from '../module/stat-returns.ts';

const age = /^(-?\d+)([smhdw]?)$/i;
const size = /^(-?\d+)([bkmgt]?)$/i;

const params = z
  .strictObject({
    paths: required(list(path()), 'Directories to look in', { aliases: ['name', 'path'] }),
    patterns: withDefault(list(text()), [], 'Shell patterns of names; with `use_regex` regular expressions', {
      aliases: ['pattern'],
    }),
    excludes: withDefault(list(text()), [], 'Patterns of names to leave out', { aliases: ['exclude'] }),
    use_regex: withDefault(
      bool(),
      false,
      "The patterns are Python's regular expressions, matched from the start of a name",
    ),
    file_type: withDefault(choice(['any', 'directory', 'file', 'link']), 'file', 'What to look for'),
    recurse: withDefault(bool(), false, 'Look in directories below, too'),
    depth: optional(int({ min: 1 }), 'How deep, with `recurse`'),
    hidden: withDefault(bool(), false, 'Also names that begin with a dot'),
    age: optional(
      text().refine((value) => age.test(value), { error: 'Expected a number and s, m, h, d or w' }),
      'At least this old, such as "2d"; negative: at most',
    ),
    age_stamp: withDefault(choice(['atime', 'ctime', 'mtime']), 'mtime', 'Which time counts'),
    size: optional(
      text().refine((value) => size.test(value), { error: 'Expected a number and b, k, m, g or t' }),
      'At least this big, such as "10m"; negative: at most',
    ),
    contains: optional(text(), "Python's regular expression that a line of the file must begin with"),
    read_whole_file: withDefault(
      bool(),
      false,
      'Search `contains` in the whole file rather than at the start of lines',
    ),
    limit: optional(int({ min: 1 }), 'Return at most so many'),
    get_checksum: withDefault(bool(), false, 'Return the SHA-1 of each file'),
  })
  .superRefine((p, context) => {
    const check = (patterns: readonly string[], field: string): void => {
      for (const pattern of patterns) {
        const regex = compilePythonRegex(pattern);
        if (!regex.ok) context.addIssue({ code: 'custom', message: regex.error, path: [field] });
      }
    };
    if (p.use_regex) check(p.patterns, 'patterns');
    if (p.use_regex) check(p.excludes, 'excludes');
    if (p.contains !== undefined) check([p.contains], 'contains');
  });

type Params = z.output<typeof params>;
type Entry = DirectoryFact['entries'][number];

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const bytesPer: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/** Whether a number is at least a limit, or at most one that is negative. */
function within(
  value: number,
  limit: string | undefined,
  format: RegExp,
  per: Readonly<Record<string, number>>,
): boolean {
  const [, number = '0', unit = ''] = format.exec(limit ?? '0') ?? [];
  const wanted = Number(number) * (per[unit.toLowerCase()] ?? 1);
  if (limit === undefined) return true;
  return wanted >= 0 && !number.startsWith('-') ? value >= wanted : value <= Math.abs(wanted);
}

function queryOf(p: Params, at: string): DirectoryQuery {
  const depth = p.recurse ? p.depth : 1;
  return directory(at, { hashes: p.get_checksum ? ['sha1'] : [], ...(depth === undefined ? {} : { depth }) });
}

function fits(name: string, pattern: string, useRegex: boolean): boolean {
  if (!useRegex) return matchesGlob(pattern, name);
  const regex = compilePythonRegex(pattern);
  return regex.ok && new RegExp(regex.value.source, `${regex.value.flags}y`).test(name);
}

/** Whether all but the content fits. */
function isWanted(p: Params, entry: Entry, now: number): boolean {
  const name = posix.basename(entry.path);
  if (name.startsWith('.') && !p.hidden) return false;
  if (p.file_type !== 'any' && entry.file.type !== p.file_type) return false;
  const isNamed = p.patterns.length === 0 || p.patterns.some((pattern) => fits(name, pattern, p.use_regex));
  if (!isNamed || p.excludes.some((pattern) => fits(name, pattern, p.use_regex))) return false;
  if (!within(now - entry.file[p.age_stamp], p.age, age, secondsPer)) return false;
  return entry.file.type !== 'file' || within(entry.file.size, p.size, size, bytesPer);
}

function candidates(p: Params, at: string, seen: Seen, now: number): readonly Entry[] {
  return (seen.maybe(queryOf(p, at))?.entries ?? []).filter((entry) => isWanted(p, entry, now));
}

function contentQuery(at: string, entry: Entry): FileQuery {
  return file(posix.join(at, entry.path), { contentLimit: 16 * 1024 * 1024 });
}

/** Files whose content has to be looked at. */
function readsContent(p: Params, entry: Entry): boolean {
  return p.contains !== undefined && p.file_type === 'file' && entry.file.type === 'file';
}

function hasContent(p: Params, at: string, entry: Entry, seen: Seen): boolean {
  if (!readsContent(p, entry)) return true;
  const fact = seen(contentQuery(at, entry));
  const regex = compilePythonRegex(p.contains ?? '');
  if (!fact.exists || fact.content === undefined || !regex.ok) return false;
  const content = textOf(fact.content);
  if (p.read_whole_file) return regex.value.test(content);
  const atStart = new RegExp(regex.value.source, regex.value.flags.replace('g', '') + 'y');
  return content.split('\n').some((line) => {
    atStart.lastIndex = 0;
    return atStart.test(`${line}\n`);
  });
}

/** Files below directories of the host. */
export default defineModule({
  name: 'find',
  aliases: ['ansible.builtin.find', 'ansible.legacy.find'],
  summary: 'Finds files by their names, ages, sizes and contents',
  examples: ['find:\n  paths: /var/log/pods\n  patterns: "*.log"\n  recurse: true\n  age: 7d\nregister: old_logs'],
  params,
  returns: z.object({
    files: z
      .array(statReturns.omit({ exists: true }))
      .meta({ description: 'What was found, each as the stat module tells of it' }),
    matched: z.int().meta({ description: 'How many were found' }),
    examined: z.int().meta({ description: 'How many were looked at' }),
    skipped_paths: z.looseObject({}).meta({ description: 'Directories that were not looked in, and why' }),
    msg: z.string().meta({ description: 'Whether all directories were looked in' }),
  }),
  convergence: () => 'reads',
  observe: (p, seen, _inputs, context) =>
    p.paths.flatMap((at) => [
      queryOf(p, at),
      ...candidates(p, at, seen, context.now)
        .filter((entry) => readsContent(p, entry))
        .map((entry) => contentQuery(at, entry)),
    ]),
  plan: () => plan([], { why: 'looking changes nothing' }),
  result: (p, seen, _plan, _done, _inputs, context): JsonObject => {
    const files = p.paths
      .flatMap((at) =>
        candidates(p, at, seen, context.now)
          .filter((entry) => hasContent(p, at, entry, seen))
          .map((entry): JsonObject => {
            const checksum = entry.file.hashes.sha1;
            const found = { path: posix.join(at, entry.path), ...statFields(entry.file) };
            return checksum === undefined ? found : { ...found, checksum };
          }),
      )
      .slice(0, p.limit);
    const missing = p.paths.filter((at) => !seen(queryOf(p, at)).exists);
    return {
      files,
      matched: files.length,
      examined: p.paths.reduce((sum, at) => sum + seen(queryOf(p, at)).entries.length, 0),
      skipped_paths: Object.fromEntries(missing.map((at) => [at, `'${at}' is not a directory`])),
      msg: missing.length === 0 ? 'All paths examined' : 'Not all paths examined, check warnings for details',
    };
  },
  fuses: true,
});
