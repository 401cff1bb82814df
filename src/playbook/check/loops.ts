import type { Loading } from '../loading.ts';
import type { Include, Task } from '../tree.ts';
import { isNoList, itemType, typeOf } from './loop-type.ts';
import type { TypeOfName } from './pipeline.ts';
import { anything, type Sources } from './sources.ts';
import { integer, typeName } from './type.ts';

/** What a loop sets for each of its rounds. */
export function loopNames({ loop }: Task | Include, ofName: TypeOfName): Sources {
  if (loop === undefined) return new Map();
  const { loopVar, indexVar, extended } = loop.control;
  const names: Sources = new Map([
    [loopVar, [{ type: itemType(loop, ofName) }]],
    ['ansible_loop_var', [anything]],
  ]);
  if (indexVar !== undefined) {
    names.set(indexVar, [{ type: integer }]);
    names.set('ansible_index_var', [anything]);
  }
  if (extended) names.set('ansible_loop', [anything]);
  return names;
}

/** Reports a loop over what can be no list. */
export function checkLoop(loading: Loading, { loop }: Task | Include, ofName: TypeOfName): void {
  if (loop === undefined || loop.kind !== 'loop' || loop.term.kind !== 'template') return;
  const type = typeOf(loop.term, ofName);
  if (type.kind === 'unknown' || !isNoList(type)) return;
  loading.report.error(
    'playbook/loop-not-list',
    loop.at,
    `loop expects a list, and this is ${typeName(type)}`,
    type.kind === 'mapping'
      ? 'Loop over its items with "| dict2items"'
      : 'Loop over a list of it, such as stdout_lines',
  );
}
