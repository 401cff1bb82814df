import type { Location } from '../../core/source.ts';
import { oneSlipAway } from '../../core/near.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Value } from '../../core/value.ts';
import { isLocalhost } from '../../inventory/address.ts';
import type { Inventory } from '../../inventory/model.ts';
import { splitPattern } from '../../inventory/pattern-text.ts';
import { hostsOf } from '../../inventory/relations.ts';
import { evaluateFormula } from '../../vars/evaluate.ts';
import type { Term } from '../../vars/term.ts';
import { literalOfTerm } from '../text.ts';
import type { Play, Task } from '../tree.ts';
import type { Use } from './uses.ts';
import type { World } from './world.ts';

/** Reports parts of `hosts:` that name neither a host nor a group, unless a task may have added it. */
export function checkHosts(world: World, play: Play): void {
  const { inventory } = world.loading.options;
  if (inventory === undefined || isEmpty(inventory)) return;
  const terms = play.hosts.kind === 'list' ? play.hosts.items : [play.hosts];
  for (const term of terms) {
    const text = literalOfTerm(term) ?? computedOf(world, inventory, play, term);
    if (text === undefined) continue;
    for (const part of splitPattern(text)) checkPart(world, inventory, part, partOf(term.at, part));
  }
}

/** A pattern that is computed of the inventory's groups and plain variables of the play alone. */
function computedOf(world: World, inventory: Inventory, play: Play, term: Term): string | undefined {
  if (term.kind !== 'template' || world.openGroups || world.addedGroups.size > 0) return undefined;
  const groups: Value = new Map(
    [...inventory.groups.keys()].map((name): [Value, Value] => [name, [...hostsOf(inventory, name)]]),
  );
  const valueOf = (name: string): Value | undefined => {
    if (name === 'groups') return groups;
    const variable = world.loading.options.extraVarNames.includes(name) ? undefined : play.vars.get(name);
    return variable?.term.kind === 'constant' && play.varsFiles.length === 0 ? variable.term.value : undefined;
  };
  const { names } = term.template;
  if (names.computed || names.lookups || names.variables.some(({ name }) => valueOf(name) === undefined))
    return undefined;
  const environment = { resolve: valueOf, names: () => [], answer: () => undefined, now: () => 0, random: () => 0 };
  const outcome = evaluateFormula(term.template, environment);
  return outcome.kind === 'value' && typeof outcome.value === 'string' ? outcome.value : undefined;
}

/** Nothing but the implicit localhost: a playbook is being checked without its inventory. */
function isEmpty(inventory: Inventory): boolean {
  return inventory.hosts.size === 0 && inventory.groups.size <= 2;
}

/** The place of a part of a pattern, where it is written as it is. */
function partOf(at: Location, part: string): Location {
  const index = at.source.text.slice(at.start, at.end).indexOf(part);
  return index === -1 ? at : { source: at.source, start: at.start + index, end: at.start + index + part.length };
}

function checkPart(world: World, inventory: Inventory, part: string, at: Location): void {
  const isExcluded = part.startsWith('!');
  const name = part.replace(/^[!&]/, '').replace(/\[-?\d+(?:[:-]-?\d*)?\]$/, '');
  if (name.startsWith('~') || /[*?[\]@]/.test(name) || isKnown(world, inventory, name)) return;
  const message = `No host or group of the inventory is named "${name}"`;
  const help = didYouMean(name, [...inventory.groups.keys(), ...inventory.hosts.keys()]);
  const { report } = world.loading;
  // What is not there needs no excluding; a play of nothing was not meant.
  if (isExcluded) report.warning('playbook/unknown-host-pattern', at, message, help);
  else report.error('playbook/unknown-host-pattern', at, message, help);
}

function isKnown(world: World, inventory: Inventory, name: string): boolean {
  return (
    inventory.groups.has(name) ||
    inventory.hosts.has(name) ||
    isLocalhost(name) ||
    world.openGroups ||
    world.addedGroups.has(name)
  );
}

/** Tasks may be delegated to hosts that no inventory has; one with nearly the name of another was hardly meant. */
export function checkDelegate(world: World, { keywords: { delegateTo } }: Task): void {
  const { inventory } = world.loading.options;
  const name = literalOfTerm(delegateTo);
  if (inventory === undefined || delegateTo === undefined || name === undefined) return;
  if (isEmpty(inventory) || isKnown(world, inventory, name)) return;
  const near = oneSlipAway(name, ['localhost', ...inventory.hosts.keys()]);
  if (near === undefined) return;
  const message = `The inventory has no host "${name}", and there is one with nearly the same name`;
  world.loading.report.warning('playbook/unknown-host', delegateTo.at, message, `Did you mean "${near}"?`);
}

/** Reports `groups.x` and `hostvars['x']` of names that the inventory does not have. */
export function checkGroupUse(world: World, use: Use, isGuarded: boolean): void {
  const { inventory } = world.loading.options;
  const [name] = use.path;
  if (
    inventory === undefined ||
    isEmpty(inventory) ||
    name === undefined ||
    isGuarded ||
    world.open ||
    world.openGroups
  )
    return;
  const isAdded = world.addedGroups.has(name);
  if (use.name === 'groups' && !inventory.groups.has(name) && !isAdded && !mappingMethods.has(name)) {
    world.loading.report.error(
      'playbook/unknown-group',
      use.at,
      `The inventory has no group "${name}"`,
      didYouMean(name, inventory.groups.keys()) ?? 'Read it with "| default([])" where it may be missing',
    );
  }
  const index = Number(use.path[1]);
  const group = use.name === 'groups' && !isAdded ? inventory.groups.get(name) : undefined;
  const count = group === undefined ? 0 : hostsOf(inventory, name).length;
  if (group !== undefined && Number.isInteger(index) && (index >= count || index < -count)) {
    world.loading.report.error(
      'playbook/unknown-host',
      use.at,
      `The group "${name}" has ${count === 1 ? 'one host' : `${count} hosts`}, and this asks for the one at ${index}`,
      'The first has the index 0; guard it with "when" where the group may be smaller',
    );
  }
  if (
    use.name === 'hostvars' &&
    !inventory.hosts.has(name) &&
    !isLocalhost(name) &&
    !isAdded &&
    !mappingMethods.has(name)
  ) {
    world.loading.report.error(
      'playbook/unknown-host',
      use.at,
      `The inventory has no host "${name}"`,
      didYouMean(name, inventory.hosts.keys()),
    );
  }
}

const mappingMethods = new Set(['get', 'items', 'keys', 'values']);
