import type { Paint } from '../core/paint.ts';
import type { Json } from '../core/value.ts';
import { failureText } from './failure-text.ts';
import type { View } from './view.ts';
import { warningWord } from './warning-word.ts';

export interface FactsOptions {
  readonly write: (text: string) => void;
  /** For what went wrong, so that stdout stays JSON. */
  readonly writeError: (text: string) => void;
  readonly paint: Paint;
}

/** The facts of all hosts as one JSON object, by the names of the hosts. */
export function createFactsView({ write, writeError, paint }: FactsOptions): View {
  const facts: Record<string, Json> = {};
  return {
    emit: (event) => {
      if (event.type === 'warning') writeError(`${warningWord(event).word}: ${event.message}\n`);
      if (event.type !== 'host-result') return;
      const found = event.result['ansible_facts'];
      if (event.failure !== undefined) {
        writeError(`${paint('red', event.host)}\n${failureText(event.failure, paint).join('\n')}\n`);
      } else if (found !== undefined) facts[event.host] = found;
    },
    suspend: async () => {},
    resume: () => {},
    end: async () => write(`${JSON.stringify(facts, null, 4)}\n`),
  };
}
