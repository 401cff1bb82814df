import type { Handler } from '../playbook/tree.ts';
import type { PlayContext } from './context.ts';

/** The handlers of roles, the play's, those of imports, and what includes brought, in the order they run. */
export function handlersOf(play: PlayContext): readonly Handler[] {
  const all = [...play.play.handlers, ...play.dynamicHandlers];
  return [...new Map(all.map((handler) => [handler.id, handler])).values()];
}

/**
 * The handlers that a name in `notify` stands for: one of that name, and all that listen to it. A list that comes later
 * wins: the play's over those of its roles, an include over all. In one list the first of a name does. `called` is what a
 * name comes to.
 */
export function handlersNamed(
  play: PlayContext,
  name: string,
  called: (handler: Handler) => string | undefined,
): readonly Handler[] {
  const all = handlersOf(play);
  const isNamed = (handler: Handler): boolean => {
    const own = called(handler);
    return own === name || (handler.role !== undefined && `${handler.role.name} : ${own}` === name);
  };
  const last = all.findLast(isNamed);
  const named = all.find((handler) => handler.role === last?.role && isNamed(handler));
  const listening = all.filter((handler) => handler.listen.includes(name));
  return named === undefined ? listening : [...new Set([named, ...listening])];
}
