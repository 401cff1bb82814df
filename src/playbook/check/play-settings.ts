import { didYouMean } from '../../core/suggest.ts';
import { isBuiltIn } from './sources.ts';
import { formulasOf } from './uses.ts';
import type { PlayScope } from './world.ts';

/**
 * Reports names in what a play says of itself that nothing gives it. It is evaluated before the play has hosts, so that
 * what the inventory, facts and tasks say is not there, in Ansible as in hlb.
 */
export function checkPlaySettings({ world, play, sources, inventory, open }: PlayScope): void {
  const { report, gaps } = world.loading;
  if (inventory === undefined || open || gaps.size > 0) return;
  const terms = [play.hosts, play.gatherFacts, play.forceHandlers, play.order, play.strategy, ...play.serial];
  for (const { names } of terms.flatMap(formulasOf)) {
    for (const use of names.variables) {
      if (use.guarded || use.conditional || sources.has(use.name) || isBuiltIn(use.name)) continue;
      const isElsewhere = inventory.has(use.name) || world.global.has(use.name);
      report.error(
        'playbook/undefined-variable',
        use.at,
        isElsewhere
          ? `"${use.name}" is a variable of hosts, and a play reads this before it has any`
          : `Nothing defines the variable "${use.name}" for what a play says of itself`,
        didYouMean(use.name, sources.keys()) ?? 'Define it in vars or vars_files of the play, or with -e',
      );
    }
  }
}
