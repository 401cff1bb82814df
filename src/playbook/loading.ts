import type { Diagnostic } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import type { Inventory } from '../inventory/model.ts';
import type { GuardRegistry } from '../module/guard.ts';
import type { Registry } from '../module/registry.ts';
import type { Variables } from '../vars/term.ts';
import { type Decrypt, isVaultText } from '../vars/vault.ts';
import type { YamlNode } from '../yaml/node.ts';
import { type ParsedYaml, parseYaml } from '../yaml/parse.ts';
import type { Files } from './files.ts';
import { createReport, type Report } from './report.ts';

/** The modules that a playbook may name. */
export type Modules = Registry;

export interface LoadOptions extends Files {
  readonly registry: Modules;
  /** Names of modules that are there and do not load, which was told already. */
  readonly brokenModules?: readonly string[];
  /** Absent: what depends on it (undefined variables, unknown host patterns) is not checked. */
  readonly inventory?: Inventory;
  /** Names that `-e` gives. */
  readonly extraVarNames: readonly string[];
  /** Their values; absent where nobody needs them. */
  readonly extraVars?: Variables;
  /** Environment variables of the controller; absent: none is set. */
  readonly env?: (name: string) => string | undefined;
  /** Opens `!vault`. */
  readonly decrypt?: Decrypt | undefined;
  /** Folders that are searched for roles after `roles/` beside the playbook. */
  readonly rolesPaths: readonly string[];
  /** Folders with collections, searched after `collections/` beside the playbook. */
  readonly collectionsPaths?: readonly string[];
  /** Guards that `rolling.guard` may name; absent: not checked. */
  readonly guards?: GuardRegistry;
  /** Stands in for reading YAML, where many readings share what was read. */
  readonly parse?: (source: Source) => ParsedYaml;
}

/** One reading of playbooks: what it was asked, what it found wrong, what it has already read. */
export interface Loading {
  readonly options: LoadOptions;
  readonly report: Report;
  /** The documents of a file, parsed once; `undefined` when it is not there or is no YAML (then it is reported). */
  readonly yaml: (path: string) => YamlFile | undefined;
  /** Variables that a broken task would have set, and names of broken handlers: their absence elsewhere is only a consequence. */
  readonly excused: Set<string>;
  readonly excusedHandlers: Set<string>;
  /** Files and roles that are not there, and that nothing could stand in for: any name may have come from them. */
  readonly gaps: Set<string>;
}

export interface YamlFile {
  readonly source: Source;
  /** `undefined` for an empty file. */
  readonly root: YamlNode | undefined;
}

export function createLoading(options: LoadOptions): Loading {
  const report = createReport();
  const parsed = new Map<string, YamlFile | undefined>();
  const gaps = new Set<string>();
  const locked = (source: Source): undefined => {
    const at = { source, start: 0, end: source.text.indexOf('\n') };
    const opened = options.decrypt?.(source.text, at);
    const why = opened?.ok === false ? opened.error : 'no vault password was given';
    const help = 'Give the password with --vault-password-file or --ask-vault-pass';
    report.error('vars/vault-locked', at, `"${source.path}" is encrypted: ${why}`, help);
    gaps.add(source.path);
  };
  const read = (path: string): YamlFile | undefined => {
    const text = options.readFile(path);
    if (text === undefined) return undefined;
    const source: Source = { path, text };
    if (isVaultText(text)) return locked(source);
    const result = (options.parse ?? parseYaml)(source);
    report.add(result.diagnostics);
    return result.diagnostics.some(isError) && result.root === undefined ? undefined : { source, root: result.root };
  };
  return {
    options,
    report,
    yaml: (path) => {
      if (!parsed.has(path)) parsed.set(path, read(path));
      return parsed.get(path);
    },
    excused: new Set(),
    excusedHandlers: new Set(),
    gaps,
  };
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}
