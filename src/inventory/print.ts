import { type Json, type JsonObject, toJson } from '../core/value.ts';
import type { Variables } from '../vars/term.ts';
import { byKey, written } from '../vars/written.ts';
import { hostLayers } from './layers.ts';
import type { Inventory } from './model.ts';

/** Variables that every host has from hlb itself; `ansible-inventory` does not show its own either. */
const internal = new Set(['inventory_file', 'inventory_dir']);

export function isInternal(name: string): boolean {
  return internal.has(name);
}

/** The same shape as `ansible-inventory --list` prints, keys sorted. */
export function inventoryJson(inventory: Inventory): JsonObject {
  const groups: Record<string, JsonObject> = {};
  for (const { name, hosts, children } of groupsBelow(inventory, 'all')) {
    const shown = name === 'all' ? [] : hosts;
    if (shown.length === 0 && children.length === 0) continue;
    groups[name] = { ...(children.length > 0 && { children }), ...(shown.length > 0 && { hosts: shown }) };
  }
  const hostvars = [...inventory.hosts.keys()].map((host) => [host, hostJson(inventory, host)] as const);
  const meta = Object.fromEntries(hostvars.filter(([, vars]) => Object.keys(vars).length > 0).sort(byKey));
  return Object.fromEntries(Object.entries({ ...groups, _meta: { hostvars: meta } }).sort(byKey));
}

function groupsBelow(inventory: Inventory, name: string) {
  const seen = new Set([name]);
  for (const one of seen) for (const child of inventory.groups.get(one)?.children ?? []) seen.add(child);
  return [...seen].flatMap((one) => inventory.groups.get(one) ?? []);
}

/** The variables of a host as `ansible-inventory --host` prints them: templates as written, keys sorted. */
export function hostJson(inventory: Inventory, host: string): JsonObject {
  return variablesJson(hostLayers(inventory, host));
}

function variablesJson(layers: readonly Variables[]): JsonObject {
  const merged = new Map(layers.flatMap((layer) => [...layer]));
  return Object.fromEntries(
    [...merged]
      .filter(([name]) => !internal.has(name))
      .sort(byKey)
      .map(([name, { term }]) => [name, toJson(written(term))]),
  );
}

/** The tree that `ansible-inventory --graph` prints, from a group down; with variables where asked for. Absent for an unknown group. */
export function inventoryGraph(
  inventory: Inventory,
  group = 'all',
  options: { readonly vars?: boolean } = {},
): string | undefined {
  return inventory.groups.has(group) ? branch(inventory, group, 0, options.vars === true).join('\n') : undefined;
}

function branch(inventory: Inventory, name: string, depth: number, vars: boolean): readonly string[] {
  const group = inventory.groups.get(name);
  if (group === undefined) return [];
  const show = (layers: readonly Variables[], below: number): readonly string[] =>
    vars ? Object.entries(variablesJson(layers)).map(([key, value]) => twig(`{${key} = ${shown(value)}}`, below)) : [];
  return [
    twig(`@${name}:`, depth),
    ...group.children.flatMap((child) => branch(inventory, child, depth + 1, vars)),
    ...(name === 'all' ? [] : group.hosts).flatMap((host) => [
      twig(host, depth + 1),
      ...show(hostLayers(inventory, host), depth + 2),
    ]),
    ...show(group.vars, depth + 1),
  ];
}

function twig(text: string, depth: number): string {
  return depth === 0 ? text : `${'  |'.repeat(depth)}--${text}`;
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
