import type { Diagnostic } from '../../core/diagnostic.ts';
import { oneSlipAway } from '../../core/near.ts';
import { isUnsupported, reasonOf } from '../survey/reason.ts';
import type { Include, Task } from '../tree.ts';
import { reachOf } from './reach.ts';
import type { View } from './world.ts';

/**
 * What was found in a file that an entry reads when its turn comes. What hlb does not have is a warning there where only
 * a condition leads to the entry: whoever comes to it fails, as with Ansible where a collection is not installed.
 * Mistakes stay what they are.
 */
export function asReached(
  view: View,
  entry: Task | Include,
  found: readonly Diagnostic[],
  isChosen = false,
): readonly Diagnostic[] {
  if (!found.some(isGap) || (!isChosen && isCertain(view, entry))) return found;
  return found.map((one) => (isGap(one) ? conditional(one, entry) : one));
}

function isCertain(view: View, entry: Task | Include): boolean {
  const isAskedFor = [...view.includes, entry].some((one) => one.keywords.tags.includes('never'));
  return !isAskedFor && reachOf(view, entry, undefined) === 'certain';
}

function conditional(diagnostic: Diagnostic, { at }: Task | Include): Diagnostic {
  const related = [
    ...(diagnostic.related ?? []),
    { message: 'Read only where a condition leads here, and fails then', at },
  ];
  return { ...diagnostic, severity: 'warning', conditional: true, related };
}

/** An error that is about what hlb does not have, and no slip of the pen. */
function isGap(diagnostic: Diagnostic): boolean {
  if (diagnostic.severity !== 'error' || !isUnsupported(reasonOf(diagnostic).kind)) return false;
  const [, name] = /"([^"]+)"/.exec(diagnostic.message) ?? [];
  const [, meant] = /^Did you mean "([^"]+)"/.exec(diagnostic.help ?? '') ?? [];
  return name === undefined || meant === undefined || oneSlipAway(name, [meant]) === undefined;
}
