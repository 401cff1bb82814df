import { extname } from 'node:path';
import { hasErrors } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import { parseYaml } from '../yaml/parse.ts';
import { readIni } from './ini.ts';
import { linesOf } from './ini-lines.ts';
import { problem, type Reading } from './reading.ts';
import { isExecutable, mayBeYaml } from './sources.ts';
import { readText } from './text.ts';
import { readYaml } from './yaml.ts';

/** Adds a file to the draft: YAML or INI. */
export function readFile(path: string, reading: Reading): void {
  const file = readText(path, reading.decrypt, reading.report);
  if (file !== undefined) readSource(path, file.source, file.isSecret ? reading : { ...reading, onSecret: undefined });
}

function readSource(path: string, source: Source, reading: Reading): void {
  if (source.text.startsWith('#!') && !isExecutable(path)) {
    const at = { source, start: 0, end: 2 };
    problem(
      reading,
      'inventory/not-executable',
      'This is a program, and may not be executed',
      at,
      `Use chmod +x ${source.path}`,
    );
    return;
  }
  if (!mayBeYaml(path)) return readIni(source, reading);
  const parsed = parseYaml(source);
  const isMapping = parsed.root?.kind === 'mapping' && !hasErrors(parsed.diagnostics);
  if (isMapping || (extname(path) !== '' ? !looksLikeIni(source) : looksLikeYaml(source)))
    readYaml(source, parsed, reading);
  else readIni(source, reading);
}

/** Where both readings fail, the errors of the likelier one are told. */
function looksLikeIni(source: Source): boolean {
  return linesOf(source).some((line) => /^\[[^\]]+\]/.test(line.text));
}

function looksLikeYaml(source: Source): boolean {
  const first = linesOf(source)[0]?.text ?? '';
  return first === '---' || first.startsWith('{') || /^[^\s:=[]+:(?:\s|$)/.test(first);
}
