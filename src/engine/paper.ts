import type { Failure } from '../core/failure.ts';
import type { Pretence } from '../core/pretence.ts';
import { ok, type Result } from '../core/result.ts';
import type { RunContext } from './context.ts';
import { openPlay } from './open-play.ts';
import { type PaperRoll, rehearse } from './rehearsal.ts';
import { rollsOf } from './rolls.ts';

/**
 * Every roll of the playbooks on paper, each with the lists that those before it will have loaded; of what else plays before
 * it change a roll does not know. A refusal ends it, as it would end the run.
 */
export async function rollsOnPaper(
  run: RunContext,
  supposed: readonly Pretence[],
): Promise<Result<readonly PaperRoll[], Failure>> {
  const rolls: PaperRoll[] = [];
  let now = supposed;
  for (const play of run.options.playbooks.flatMap((playbook) => playbook.plays)) {
    const opened = await openPlay(run, play);
    if (!opened.ok) return opened;
    if (opened.value === undefined) continue;
    const { context } = opened.value;
    const [first, ...others] = context.hosts;
    if (first === undefined) continue;
    for (const found of rollsOf(context)) {
      const paper = await rehearse(
        found,
        [first, ...others],
        { play: context, hosts: context.hosts, size: context.hosts.length },
        now,
      );
      if (!paper.ok) return paper;
      rolls.push(paper.value);
      now = paper.value.leaves;
      if (paper.value.refused) return ok(rolls);
    }
  }
  return ok(rolls);
}
