import { exitCodes } from '../core/exit-codes.ts';
import { closest } from '../core/suggest.ts';
import { textWidth } from '../core/width.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { explanations } from './explanations.ts';
import { problem } from './problem.ts';
import type { System } from './system.ts';

const columns = 80;

/** `hlb explain CODE`. */
export function explain(code: string | undefined, { out, err }: System): number {
  const all = explanations();
  if (code === undefined) {
    const widest = Math.max(...[...all.keys()].map((name) => name.length));
    for (const [name, { title }] of all) out.write(`${name.padEnd(widest)}  ${title}\n`);
    return exitCodes.ok;
  }
  const entry = all.get(code);
  if (entry !== undefined) {
    out.write(`${code}: ${entry.title}\n\n${wrap(entry.explanation).join('\n')}\n`);
    return exitCodes.ok;
  }
  // Whoever types a code from memory may leave out the layer.
  const names = [...all.keys()];
  const short = closest(code, names.map(lastPart)) ?? code;
  const found = names.find((name) => lastPart(name) === short) ?? closest(code, names);
  const help = found === undefined ? undefined : `Did you mean "${found}"?`;
  const unknown = problem('cli/unknown-code', `No diagnostic has the code "${code}"`, help);
  writeDiagnostics([unknown], { output: err, format: 'text', color: err.color });
  return exitCodes.badInput;
}

function lastPart(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
