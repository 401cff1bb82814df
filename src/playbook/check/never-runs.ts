import type { Expression } from '../../expr/api.ts';
import { evaluateFormula } from '../../vars/evaluate.ts';
import type { Report } from '../report.ts';
import { literalOfTerm } from '../text.ts';
import type { Entry, Include, Task } from '../tree.ts';

/** Warns of conditions that are false whatever the variables are. A plain `false` was meant. */
export function checkNever(report: Report, entry: Task | Include): void {
  for (const condition of entry.keywords.when) {
    if (/^\s*(false|no)\s*$/i.test(condition.text) || !isFalse(condition)) continue;
    report.warning(
      'playbook/never-runs',
      condition.place(0, condition.text.length),
      `"${condition.text.trim()}" is never true, so that this never runs`,
      'Write when: false where that is meant',
    );
  }
}

function isFalse({ names, ...expression }: Expression): boolean {
  if (names.variables.length > 0 || names.computed || names.lookups) return false;
  const nothing = { resolve: () => undefined, names: () => [], answer: () => undefined, now: () => 0, random: () => 0 };
  const outcome = evaluateFormula({ names, ...expression }, nothing);
  return outcome.kind === 'value' && (outcome.value === false || outcome.value === '' || outcome.value === null);
}

/** Warns of what stands behind a task that always ends the host or the play. */
export function checkBehindEnds(report: Report, entries: readonly Entry[]): void {
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'block')
      for (const list of [entry.entries, entry.rescue, entry.always]) checkBehindEnds(report, list);
    const next = entries[index + 1];
    if (entry.kind !== 'task' || next === undefined || !alwaysEnds(entry)) continue;
    if (next.kind !== 'block' && next.role !== entry.role) continue;
    if (next.kind !== 'block' && String(next.keywords.tags) !== String(entry.keywords.tags)) continue;
    report.warning('playbook/never-runs', next.at, `The task before this one always ends it, so that this never runs`);
    return;
  }
}

const ends = new Set(['end_play', 'end_host', 'end_batch', 'end_role']);

function alwaysEnds(task: Task): boolean {
  const { keywords, module, args, loop, failedWhen } = task;
  if (keywords.when.length > 0 || loop !== undefined || failedWhen !== undefined) return false;
  if (keywords.ignoreErrors !== undefined || keywords.delegateTo !== undefined || keywords.runOnce !== undefined)
    return false;
  if (module.name === 'fail') return true;
  const action =
    args.kind === 'mapping' && module.freeForm !== undefined ? args.entries.get(module.freeForm) : undefined;
  return module.name === 'meta' && ends.has(literalOfTerm(action) ?? '');
}
