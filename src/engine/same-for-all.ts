import type { Result } from '../core/result.ts';
import type { Json } from '../core/value.ts';
import type { Term } from '../vars/term.ts';
import type { HostState } from './host-state.ts';

/** The hosts of a roll; there is none without one. */
export type RollHosts = readonly [HostState, ...HostState[]];

/**
 * What a roll is told holds for all of its hosts together: of a template, the values of all hosts must be the same. The text
 * says on which hosts they differ; undefined where they do not.
 */
export async function differing<E>(
  term: Term,
  [first, ...others]: RollHosts,
  read: (host: HostState) => Promise<Result<Json, E>>,
): Promise<Result<string | undefined, E>> {
  if (isFixed(term)) return { ok: true, value: undefined };
  const one = await read(first);
  if (!one.ok) return one;
  const text = JSON.stringify(one.value);
  for (const host of others) {
    const other = await read(host);
    if (!other.ok) return other;
    const otherText = JSON.stringify(other.value);
    if (otherText !== text) return { ok: true, value: `${text} on ${first.name}, ${otherText} on ${host.name}` };
  }
  return { ok: true, value: undefined };
}

/** Without a template there is nothing that could differ. */
function isFixed(term: Term): boolean {
  switch (term.kind) {
    case 'constant':
      return true;
    case 'list':
      return term.items.every(isFixed);
    case 'mapping':
      return term.entries.every(({ key, value }) => isFixed(key) && isFixed(value));
    case 'template':
    case 'expression':
    case 'unknown':
    default:
      return false;
  }
}
