import { exitCodes } from '../../core/exit-codes.ts';
import { createRedactor } from '../../core/redact.ts';
import { rollsOnPaper } from '../../engine/paper.ts';
import { limitHosts } from '../../inventory/patterns.ts';
import { loadInput } from '../load.ts';
import { looking } from '../looking/looking.ts';
import { problem } from '../problem.ts';
import type { System } from '../system.ts';
import { planJson } from './json.ts';
import type { PlanOptions } from './options.ts';
import { planText } from './text.ts';
import { readWhatIfs } from './what-if.ts';

/** `hlb plan`: every roll of the playbooks on paper, from what the hosts say now; nothing is changed. */
export async function plan(paths: readonly string[], options: PlanOptions, system: System): Promise<number> {
  const redactor = createRedactor();
  const input = await loadInput(paths, options, system, redactor);
  const limit = options.limit === undefined ? undefined : limitHosts(options.limit, input.inventory);
  const { supposed, diagnostics } = readWhatIfs(options.whatIf ?? [], input.inventory);
  const setting = {
    input,
    diagnostics: [...(limit?.diagnostics ?? []), ...diagnostics],
    options,
    limit: limit === undefined ? undefined : new Set(limit.hosts),
    system,
    redactor,
  };
  return looking(setting, async ({ run, signal, refuse }) => {
    const rolls = await rollsOnPaper(run, supposed);
    if (signal.aborted) return exitCodes.interrupted;
    if (!rolls.ok) {
      const { message, at } = rolls.error;
      return refuse([{ ...problem('cli/no-plan', message), ...(at === undefined ? {} : { at }) }]);
    }
    if (rolls.value.length === 0) {
      const help = '"hlb play --check" shows what any playbook would change; docs/guide/plan.md says what rolls';
      return refuse([problem('cli/no-roll', 'No play, role or block of it rolls over a host of the inventory', help)]);
    }
    const text =
      options.json === true
        ? JSON.stringify(planJson(rolls.value), null, 2)
        : rolls.value.map((roll) => planText(roll, options.color && system.out.color).join('\n')).join('\n\n');
    system.out.write(`${redactor.text(text)}\n`);
    return rolls.value.some((roll) => roll.refused) ? exitCodes.refused : exitCodes.ok;
  });
}
