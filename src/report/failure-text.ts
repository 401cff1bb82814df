import { excerpt } from '../core/excerpt.ts';
import type { Failure } from '../core/failure.ts';
import type { Paint } from '../core/paint.ts';
import { placeText } from '../core/source.ts';
import { printable, printableLines } from './printable.ts';

/** What went wrong: the message, the playbook's line, the command, its exit code and last words, and what to do next. */
export function failureText(failure: Failure, paint: Paint): readonly string[] {
  const { message, at, command, exitCode, exitMeaning, stderr, help } = failure;
  const meaning = exitMeaning === undefined ? '' : ` (${exitMeaning})`;
  const [first = '', ...rest] = printableLines(message);
  return [
    `  ${paint('red', first)}`,
    ...rest.map((line) => `  ${line}`),
    ...(at === undefined ? [] : [`  ${paint('bold', placeText(at))}`, ...excerpt(at, paint, 'red', '    ')]),
    // The message may have named them already.
    ...(command === undefined || message.includes(command) ? [] : [`  command: ${printable(command)}`]),
    ...(exitCode === undefined || /exit code/i.test(message) ? [] : [`  exit code: ${exitCode}${meaning}`]),
    ...(stderr === undefined || stderr.trim() === ''
      ? []
      : ['  stderr:', ...printableLines(stderr).map((line) => `    ${line}`)]),
    ...(help === undefined ? [] : [`  ${paint('cyan', 'help:')} ${printable(help)}`]),
  ];
}
