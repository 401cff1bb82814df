import type { Location } from '../../core/source.ts';
import { didYouMean } from '../../core/suggest.ts';
import { isLocalhost } from '../../inventory/address.ts';
import type { Inventory } from '../../inventory/model.ts';
import { splitPattern } from '../../inventory/pattern-text.ts';
import { literalOfTerm } from '../text.ts';
import type { Play } from '../tree.ts';
import type { Use } from './uses.ts';
import type { World } from './world.ts';

/** Reports parts of `hosts:` that name neither a host nor a group, unless a task may have added it. */
export function checkHosts(world: World, play: Play): void {
  const { inventory } = world.loading.options;
  if (inventory === undefined || isEmpty(inventory)) return;
  const terms = play.hosts.kind === 'list' ? play.hosts.items : [play.hosts];
  for (const term of terms) {
    const text = literalOfTerm(term);
    if (text === undefined) continue;
    for (const part of splitPattern(text)) checkPart(world, inventory, part, partOf(term.at, part));
  }
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
  if (
    use.name === 'groups' &&
    !inventory.groups.has(name) &&
    !world.addedGroups.has(name) &&
    !mappingMethods.has(name)
  ) {
    world.loading.report.error(
      'playbook/unknown-group',
      use.at,
      `The inventory has no group "${name}"`,
      didYouMean(name, inventory.groups.keys()) ?? 'Read it with "| default([])" where it may be missing',
    );
  }
  if (
    use.name === 'hostvars' &&
    !inventory.hosts.has(name) &&
    !isLocalhost(name) &&
    !world.addedGroups.has(name) &&
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
