import type { HostResult, Outcome } from '../core/events.ts';
import type { Paint } from '../core/paint.ts';
import { diffText } from './diff-text.ts';
import { failureText } from './failure-text.ts';
import { printable, printableLines } from './printable.ts';
import { outcomeStyles } from './result-text.ts';
import type { View } from './view.ts';
import { warningWord } from './warning-word.ts';

/** The modules whose result is what a command printed. */
const printing = ['command', 'shell', 'raw', 'script'];

const words: Readonly<Record<Outcome, string>> = {
  ok: 'SUCCESS',
  changed: 'CHANGED',
  failed: 'FAILED!',
  skipped: 'SKIPPED',
  unreachable: 'UNREACHABLE!',
  unknown: 'UNKNOWN',
};

/** One block a host, in the shape of Ansible's ad-hoc command: what a command printed, or the result as JSON. */
export function createAdHocView({
  write,
  paint,
}: {
  readonly write: (text: string) => void;
  readonly paint: Paint;
}): View {
  let module = '';
  return {
    emit: (event) => {
      if (event.type === 'task-start') module = event.module;
      if (event.type === 'host-result') write(`${hostLines(event, module, paint).join('\n')}\n`);
      if (event.type === 'warning') {
        const { word, style } = warningWord(event);
        write(`${paint(style, `${word}: ${printable(event.message)}`)}\n`);
      }
      if (event.type === 'play-skipped') write(`${paint('yellow', 'No host is left to run on')}\n`);
    },
    suspend: async () => {},
    resume: () => {},
    end: async () => {},
  };
}

function hostLines(event: HostResult, module: string, paint: Paint): readonly string[] {
  const { host, outcome, result, failure, diffs, note } = event;
  const word = words[outcome];
  const style = outcomeStyles[outcome];
  const diff = diffs.flatMap((one) => diffText(one, paint));
  const short = module.slice(module.lastIndexOf('.') + 1);
  if (printing.includes(short) && typeof result['stdout'] === 'string') {
    const rc = 'rc' in result ? ` | rc=${JSON.stringify(result['rc'])}` : '';
    const printed = [result['stdout'], result['stderr']]
      .filter((one) => typeof one === 'string')
      .filter((one) => one !== '');
    return [paint(style, `${host} | ${word}${rc} >>`), ...printed.flatMap((one) => printableLines(one)), ...diff];
  }
  if (failure !== undefined) return [paint(style, `${host} | ${word}`), ...failureText(failure, paint)];
  if (outcome === 'skipped' || outcome === 'unknown')
    return [paint(style, `${host} | ${word}`), ...(note === undefined ? [] : [`  ${printable(note)}`]), ...diff];
  return [`${paint(style, `${host} | ${word}`)} => ${printable(JSON.stringify(result, null, 4))}`, ...diff];
}
