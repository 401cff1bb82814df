import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Pretence } from '../../core/pretence.ts';
import { didYouMean } from '../../core/suggest.ts';
import { downPretences } from '../../ha/pretend.ts';
import type { Inventory } from '../../inventory/model.ts';
import { problem } from '../problem.ts';

/** What `--what-if` supposes, in the order given, or everything that is wrong with it. */
export function readWhatIfs(
  texts: readonly string[],
  inventory: Inventory,
): { readonly supposed: readonly Pretence[]; readonly diagnostics: readonly Diagnostic[] } {
  const supposed: Pretence[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const text of texts) {
    const [, name = '', state] = /^([^=]+)=(up|down)$/.exec(text) ?? [];
    if (state === undefined) {
      const message = `Expected "NAME=down" or "NAME=up" after --what-if, found "${text}"`;
      diagnostics.push(problem('cli/what-if', message, 'Such as --what-if cp2=down'));
    } else if (!inventory.hosts.has(name)) {
      const help = didYouMean(name, inventory.hosts.keys()) ?? '"hlb inventory --graph" shows all hosts';
      diagnostics.push(problem('cli/unknown-host', `--what-if: the inventory has no host "${name}"`, help));
    } else if (state === 'down') supposed.push(...downPretences(name));
    else supposed.push({ kind: 'up', host: name });
  }
  return { supposed, diagnostics };
}
