import { isMapping, type Value } from '../../core/value.ts';
import { hostLayers } from '../../inventory/layers.ts';
import type { Inventory } from '../../inventory/model.ts';
import { groupsOf, hostsOf } from '../../inventory/relations.ts';
import { evaluateFormula } from '../../vars/evaluate.ts';
import { createScope } from '../../vars/scope.ts';
import type { Variables } from '../../vars/term.ts';
import { inOrder } from '../precedence.ts';
import type { Include, Task } from '../tree.ts';
import { isBuiltIn } from './sources.ts';
import type { Formula } from './uses.ts';
import type { View } from './world.ts';

/** Whether a task comes to read a name: on no host, perhaps, or on some host for certain. */
export type Reach = 'never' | 'perhaps' | 'certain';

const manyHosts = 500;

/** One read of a name. */
export interface Reading {
  /** The whole that is evaluated, in which the name is read, perhaps through other variables. */
  readonly formula: Formula;
  readonly name: string;
  /** Only a branch of it, or of a variable on the way, reads the name. */
  readonly conditional: boolean;
}

/**
 * Evaluates the conditions around a formula, and the formula where only a branch of it reads the name, on each host of the
 * play, as far as all that they read is known beforehand. Without a reading: whether the task runs at all.
 */
export function reachOf(view: View, entry: Task | Include, reading: Reading | undefined): Reach {
  const around = [...view.includes, entry].flatMap((one) => one.keywords.when);
  const own = around.findIndex((condition) => condition === reading?.formula);
  const conditions = own === -1 ? around : around.slice(0, own);
  if (conditions.length === 0 && view.choices.length === 0 && reading?.conditional !== true) return 'certain';
  const { hosts } = view.scope;
  const { inventory } = view.scope.world.loading.options;
  if (hosts === undefined || inventory === undefined || hosts.length > manyHosts) return 'perhaps';
  let best: Reach = 'never';
  for (const host of hosts) {
    const choice = chosenOn(view, inventory, host);
    if (choice === 'never') continue;
    const found = reachOn((formula) => tryOut(view, entry, inventory, host, formula), conditions, reading);
    const reach = found === 'certain' ? choice : found;
    if (reach === 'certain') return reach;
    if (reach === 'perhaps') best = reach;
  }
  return best;
}

/** Whether the includes around chose the very file that the task is in. */
function chosenOn(view: View, inventory: Inventory, host: string): Reach {
  let reach: Reach = 'certain';
  for (const { include, formula, value } of view.choices) {
    const trial = tryOut(view, include, inventory, host, formula);
    if (!trial.isSure || trial.value === undefined) reach = 'perhaps';
    else if (trial.value !== value) return 'never';
  }
  return reach;
}

/** What a formula is on the hosts of the play, each value once; absent where that is only known when the play runs. */
export function valuesOf(view: View, entry: Task | Include, formula: Formula): readonly Value[] | undefined {
  const { hosts } = view.scope;
  const { inventory } = view.scope.world.loading.options;
  if (hosts === undefined || inventory === undefined || hosts.length > manyHosts) return undefined;
  const trials = hosts.map((host) => tryOut(view, entry, inventory, host, formula));
  const values = trials.flatMap(({ isSure, value }) => (isSure && value !== undefined ? [value] : []));
  return values.length === hosts.length ? [...new Set(values)] : undefined;
}

function reachOn(
  trialOf: (formula: Formula) => Trial,
  conditions: readonly Formula[],
  reading: Reading | undefined,
): Reach {
  let isSure = true;
  for (const condition of conditions) {
    const trial = trialOf(condition);
    if (trial.isSure && trial.end === 'false') return 'never';
    isSure &&= trial.isSure && trial.end === 'true';
  }
  if (reading?.conditional !== true) return isSure ? 'certain' : 'perhaps';
  const trial = trialOf(reading.formula);
  if (trial.asked.has(reading.name)) return isSure && trial.isSure ? 'certain' : 'perhaps';
  return trial.isSure && trial.end !== 'failed' ? 'never' : 'perhaps';
}

interface Trial {
  /** Nothing was read that is only known when the play runs. */
  readonly isSure: boolean;
  readonly end: 'true' | 'false' | 'failed';
  readonly value: Value | undefined;
  readonly asked: ReadonlySet<string>;
}

function tryOut(view: View, entry: Task | Include, inventory: Inventory, host: string, formula: Formula): Trial {
  const asked = new Set<string>();
  const { names } = formula;
  let isSure = !names.computed && !names.lookups;
  const scope = createScope({
    layers: layersOf(view, entry, inventory, host),
    magic: (name) => {
      asked.add(name);
      const known = magicOf(view, entry, inventory, host, name);
      if (known === undefined && isDynamic(view, entry, name)) isSure = false;
      return known;
    },
    answer: () => undefined,
    now: () => 0,
    random: () => 0,
  });
  const outcome = evaluateFormula(formula, scope);
  const end = outcome.kind === 'value' ? (isTruthy(outcome.value) ? 'true' : 'false') : 'failed';
  const value = outcome.kind === 'value' ? outcome.value : undefined;
  return { isSure: isSure && outcome.kind !== 'needs', asked, end, value };
}

function isTruthy(value: Value): boolean {
  if (isMapping(value)) return value.size > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** Whether something that only happens when the play runs may give the name its value. */
function isDynamic(view: View, entry: Task | Include, name: string): boolean {
  const { scope, locals } = view;
  const { world, play } = scope;
  const { loop } = entry;
  return (
    world.open ||
    scope.open ||
    world.global.has(name) ||
    locals.has(name) ||
    world.loading.options.extraVarNames.includes(name) ||
    play.varsPrompt.some((prompt) => prompt.name === name) ||
    play.varsFiles.length > 0 ||
    name === loop?.control.loopVar ||
    name === loop?.control.indexVar ||
    name.startsWith('ansible_') ||
    isBuiltIn(name)
  );
}

/** As far as they are known beforehand. What -e gives is told apart as dynamic. */
function layersOf(view: View, entry: Task | Include, inventory: Inventory, host: string): readonly Variables[] {
  const { play } = view.scope;
  const none: Variables = new Map();
  return inOrder({
    roles: play.roles,
    role: entry.role,
    inventory: hostLayers(inventory, host, play.baseDir),
    facts: none,
    play: play.vars,
    files: [],
    own: entry.keywords.vars,
    includeVars: none,
    setFacts: none,
    extra: none,
  });
}

/** What hlb itself says of a host, as far as it is known beforehand. */
function magicOf(
  view: View,
  entry: Task | Include,
  inventory: Inventory,
  host: string,
  name: string,
): Value | undefined {
  switch (name) {
    case 'inventory_hostname':
      return host;
    case 'inventory_hostname_short':
      return host.split('.')[0] ?? host;
    case 'group_names':
      return groupsOf(inventory, host)
        .map((group) => group.name)
        .sort();
    case 'groups':
      return new Map(
        [...inventory.groups.keys()].map((group): [Value, Value] => [group, [...hostsOf(inventory, group)]]),
      );
    case 'playbook_dir':
      return view.scope.play.baseDir;
    case 'role_name':
      return entry.role?.name;
    case 'role_path':
      return entry.role?.path;
    default:
      return undefined;
  }
}
