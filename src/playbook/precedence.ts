import type { Variables } from '../vars/term.ts';
import type { Role } from './tree.ts';

/** Where the variables of one host at one place of a play come from. */
export interface Sources {
  /** What holds where nobody says anything. */
  readonly weakest?: Variables;
  /** Those of the play, which all its tasks see. */
  readonly roles: readonly Role[];
  /** The one that the task is part of. */
  readonly role: Role | undefined;
  readonly inventory: readonly Variables[];
  readonly facts: Variables;
  readonly play: Variables;
  /** Of vars_prompt and vars_files. */
  readonly files: readonly Variables[];
  /** Of the blocks around a task, and its own, outermost first. */
  readonly own: readonly Variables[];
  readonly includeVars: Variables;
  readonly setFacts: Variables;
  readonly extra: Variables;
}

/** All of them in Ansible's order of precedence, weakest first (design §8). */
export function inOrder(from: Sources): readonly Variables[] {
  const { role } = from;
  const isParam = (layer: Variables): boolean => {
    const first = layer.values().next();
    return first.done !== true && (first.value.level === 'include-param' || first.value.level === 'role-param');
  };
  return [
    ...(from.weakest === undefined ? [] : [from.weakest]),
    ...from.roles.map((one) => one.defaults),
    ...(role === undefined ? [] : [role.defaults]),
    ...from.inventory,
    from.facts,
    from.play,
    ...from.files,
    ...from.roles.map((one) => one.exports),
    ...(role === undefined ? [] : [role.vars]),
    ...from.own.filter((layer) => !isParam(layer)),
    from.includeVars,
    from.setFacts,
    ...(role === undefined ? [] : [role.params]),
    ...from.own.filter(isParam),
    from.extra,
  ];
}
