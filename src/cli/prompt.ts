import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { View } from '../report/view.ts';
import type { System } from './system.ts';

/** Asks the person at the terminal; `undefined` where there is none. */
export type Ask = (question: string, echo: boolean) => Promise<string | undefined>;

/** One question at a time, on stderr, so that a report on stdout stays clean. A view that draws is suspended for each. */
export function createAsk(system: System, view?: Pick<View, 'suspend' | 'resume'>): Ask {
  let last: Promise<unknown> = Promise.resolve();
  return (question, echo) => {
    const asked = last.then(async () => {
      if (!system.canAsk) return undefined;
      await view?.suspend();
      try {
        return await readAnswer(system, question, echo);
      } finally {
        view?.resume();
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
