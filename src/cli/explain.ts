import { exitCodes } from '../core/exit-codes.ts';
import { didYouMean } from '../core/suggest.ts';
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
  const names = [...all.keys()];
  const byLastPart = names.find((name) => name.split('/')[1] === code);
  const help = byLastPart === undefined ? didYouMean(code, names) : `Did you mean "${byLastPart}"?`;
  const unknown = problem('cli/unknown-code', `No diagnostic has the code "${code}"`, help);
  writeDiagnostics([unknown], { output: err, format: 'text', color: err.color });
  return exitCodes.badInput;
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
