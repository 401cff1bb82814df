import type { Loading } from '../loading.ts';
import type { Include, Task } from '../tree.ts';
import { isNoDict, isNoList, itemType, typeOf } from './loop-type.ts';
import { anything, type Sources } from './sources.ts';
import { integer, type TypeOfName, typeName } from '../../expr/types/type.ts';

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
  if (loop === undefined) return;
  const type = typeOf(loop.term, ofName);
  if (loop.kind === 'dict' && isNoDict(type)) {
    loading.report.error(
      'playbook/loop-not-list',
      loop.at,
      `with_dict expects a mapping, and this is ${typeName(type)}`,
      type.kind === 'list' ? 'Loop over a list with "loop"' : 'Give it a mapping of names to values',
    );
    return;
  }
  if (loop.kind !== 'loop' || loop.term.kind !== 'template') return;
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
