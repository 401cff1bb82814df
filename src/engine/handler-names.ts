import { toText } from '../expr/runtime/text.ts';
import type { Handler } from '../playbook/tree.ts';
import type { PlayContext } from './context.ts';

/** The play's handlers and those of its roles, in the order they run. */
export function handlersOf(play: PlayContext): readonly Handler[] {
  const all = [...play.play.roles.flatMap((role) => role.handlers), ...play.dynamicHandlers, ...play.play.handlers];
  return [...new Map(all.map((handler) => [handler.id, handler])).values()];
}

/**
 * The handlers that a name in `notify` stands for: one of that name, and all that listen to it. A role that comes later
 * wins, and the play over roles; in one list of handlers the first of a name does.
 */
export function handlersNamed(play: PlayContext, name: string): readonly Handler[] {
  const all = handlersOf(play);
  const last = all.findLast((handler) => namesOf(handler).includes(name));
  const named = all.find((handler) => handler.role === last?.role && namesOf(handler).includes(name));
  const listening = all.filter((handler) => handler.listen.includes(name));
  return named === undefined ? listening : [...new Set([named, ...listening])];
}

function namesOf(handler: Handler): readonly string[] {
  const name =
    handler.name?.kind === 'constant'
      ? toText(handler.name.value)
      : handler.name?.kind === 'template'
        ? handler.name.template.text
        : undefined;
  if (name === undefined) return [];
  return handler.role === undefined ? [name] : [name, `${handler.role.name} : ${name}`];
}
