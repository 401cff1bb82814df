import { extname, join } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { textsIn } from '../vars/secrets.ts';
import type { Level, Variables } from '../vars/term.ts';
import { variablesOfNode } from '../vars/variables.ts';
import type { Decrypt } from '../vars/vault.ts';
import { parseYaml } from '../yaml/parse.ts';
import { listFolder } from './sources.ts';
import { kindOf, readText, shownPath, startOf } from './text.ts';

/** Variables of groups and hosts by their names, from the folders beside one inventory or playbook. */
export interface VarsColumn {
  readonly groups: ReadonlyMap<string, Variables>;
  readonly hosts: ReadonlyMap<string, Variables>;
}

interface Context {
  readonly decrypt?: Decrypt;
  readonly onSecret?: (text: string) => void;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** Who has variables in files: their names, for what is told about files that match none. */
export interface Known {
  readonly groups: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
}

/** Reads `group_vars/` and `host_vars/` in a folder, also those of names that add_host or group_by may make later. */
export function readVarsFolders(
  folder: string,
  beside: 'inventory' | 'playbook',
  known: Known,
  context: Context,
): VarsColumn {
  const { report } = context;
  const read = (kind: 'group' | 'host', names: ReadonlySet<string>): ReadonlyMap<string, Variables> => {
    const path = join(folder, `${kind}_vars`);
    const column = new Map<string, Variables>();
    for (const [name, files] of filesByName(path, names, report)) {
      const level: Level =
        kind === 'host' ? `${beside}-host-vars` : `${beside}-group-vars${name === 'all' ? '-all' : ''}`;
      const isKnown = names.has(name);
      if (!isKnown) reportUnused(path, name, names, kind, report);
      const inner = isKnown ? context : ofNobody(context);
      column.set(name, new Map(files.flatMap((file) => [...readVarsFile(file, level, `${kind} ${name}`, inner)])));
    }
    return column;
  };
  return { groups: read('group', known.groups), hosts: read('host', known.hosts) };
}

/**
 * A file whose name no host or group has, or has yet: no password is asked for nothing, a text such as README may stand
 * there, and what is wrong in it stops nobody.
 */
function ofNobody(context: Context): Context {
  const silent = new Set(['inventory/encrypted', 'vars/vault-locked', 'vars/not-a-mapping']);
  const report = (diagnostic: Diagnostic): void => {
    if (!silent.has(diagnostic.code)) context.report({ ...diagnostic, severity: 'warning' });
  };
  return { ...context, report };
}

function readVarsFile(path: string, level: Level, origin: string, { decrypt, onSecret, report }: Context): Variables {
  const file = readText(path, decrypt, report);
  if (file === undefined) return new Map();
  const { root, documents, diagnostics } = parseYaml(file.source);
  const read = variablesOfNode(root, level, origin, { decrypt, json: extname(path) === '.json' });
  for (const diagnostic of [...diagnostics, ...read.diagnostics]) report(diagnostic);
  const second = documents[1];
  if (second !== undefined) {
    report({
      code: 'inventory/documents',
      severity: 'error',
      message: 'Expected one YAML document, found several',
      at: second.at,
    });
  }
  if (file.isSecret && onSecret !== undefined) {
    for (const { term } of read.variables.values()) for (const text of textsIn(term)) onSecret(text);
  }
  return read.variables;
}

const extensions = ['', '.yml', '.yaml', '.json'];

/** The files of each name, first of those that are known. */
function filesByName(
  path: string,
  known: ReadonlySet<string>,
  report: (diagnostic: Diagnostic) => void,
): ReadonlyMap<string, readonly string[]> {
  const kind = kindOf(path);
  if (kind === 'file') {
    const message = `"${shownPath(path)}" is not a folder, and is ignored`;
    report({ code: 'inventory/vars-folder', severity: 'warning', message, at: startOf(path) });
  }
  const rest = new Set(kind === 'folder' ? listFolder(path, report) : []);
  const files = new Map<string, readonly string[]>();
  const take = (name: string): void => {
    const found = extensions.map((extension) => name + extension).filter((entry) => rest.delete(entry));
    if (found[0] !== undefined) files.set(name, filesAt(join(path, found[0]), report));
  };
  for (const name of known) take(name);
  for (const entry of rest) {
    const extension = extname(entry);
    if (isPlain(entry) && extensions.includes(extension)) take(entry.slice(0, entry.length - extension.length));
  }
  return files;
}

function filesAt(path: string, report: (diagnostic: Diagnostic) => void): readonly string[] {
  return kindOf(path) === 'folder' ? filesBelow(path, report) : [path];
}

/** Neither hidden nor a backup. */
function isPlain(name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('~');
}

/** In the order of their names, folders among them; hidden files, backups and other kinds of files are left out. */
function filesBelow(path: string, report: (diagnostic: Diagnostic) => void): readonly string[] {
  return listFolder(path, report).flatMap((name) => {
    if (!isPlain(name)) return [];
    const full = join(path, name);
    const extension = extname(name);
    if (kindOf(full) === 'folder') return extension === '' ? filesBelow(full, report) : [];
    return extensions.includes(extension) ? [full] : [];
  });
}

function reportUnused(
  folder: string,
  name: string,
  names: ReadonlySet<string>,
  kind: 'group' | 'host',
  report: (diagnostic: Diagnostic) => void,
): void {
  const help = didYouMean(name, names);
  if (help === undefined) return;
  const message = `No ${kind} is named "${name}", so its variables in "${shownPath(folder)}" are not used`;
  report({ code: 'inventory/unused-vars', severity: 'warning', message, at: startOf(join(folder, name)), help });
}
