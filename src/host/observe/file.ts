import { identity } from '../ask.ts';
import type { FileFact, FileQuery, HashName, IdentityQuery } from '../observation.ts';
import { normalPath } from '../path.ts';
import { quotePath, textOf } from '../quote.ts';
import { readFileReport } from './file-decode.ts';
import type { FileScript } from './file-script.ts';
import { fileScript, hashNames } from './file-script.ts';
import type { Answer, Part } from './part.ts';
import { asking, failed, unfinished } from './part.ts';
import { latin1, reader } from './reader.ts';

/** All questions about one path. */
interface Target {
  readonly path: string;
  readonly follow: boolean;
  readonly queries: FileQuery[];
}

/** More would not fit one command line where paths are long. */
const batchSize = 250;

/** All file questions: a handful of processes for each 250 paths. */
export function observeFiles(queries: readonly FileQuery[], asked: readonly IdentityQuery[]): readonly Part[] {
  const targets = new Map<string, Target>();
  for (const query of queries) {
    const path = normalPath(query.path);
    const id = `${query.follow ? 'follow' : 'plain'} ${path}`;
    const target = targets.get(id) ?? { path, follow: query.follow, queries: [] };
    target.queries.push(query);
    targets.set(id, target);
  }
  const all = [...targets.values()];
  const count = all.length === 0 ? Math.min(1, asked.length) : Math.ceil(all.length / batchSize);
  return Array.from({ length: count }, (_, index) => {
    const batch = all.slice(index * batchSize, (index + 1) * batchSize);
    return observeBatch([...batch.filter((one) => !one.follow), ...batch.filter((one) => one.follow)], asked);
  });
}

function observeBatch(targets: readonly Target[], asked: readonly IdentityQuery[]): Part {
  const of = wanted(targets);
  const words = targets.map((target) => quotePath(shellPath(target.path))).join(' ');
  const homes = targets.flatMap((target, index) => (target.path.startsWith('~') ? [index] : []));
  // Only the shell knows what `~` stands for, and the hashes come with the paths as it sees them.
  const tell = homes.length === 0 ? '' : `printf '%s\\0' ${homes.map((index) => `"\${${index + 1}}"`).join(' ')}\n`;
  return {
    steps: [asking(`set -- ${words}\n${tell}${fileScript(of)}`)],
    decode: ([result]) => {
      const every = [...targets.flatMap((target) => target.queries), ...asked];
      if (result?.status !== 'done') {
        return every.map((observation) => ({ observation, problem: unfinished(result) }));
      }
      const input = reader(result.stdout);
      const told = new Map(homes.map((index) => [index, textOf(latin1(input.until('\0')))]));
      const names = targets.map((target, index) => told.get(index) ?? shellPath(target.path));
      const report = readFileReport(input, of, names);
      if (report === undefined)
        return every.map((one) => failed(one, 'The host did not tell what its files are', result));
      const { files, unclear } = report;
      const answers = targets.flatMap(({ queries }, index) =>
        queries.map((query) => answer(query, files[index] ?? 'denied', unclear.has(index + 1))),
      );
      return [...answers, { observation: identity(), fact: report.identity }];
    },
  };
}

function answer(query: FileQuery, fact: FileFact | 'denied', isUnclear: boolean): Answer {
  if (fact === 'denied') return { observation: query, problem: denied(query.path) };
  if (query.contentLimit > 0 && isUnclear) return { observation: query, problem: changing(query.path) };
  return { observation: query, fact: answerTo(query, fact) };
}

/** With a slash in it, so that the script finds its parent and no tool takes it for an option. */
const shellPath = (path: string): string => (/^[/~]/.test(path) ? path : `./${path}`);

function wanted(targets: readonly Target[]): FileScript {
  const contents = new Map<number, number>();
  const hashes: Partial<Record<HashName, number[]>> = {};
  targets.forEach(({ queries }, index) => {
    const limit = Math.max(...queries.map((query) => query.contentLimit));
    if (limit > 0) contents.set(index + 1, limit);
    for (const name of new Set(queries.flatMap((query) => query.hashes))) (hashes[name] ??= []).push(index + 1);
  });
  // Several contents are told apart for certain by their hash (see `readContents`).
  if (contents.size > 1) {
    hashes.sha256 = [...new Set([...(hashes.sha256 ?? []), ...contents.keys()])].sort((a, b) => a - b);
  }
  const plain = targets.filter((target) => !target.follow).length;
  return { followFrom: plain + 1, hashes, contents };
}

/** The part of a fact that this question asked for. */
function answerTo(query: FileQuery, fact: FileFact): FileFact {
  if (!fact.exists) return fact;
  const { content, ...rest } = fact;
  const hashes = Object.fromEntries(
    hashNames.flatMap((name) => {
      const value = fact.hashes[name];
      return value !== undefined && query.hashes.includes(name) ? [[name, value]] : [];
    }),
  );
  return { ...rest, hashes, ...(content !== undefined && content.length <= query.contentLimit ? { content } : {}) };
}

function denied(path: string): { readonly message: string; readonly help: string } {
  return {
    message: `Cannot look at "${path}": a directory above it may not be searched by this user`,
    help: 'Set "become: true" to look at it as root',
  };
}

function changing(path: string): { readonly message: string; readonly help: string } {
  return {
    message: `Cannot read "${path}": it changed while it was read`,
    help: 'Run again; a file that is written all the time cannot be managed',
  };
}
