import { err, ok } from '../core/result.ts';
import type { Play } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import { createScope } from '../vars/scope.ts';
import type { Variables } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { type Answers, createAnswers, settle } from './ask.ts';
import type { PlayEvaluator, RunContext } from './context.ts';
import { templateFailure } from './results.ts';
import { ofRun } from './run-variables.ts';

/**
 * Evaluates what a play says of itself, before it has hosts: with what its roles, its own variables and files and the
 * extra ones say, and nothing of the inventory, as Ansible does.
 */
export function playEvaluator(run: RunContext, play: Play, files: readonly Variables[]): PlayEvaluator {
  const { options } = run;
  const magic = new Map(ofRun(run, play));
  return async (term) => {
    const answers: Answers = createAnswers(answererFor({ play, run }, { file: play.at.source.path }));
    const env = createScope({
      layers: [
        ...play.roles.map((role) => role.defaults),
        play.vars,
        ...files,
        ...play.roles.map((role) => role.exports),
        options.extraVars,
      ],
      magic: (name) => magic.get(name)?.(),
      magicNames: () => magic.keys(),
      answer: answers.known,
      now: () => options.clock.now(),
      random: options.random,
    });
    const outcome = await settle(() => evaluateTerm(term, env), answers);
    return outcome.kind === 'value' ? ok(outcome.value) : err(templateFailure(outcome.error));
  };
}
