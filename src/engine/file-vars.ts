import { existsSync } from 'node:fs';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Play, VarsFile } from '../playbook/tree.ts';
import { evaluateTerm } from '../vars/evaluate.ts';
import type { Variables } from '../vars/term.ts';
import { answererFor } from './answerer.ts';
import { createAnswers, settle } from './ask.ts';
import type { BatchContext, PlayEvaluator } from './context.ts';
import type { HostState } from './host-state.ts';
import type { RunOptions } from './options.ts';
import { refused, templateFailure } from './results.ts';
import { candidates } from './search.ts';
import { environmentOf, known } from './variables.ts';
import { readVariables } from './vars-file.ts';

/** Asks the operator for `vars_prompt`: not for what -e gives. Where nobody can answer the default counts, as in Ansible. */
export async function loadPrompts(
  play: Play,
  { controller, extraVars, emit, clock }: Pick<RunOptions, 'controller' | 'extraVars' | 'emit' | 'clock'>,
  evaluate: PlayEvaluator,
): Promise<Result<readonly Variables[], Failure>> {
  if (play.varsPrompt.length === 0) return ok([]);
  const answers = new Map<string, ReturnType<typeof known>>();
  for (const prompt of play.varsPrompt) {
    if (extraVars.has(prompt.name)) continue;
    const question = prompt.prompt === undefined ? ok(prompt.name) : await evaluate(prompt.prompt);
    if (!question.ok) return question;
    const ask = (text: string): Promise<string | undefined> => controller.prompt(text, !prompt.private);
    const given = await ask(`${toText(question.value)}: `);
    if (given === undefined) {
      const message = `There is no terminal to ask for "${prompt.name}" on, so that ${prompt.default === undefined ? 'it is nothing' : 'its default counts'}`;
      emit({ type: 'warning', at: clock.now(), message, place: play.at });
    } else if (prompt.confirm && given !== (await ask(`confirm ${toText(question.value)}: `))) {
      return err(refused(`The two answers for "${prompt.name}" differ`, play.at));
    }
    const isOpen = given === undefined || given === '';
    const fallback = isOpen && prompt.default !== undefined ? await evaluate(prompt.default) : ok(given ?? null);
    if (!fallback.ok) return fallback;
    const answer = fallback.value === null ? null : toText(fallback.value);
    answers.set(prompt.name, known(answer, 'prompt', 'vars_prompt'));
  }
  return ok([answers]);
}

/**
 * Those of a play's variables files that can be named without a host, for what the play says of itself. What is wrong
 * with one is told where a host reads it.
 */
export async function loadPlayFiles(
  play: Play,
  options: Pick<RunOptions, 'readFile' | 'decrypt'>,
  evaluate: PlayEvaluator,
): Promise<readonly Variables[]> {
  const layers: Variables[] = [];
  for (const file of play.varsFiles) {
    for (const term of file.candidates) {
      const name = await evaluate(term);
      const path = name.ok ? variablesFile(play, toText(name.value)) : undefined;
      if (path === undefined) continue;
      const read = readVariables(path, 'vars-file', `vars_files ${path}`, options);
      if (read.ok) layers.push(read.value);
      break;
    }
  }
  return layers;
}

function variablesFile(play: Play, name: string): string | undefined {
  return candidates(play, { file: play.at.source.path }, 'vars', name).find((one) => existsSync(one));
}

/** The variables files of a play as one host sees them; of a list of alternatives the first that is there. */
export async function loadVarsFiles(
  host: HostState,
  batch: BatchContext,
): Promise<Result<readonly Variables[], Failure>> {
  const layers: Variables[] = [];
  for (const file of batch.play.play.varsFiles) {
    const layer = await loadOne(file, host, batch);
    if (!layer.ok) return layer;
    layers.push(layer.value);
  }
  return ok(layers);
}

async function loadOne(file: VarsFile, host: HostState, batch: BatchContext): Promise<Result<Variables, Failure>> {
  const { play } = batch.play;
  const answers = createAnswers(answererFor(batch.play, { file: play.at.source.path }));
  const env = environmentOf(batch, host, {}, answers);
  const tried: string[] = [];
  for (const term of file.candidates) {
    const outcome = await settle(() => evaluateTerm(term, env), answers);
    if (outcome.kind === 'failed') {
      // Ansible passes over a name that facts not yet gathered would give.
      if (file.candidates.length > 1) continue;
      return err(templateFailure(outcome.error));
    }
    const name = toText(outcome.value);
    const path = variablesFile(play, name);
    if (path === undefined) {
      tried.push(name);
      continue;
    }
    const read = readVariables(path, 'vars-file', `vars_files ${name}`, batch.play.run.options);
    return read.ok ? read : err(refused(read.error, file.at));
  }
  return err(
    refused(`None of these variables files was found: ${tried.map((name) => `"${name}"`).join(', ')}`, file.at),
  );
}
