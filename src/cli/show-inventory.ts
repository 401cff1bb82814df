import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { createRedactor } from '../core/redact.ts';
import { didYouMean } from '../core/suggest.ts';
import type { JsonObject } from '../core/value.ts';
import { loadInventory } from '../inventory/load.ts';
import type { Inventory } from '../inventory/model.ts';
import { hostJson, inventoryGraph, inventoryJson } from '../inventory/print.ts';
import { writeDiagnostics } from './diagnostics.ts';
import type { InventoryOptions } from './inventory-options.ts';
import { inventorySources } from './inventory-sources.ts';
import { problem } from './problem.ts';
import { runProgram } from './run-program.ts';
import type { System } from './system.ts';
import { createDecrypt } from './vault/decrypt.ts';

/** `hlb inventory`. What is wrong goes to stderr, so that stdout stays JSON. */
export async function showInventory(options: InventoryOptions, system: System): Promise<number> {
  const { out, err } = system;
  const sources = inventorySources(options, system);
  const redactor = createRedactor();
  const vault = await createDecrypt(options, system, redactor);
  const decrypt = vault.ok && vault.value !== undefined ? { decrypt: vault.value } : {};
  const loaded = await loadInventory({ sources, playbookDirs: [], runProgram, ...decrypt });
  const missing =
    sources.length === 0 ? [problem('cli/no-inventory', 'No inventory was given', 'Name one with -i')] : [];
  const shown = shownText(options, loaded.inventory);
  const diagnostics = [
    ...(vault.ok ? [] : [vault.error]),
    ...loaded.diagnostics,
    ...missing,
    ...(missing.length === 0 ? shown.diagnostics : []),
  ];
  writeDiagnostics(diagnostics, { output: err, format: options.format, color: options.color && err.color, redactor });
  if (hasErrors(diagnostics)) return exitCodes.badInput;
  out.write(`${shown.text}\n`);
  return exitCodes.ok;
}

interface Shown {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

function shownText({ graph, host, vars }: InventoryOptions, inventory: Inventory): Shown {
  if (host !== undefined) {
    if (inventory.hosts.has(host)) return { text: json(hostJson(inventory, host)), diagnostics: [] };
    const help = didYouMean(host, inventory.hosts.keys());
    return { text: '', diagnostics: [problem('cli/unknown-host', `The inventory has no host "${host}"`, help)] };
  }
  if (graph !== undefined) {
    const group = graph === true ? 'all' : graph;
    const text = inventoryGraph(inventory, group, { vars: vars === true });
    if (text !== undefined) return { text, diagnostics: [] };
    const help = didYouMean(group, inventory.groups.keys());
    return { text: '', diagnostics: [problem('cli/unknown-group', `The inventory has no group "${group}"`, help)] };
  }
  return { text: json(inventoryJson(inventory)), diagnostics: [] };
}

function json(value: JsonObject): string {
  return JSON.stringify(value, null, 4);
}
