import { builtinModules } from '../modules/registry.ts';
import type { Modules } from '../playbook/loading.ts';

/** The modules that a playbook may name, by their short and their fully qualified names. */
export function createModules(): Modules {
  const byName = new Map(
    builtinModules.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module] as const)),
  );
  return { find: (name) => byName.get(name), names: () => builtinModules.map((module) => module.name) };
}
