import { hasErrors } from '../core/diagnostic.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { createRedactor } from '../core/redact.ts';
import { counted } from '../report/counted.ts';
import { writeDiagnostics } from './diagnostics.ts';
import { loadInput } from './load.ts';
import type { InputOptions, OutputOptions } from './option-values.ts';
import type { System } from './system.ts';

/** `hlb check`: everything that can be known without a connection. */
export async function check(
  playbooks: readonly string[],
  options: InputOptions & OutputOptions,
  system: System,
): Promise<number> {
  const { out } = system;
  const redactor = createRedactor();
  const input = await loadInput(playbooks, options, system, redactor);
  writeDiagnostics(input.diagnostics, {
    output: out,
    format: options.format,
    color: options.color && out.color,
    redactor,
  });
  if (hasErrors(input.diagnostics)) return exitCodes.badInput;
  if (options.format === 'text' && input.diagnostics.length === 0) {
    const plays = input.playbooks.reduce((sum, playbook) => sum + playbook.plays.length, 0);
    const hosts = input.hasInventory ? `, ${counted(input.inventory.hosts.size, 'host')}` : '';
    out.write(`No mistakes: ${counted(input.playbooks.length, 'playbook')}, ${counted(plays, 'play')}${hosts}\n`);
  }
  return exitCodes.ok;
}
