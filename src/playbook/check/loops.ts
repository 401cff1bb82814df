import type { Loading } from '../loading.ts';
import type { Include, Task } from '../tree.ts';
import { isNoList, itemType, typeOf } from './loop-type.ts';
import { addVariables, type Sources } from './sources.ts';
import { type Type, typeName, unionOf, unknown } from './type.ts';
import { sourcesOf, type View } from './world.ts';

/** Types as one task or include sees them. */
export interface Types {
  readonly ofName: (name: string) => Type;
  readonly item: (entry: Task | Include) => Sources;
}

export function typesFor(view: View, entry: Task | Include): Types {
  const vars: Sources = new Map();
  for (const layer of entry.keywords.vars) addVariables(vars, layer);
  const ofName = (name: string): Type => {
    const sources = sourcesOf(view, [vars], name);
    return sources.length === 0 ? unknown : unionOf(sources.map((source) => source.type));
  };
  return {
    ofName,
    item: ({ loop }) => {
      if (loop === undefined) return new Map();
      return new Map([[loop.control.loopVar, [{ type: itemType(loop, ofName) }]]]);
    },
  };
}

/** Reports a loop over what can be no list. */
export function checkLoop(loading: Loading, entry: Task | Include, types: Types): void {
  const { loop } = entry;
  if (loop === undefined || loop.kind !== 'loop' || loop.term.kind !== 'template') return;
  const type = typeOf(loop.term, types.ofName);
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
