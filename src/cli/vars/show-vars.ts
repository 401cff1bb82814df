import { type Diagnostic, hasErrors } from '../../core/diagnostic.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import { createRedactor, type Redactor } from '../../core/redact.ts';
import { didYouMean } from '../../core/suggest.ts';
import { type ConnectionVariable, connectionVariables } from '../../engine/connection-variables.ts';
import { loadInventory } from '../../inventory/load.ts';
import { isInternal } from '../../inventory/print.ts';
import { playbookFolders } from '../../playbook/folders.ts';
import { createLoading } from '../../playbook/loading.ts';
import type { Scope } from '../../vars/scope.ts';
import { writeDiagnostics } from '../diagnostics.ts';
import { readExtraVars } from '../extra-vars.ts';
import { localFiles } from '../files.ts';
import { loadInput } from '../load.ts';
import { inventorySources } from '../inventory-sources.ts';
import type { InputOptions, OutputOptions } from '../option-values.ts';
import { problem } from '../problem.ts';
import { runProgram } from '../run-program.ts';
import type { System } from '../system.ts';
import { createDecrypt } from '../vault/decrypt.ts';
import { openedFiles } from '../vault/opened-files.ts';
import { type Explained, explain, explainedJson, explainedText } from './explained.ts';
import { inRunJson, inRunText, type KnownInRun, knownInRun } from './in-run.ts';
import { findSetting } from './play-setting.ts';
import { hostScope } from './scope.ts';

export interface VarsOptions extends InputOptions, OutputOptions {
  /** Playbooks, with the group_vars and host_vars beside them. */
  readonly playbook?: readonly string[];
  /** The name of a task in them. */
  readonly task?: string;
  readonly json?: true;
  readonly showSecrets?: true;
}

/** `hlb vars HOST [NAME]`. What is wrong goes to stderr, so that stdout stays JSON. */
export async function showVars(
  host: string,
  name: string | undefined,
  options: VarsOptions,
  system: System,
): Promise<number> {
  const { out, err } = system;
  const redactor = createRedactor();
  const vault = await createDecrypt(options, system, redactor);
  const decrypt = vault.ok ? vault.value : undefined;
  const loaded = await loadInventory({
    sources: inventorySources(options, system),
    playbookDirs: playbookFolders(options.playbook ?? [], openedFiles(localFiles, decrypt, redactor)),
    runProgram,
    ...(decrypt === undefined ? {} : { decrypt, onSecret: redactor.register }),
  });
  const extra = readExtraVars(options.extraVars ?? [], openedFiles(localFiles, decrypt, redactor).readFile);
  const { inventory } = loaded;
  const at =
    options.playbook === undefined ? undefined : await settingOf(options.playbook, host, options, system, redactor);
  const scope = hostScope(inventory, host, extra.variables, system, at?.setting);
  const inRun = name === undefined ? undefined : knownInRun(name, scope, at?.setting);
  const missing = !inventory.hosts.has(host)
    ? unknownHost(host, inventory.hosts.keys())
    : inRun === undefined
      ? unknownName(name, host, scope)
      : [];
  const diagnostics = [
    ...(vault.ok ? [] : [vault.error]),
    ...loaded.diagnostics,
    ...extra.diagnostics,
    ...(at?.diagnostics ?? []),
    ...missing,
  ];
  writeDiagnostics(diagnostics, { output: err, format: options.format, color: options.color && err.color, redactor });
  if (hasErrors(diagnostics)) return exitCodes.badInput;
  const names = name === undefined ? declared(scope) : [name];
  const all = names.flatMap((one) => explain(one, scope) ?? []);
  for (const secret of all.flatMap(secretsIn)) redactor.register(secret);
  const text =
    options.json === true ? asJson(all, inRun) : `${asText(all)}${inRun === undefined ? '' : inRunText(inRun)}`;
  out.write(options.showSecrets === true ? text : redactor.text(text));
  return exitCodes.ok;
}

/** The place of the playbooks at which the variables are asked for; mistakes elsewhere in them do not matter here. */
async function settingOf(
  paths: readonly string[],
  host: string,
  options: VarsOptions,
  system: System,
  redactor: Redactor,
): Promise<ReturnType<typeof findSetting>> {
  const { playbooks, inventory, loadOptions, diagnostics } = await loadInput(paths, options, system, redactor);
  if (playbooks.every((playbook) => playbook.plays.length === 0)) return { setting: undefined, diagnostics };
  return findSetting(playbooks, createLoading(loadOptions), inventory, host, options.task);
}

/** Without a name those that somebody wrote: what hlb sets itself is long, and the same for all. */
function declared(scope: Scope): readonly string[] {
  return [...scope.names()].filter((name) => !isInternal(name) && scope.explain(name)[0]?.level !== 'magic').sort();
}

function unknownHost(host: string, hosts: Iterable<string>): readonly Diagnostic[] {
  return [problem('cli/unknown-host', `The inventory has no host "${host}"`, didYouMean(host, [...hosts]))];
}

function unknownName(name: string | undefined, host: string, scope: Scope): readonly Diagnostic[] {
  if (name === undefined || scope.explain(name).length > 0) return [];
  const help = didYouMean(name, [...scope.names()]) ?? 'Plays, roles and tasks may define it while they run';
  return [problem('cli/unknown-variable', `Nothing in the inventory defines "${name}" for "${host}"`, help)];
}

const secretVariables = Object.values<ConnectionVariable>(connectionVariables).flatMap(({ names, secret }) =>
  secret === true ? names : [],
);

/** Passwords are secrets in plain text too. */
function secretsIn({ name, value, from, shadows }: Explained): readonly string[] {
  if (!secretVariables.includes(name)) return [];
  return [value, from.written, ...shadows.map((one) => one.written)].filter((one) => typeof one === 'string');
}

function asJson(all: readonly Explained[], inRun: KnownInRun | undefined): string {
  const known = new Map(all.map((one) => [one.name, explainedJson(one)]));
  if (inRun !== undefined) known.set(inRun.name, { ...known.get(inRun.name), ...inRunJson(inRun) });
  const json = Object.fromEntries(known);
  return `${JSON.stringify(json, null, 2)}\n`;
}

function asText(all: readonly Explained[]): string {
  return all
    .flatMap(explainedText)
    .map((line) => `${line}\n`)
    .join('');
}
