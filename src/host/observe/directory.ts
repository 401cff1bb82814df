import type { DirectoryFact, DirectoryQuery, FileFact, HashName } from '../observation.ts';
import { normalPath } from '../path.ts';
import { quote, quotePath, textOf } from '../quote.ts';
import { readFileReport } from './file-decode.ts';
import type { FileScript } from './file-script.ts';
import { fileScript } from './file-script.ts';
import type { Answer, Finished, Part } from './part.ts';
import { asking, failed, single } from './part.ts';
import { latin1, reader } from './reader.ts';

/** Everything below a directory: the script of file questions, run by find on as many names at a time as fit. */
export function observeDirectory(query: DirectoryQuery): Part {
  const of = scriptOf(query.hashes);
  const depth = query.depth === undefined ? '' : `-maxdepth ${query.depth} `;
  const inner = `printf '%s\\0' $# "$@"\n${fileScript(of)}printf '\\0'`;
  const script = `d=${quotePath(normalPath(query.path))}
[ -d "$d" ] || { echo absent; exit; }
cd -- "$d" || exit
echo present
exec find . -mindepth 1 ${depth}-exec sh -c ${quote(inner)} sh {} +`;
  return single(query, asking(script), (done) => read(query, of, done));
}

/** No path is number 1000000: none is followed. */
function scriptOf(hashes: readonly HashName[]): FileScript {
  return {
    followFrom: 1_000_000,
    hashes: Object.fromEntries(hashes.map((hash) => [hash, 'all'] as const)),
    contents: new Map(),
  };
}

function read(query: DirectoryQuery, of: FileScript, done: Finished): Answer {
  const input = reader(done.stdout);
  const first = input.until('\n');
  if (first === 'absent') return { observation: query, fact: { exists: false, entries: [] } };
  if (first !== 'present' || done.code !== 0) return failed(query, `Cannot list "${query.path}"`, done);
  const entries: DirectoryFact['entries'][number][] = [];
  while (!input.atEnd()) {
    const count = Number(input.until('\0'));
    const names = Array.from({ length: count }, () => textOf(latin1(input.until('\0'))));
    const report = readFileReport(input, of, names);
    if (report === undefined || !input.skip('\0')) return failed(query, `Cannot list "${query.path}"`, done);
    names.forEach((name, index) => {
      const file = report.files[index];
      if (file !== undefined && isPresent(file)) entries.push({ path: name.slice('./'.length), file });
    });
  }
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { observation: query, fact: { exists: true, entries } };
}

function isPresent(file: FileFact | 'denied'): file is Extract<FileFact, { exists: true }> {
  return file !== 'denied' && file.exists;
}
