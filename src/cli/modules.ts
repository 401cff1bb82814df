import type { Module } from '../module/define.ts';
import { createRegistry } from '../module/registry.ts';
import { builtinModules } from '../modules/registry.ts';
import type { Modules } from '../playbook/loading.ts';

/** The modules that a playbook may name: the built-in ones and its own. */
export function createModules(own: readonly Module[] = []): Modules {
  return createRegistry([...builtinModules, ...own]);
}
