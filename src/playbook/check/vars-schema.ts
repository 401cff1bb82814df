import { hostLayers } from '../../inventory/layers.ts';
import type { Variable, Variables } from '../../vars/term.ts';
import type { ArgumentOption } from '../tree.ts';
import { checkTerm } from './role-arguments.ts';
import { isBuiltIn } from './sources.ts';
import type { PlayScope } from './world.ts';

/** At most so many hosts that miss a variable are named. */
const namedHosts = 3;

/**
 * Holds the variables that a play declares (`vars_schema`) against what each of its hosts has: what -e gives, else the play,
 * else the inventory, else a role's defaults. Values that are computed, or that tasks may set, are left to the run.
 */
export function checkVarsSchema(scope: PlayScope): void {
  const { play, hosts, world } = scope;
  const { options, report } = world.loading;
  if (play.varsSchema === undefined) return;
  for (const [name, option] of play.varsSchema.options) {
    if (isBuiltIn(name) || world.global.has(name)) continue;
    const what = `"${name}"`;
    const shared = options.extraVars?.get(name);
    if (shared !== undefined) {
      checkTerm(report, what, shared.term, option);
      continue;
    }
    const missing: string[] = [];
    for (const host of hosts ?? []) {
      const layers = options.inventory === undefined ? [] : hostLayers(options.inventory, host, scope.play.baseDir);
      const found = strongest(scope, layers, name);
      if (found !== undefined) checkTerm(report, what, found.term, option);
      else missing.push(host);
    }
    reportMissing(scope, name, option, missing);
  }
}

/** What a host has, as far as it is written down. */
function strongest({ play }: PlayScope, inventory: readonly Variables[], name: string): Variable | undefined {
  const defaults = play.roles.map((role) => role.defaults);
  const vars = play.roles.map((role) => role.vars);
  return [...defaults, ...inventory, play.vars, ...vars].findLast((layer) => layer.has(name))?.get(name);
}

function reportMissing(scope: PlayScope, name: string, option: ArgumentOption, missing: readonly string[]): void {
  const { play, world } = scope;
  const { options, report, gaps } = world.loading;
  const isElsewhere =
    options.extraVarNames.includes(name) ||
    play.varsPrompt.some((prompt) => prompt.name === name) ||
    scope.sources.has(name);
  if (!option.required || missing.length === 0 || isElsewhere || scope.open || world.open || gaps.size > 0) return;
  const more = missing.length - namedHosts;
  const hosts = `${missing.slice(0, namedHosts).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  report.error(
    'args/missing-parameter',
    option.at,
    `The play needs "${name}", which ${hosts} ${missing.length === 1 ? 'does' : 'do'} not have`,
    'Define it in the inventory, in vars or with -e',
  );
}
