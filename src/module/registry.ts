import type { Module } from './define.ts';

/** Modules by the names that playbooks call them. */
export interface Registry {
  /** By name, alias or fully qualified name. */
  readonly find: (name: string) => Module | undefined;
  /** Every short name, sorted. */
  readonly names: () => readonly string[];
}

/** Two modules of one name are a bug of who put them together, and throw. */
export function createRegistry(modules: readonly Module[]): Registry {
  const known = new Map<string, Module>();
  for (const module of modules) {
    for (const name of [module.name, ...(module.aliases ?? [])]) {
      const other = known.get(name);
      if (other !== undefined) throw new Error(`Both "${other.name}" and "${module.name}" are called "${name}"`);
      known.set(name, module);
    }
  }
  const names = modules.map((module) => module.name).sort();
  return { find: (name) => known.get(name), names: () => names };
}
