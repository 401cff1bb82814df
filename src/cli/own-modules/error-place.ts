import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location } from '../../core/source.ts';

/** Where in a file an error came up, as its message or stack says; absent where they do not. */
export function placeOf(error: unknown, path: string, text: string): Location | undefined {
  if (!(error instanceof Error)) return undefined;
  const named = [pathToFileURL(resolve(path)).href, resolve(path)].flatMap((name) => {
    const at = (error.stack ?? '').indexOf(`${name}:`);
    return at === -1 ? [] : [/^:(\d+)(?::(\d+))?/.exec((error.stack ?? '').slice(at + name.length))];
  });
  // What cannot be parsed names the place at the end of its message.
  const match = named[0] ?? /\((\d+):(\d+)\)$/m.exec(error.message);
  if (match === null || match === undefined) return undefined;
  const lines = text.split('\n');
  const line = Number(match[1]) - 1;
  const column = Math.max(0, Number(match[2] ?? 1) - 1);
  const start = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + column;
  const rest = (lines[line] ?? '').slice(column);
  return { source: { path, text }, start, end: start + Math.max(1, /^\w*/.exec(rest)?.[0].length ?? 1) };
}
