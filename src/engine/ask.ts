import type { Answer, Outcome, Request } from '../expr/api.ts';

/** Answers what only the controller knows. */
export type Answerer = (request: Request) => Promise<Answer>;

/** The answers of one evaluation; a fresh one for each task, since lookups are read anew each time they are used. */
export interface Answers {
  readonly known: (request: Request) => Answer | undefined;
  readonly fetch: (requests: readonly Request[]) => Promise<void>;
}

export function createAnswers(answerer: Answerer): Answers {
  const answers = new Map<string, Answer>();
  return {
    known: (request) => answers.get(JSON.stringify(request)),
    fetch: async (requests) => {
      await Promise.all(
        requests.map(async (request) => {
          answers.set(JSON.stringify(request), await answerer(request));
        }),
      );
    },
  };
}

/** Evaluates until nothing more is asked. Synchronous in effect where no lookup is used. */
export async function settle(evaluate: () => Outcome, answers: Answers): Promise<Exclude<Outcome, { kind: 'needs' }>> {
  for (;;) {
    const outcome = evaluate();
    if (outcome.kind !== 'needs') return outcome;
    await answers.fetch(outcome.requests);
  }
}
