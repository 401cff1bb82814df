import type { Dict, List, Params, Pending, Runtime, Val } from './runtime/value.ts';

/** Where a plugin belongs in Ansible; it answers to `collection.name` too. */
type Collection = 'ansible.builtin' | 'ansible.utils' | 'ansible.netcommon' | 'community.general';

interface Definition {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly collection: Collection;
  /** One sentence for the reference. */
  readonly summary: string;
  readonly params: Params;
}

/** `value | name(…)`. The params leave the value out. */
export interface Filter extends Definition {
  /** It wants to see undefined values, where others pass them through. */
  readonly takesUndefined: boolean;
  /** Files or the environment of the controller shape it. */
  readonly asksController: boolean;
  readonly run: (value: Val, args: readonly Val[], rt: Runtime) => Val;
}

/** `value is name(…)`. */
export interface Test extends Definition {
  readonly takesUndefined: boolean;
  /** Files of the controller decide it. */
  readonly asksController: boolean;
  readonly run: (value: Val, args: readonly Val[], rt: Runtime) => boolean;
}

/** `lookup('name', …)`. The params are its named options. */
export interface Lookup extends Definition {
  /** What the positional arguments are, such as `paths`. */
  readonly terms: string;
  /** Files, commands or the environment of the controller shape it. */
  readonly asksController: boolean;
  readonly run: (terms: List, options: Dict, rt: Runtime) => List | Pending;
}

interface Spec<Run> {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly collection?: Collection;
  readonly summary: string;
  readonly params?: Params;
  readonly run: Run;
}

export function defineFilter(
  spec: Spec<Filter['run']> & { readonly takesUndefined?: boolean; readonly asksController?: boolean },
): Filter {
  return { ...defaults, takesUndefined: false, asksController: false, ...spec };
}

export function defineTest(
  spec: Spec<Test['run']> & { readonly takesUndefined?: boolean; readonly asksController?: boolean },
): Test {
  return { ...defaults, takesUndefined: false, asksController: false, ...spec };
}

export function defineLookup(
  spec: Spec<Lookup['run']> & { readonly terms: string; readonly asksController?: boolean },
): Lookup {
  return { ...defaults, asksController: false, ...spec };
}

const defaults = { aliases: [], collection: 'ansible.builtin', params: [] } as const;

/** All definitions of one kind, under every name that they answer to. */
export interface Registry<T extends Definition> {
  readonly all: readonly T[];
  readonly get: (name: string) => T | undefined;
  /** Short names, for did-you-mean. */
  readonly names: readonly string[];
}

export function registry<T extends Definition>(all: readonly T[]): Registry<T> {
  const byName = new Map<string, T>();
  for (const one of all)
    for (const name of [one.name, ...one.aliases]) byName.set(name, one).set(`${one.collection}.${name}`, one);
  return { all, get: (name) => byName.get(name), names: [...byName.keys()].filter((name) => !name.includes('.')) };
}
