import { dirname } from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { Location } from '../core/source.ts';
import { isVariableName } from '../vars/names.ts';
import { textsIn } from '../vars/secrets.ts';
import type { Level, Term, Variable, Variables } from '../vars/term.ts';
import { nameDiagnostics } from '../vars/variables.ts';
import type { Decrypt } from '../vars/vault.ts';
import type { InventoryCode } from './codes.ts';
import { addChild, addGroup, addHost, type Draft, type DraftGroup } from './draft.ts';

/** What every reader of inventories shares: the draft that it adds to, and where it tells what is wrong. */
export interface Reading {
  readonly draft: Draft;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly decrypt: Decrypt | undefined;
  /** Told every text of a file that came out of a vault. */
  readonly onSecret: ((text: string) => void) | undefined;
  /** Where each host is named first. */
  readonly places: Map<string, Location>;
  /** The file that is being read, absolute; a list of hosts as it was given. */
  readonly file: string;
}

export function problem(reading: Reading, code: InventoryCode, message: string, at: Location, help?: string): void {
  reading.report({ code, severity: 'error', message, at, ...(help !== undefined && { help }) });
}

/** A group as it is named in a file, made where it is new. */
export function declareGroup(reading: Reading, name: string, at: Location): DraftGroup {
  if (!reading.draft.groups.has(name) && !isVariableName(name)) {
    const safe = name.replace(/[^A-Za-z0-9_]/g, '_');
    reading.report({
      code: 'inventory/group-name',
      severity: 'warning',
      message: `The group "${name}" cannot be written as a variable`,
      at,
      help: `Name it with letters, digits and "_", such as "${safe}", so that groups.${safe} works`,
    });
  }
  return addGroup(reading.draft, name);
}

/** Hosts as they are named in a file; the port counts for those that are new. */
export function declareHosts(
  reading: Reading,
  names: readonly string[],
  group: string,
  port: number | undefined,
  at: Location,
): void {
  for (const name of names) {
    if (!reading.places.has(name)) reading.places.set(name, at);
    addHost(reading.draft, name, group, firstVariables(reading, name, port, at));
  }
}

function firstVariables(reading: Reading, name: string, port: number | undefined, at: Location): Variables {
  const constant = (value: string | bigint): Variable => hostVariable(name, { kind: 'constant', value, at });
  return new Map([
    ...(port === undefined ? [] : [['ansible_port', constant(BigInt(port))] as const]),
    ['inventory_file', constant(reading.file)],
    ['inventory_dir', constant(dirname(reading.file))],
  ]);
}

function hostVariable(name: string, term: Term): Variable {
  return { term, level: 'inventory-host', origin: `host ${name}` };
}

export function setHostVariable(reading: Reading, host: string, name: string, term: Term): void {
  tellSecrets(reading, term);
  reading.draft.hosts.get(host)?.vars.set(name, hostVariable(host, term));
}

/** `ansible_group_priority` is the group's own and no variable. */
export function setGroupVariable(reading: Reading, group: DraftGroup, name: string, term: Term): void {
  tellSecrets(reading, term);
  if (name !== 'ansible_group_priority') {
    const level: Level = group.name === 'all' ? 'inventory-group-all' : 'inventory-group';
    group.vars.set(name, { term, level, origin: `group ${group.name}` });
    return;
  }
  const value = term.kind === 'constant' ? term.value : undefined;
  const number = typeof value === 'bigint' ? Number(value) : typeof value === 'string' ? wholeNumber(value) : undefined;
  if (number !== undefined) group.priority = number;
  else problem(reading, 'inventory/group-priority', 'Expected ansible_group_priority to be a whole number', term.at);
}

export function reportName(reading: Reading, name: string, at: Location): void {
  for (const diagnostic of nameDiagnostics(name, 'inventory-host', at)) reading.report(diagnostic);
}

export function declareChild(reading: Reading, parent: string, child: string, at: Location): void {
  if (addChild(reading.draft, parent, child)) return;
  const message =
    parent === child
      ? `The group "${parent}" cannot be its own child`
      : `The group "${child}" cannot be a child of "${parent}", which is below it already`;
  problem(reading, 'inventory/group-cycle', message, at, 'Remove one of the two');
}

function tellSecrets({ onSecret }: Reading, term: Term): void {
  if (onSecret !== undefined) for (const text of textsIn(term)) onSecret(text);
}

function wholeNumber(text: string): number | undefined {
  return /^\s*[-+]?\d+\s*$/.test(text) ? Number(text) : undefined;
}
