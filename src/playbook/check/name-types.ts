import { typeOf } from './loop-type.ts';
import type { Source, Sources } from './sources.ts';
import { type Type, type TypeOfName, unionOf, unknown } from '../../expr/types/type.ts';
import { sourcesOf, type View } from './world.ts';

/** Types of names as a task sees them; a variable that only names another has the type of that. */
export function typeNames(view: View, layers: readonly Sources[]): TypeOfName {
  const known = new Map<string, Type>();
  const open = new Set<string>();
  const ofSource = ({ term, type }: Source): Type =>
    term === undefined || term.kind === 'constant' ? type : typeOf(term, ofName);
  // One that may be anything is enough, and those that need no looking further are asked first.
  const unionOfSources = (sources: readonly Source[]): Type => {
    const isFixed = ({ term }: Source): boolean => term === undefined || term.kind === 'constant';
    if (sources.some((source) => isFixed(source) && source.type.kind === 'unknown')) return unknown;
    const types: Type[] = [];
    for (const source of sources) {
      const type = ofSource(source);
      if (type.kind === 'unknown') return unknown;
      types.push(type);
    }
    return unionOf(types);
  };
  const ofName = (name: string): Type => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // A name that is made of itself has no type.
    if (open.has(name)) return unknown;
    open.add(name);
    const sources = sourcesOf(view, layers, name);
    // A task that cannot be read may set it too.
    const isExcused = view.scope.world.loading.excused.has(name);
    const type = sources.length === 0 || isExcused ? unknown : unionOfSources(sources);
    open.delete(name);
    known.set(name, type);
    return type;
  };
  return ofName;
}
