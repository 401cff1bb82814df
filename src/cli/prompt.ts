import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { System } from './system.ts';

/** Asks the person at the terminal; `undefined` where there is none. */
export type Ask = (question: string, echo: boolean) => Promise<string | undefined>;

/** One question at a time, on stderr, so that a report on stdout stays clean. `around` clears the screen for each. */
export function createAsk(
  system: System,
  around: { readonly before: () => Promise<void>; readonly after: () => void },
): Ask {
  let last: Promise<unknown> = Promise.resolve();
  return (question, echo) => {
    const asked = last.then(async () => {
      if (!system.canAsk) return undefined;
      await around.before();
      try {
        return await readAnswer(system, question, echo);
      } finally {
        around.after();
      }
    });
    last = asked.catch(() => {});
    return asked;
  };
}

function readAnswer(system: System, question: string, echo: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    let muted = false;
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (!muted) system.err.write(chunk.toString());
        done();
      },
    });
    const lines = createInterface({ input: system.input, output, terminal: true, historySize: 0 });
    let answer: string | undefined;
    lines.question(question.endsWith(' ') ? question : `${question} `, (text) => {
      answer = text;
      lines.close();
    });
    muted = !echo;
    lines.on('close', () => {
      if (!echo) system.err.write('\n');
      resolve(answer);
    });
    // In raw mode the terminal sends no signal by itself.
    lines.on('SIGINT', () => {
      lines.close();
      system.interrupt();
    });
  });
}
