import type { Diagnostic } from '../core/diagnostic.ts';
import { didYouMean } from '../core/suggest.ts';
import { isLocalhost } from './address.ts';
import type { InventoryCode } from './codes.ts';
import type { Inventory } from './model.ts';
import { inOrder, nameTest, type Subscripted, splitPattern, takeSubscript, withFiles } from './pattern-text.ts';
import { hostsOf } from './relations.ts';

export interface MatchedHosts {
  /** In the order in which the pattern finds them, each once. */
  readonly hosts: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The hosts of a pattern such as `web:&eu:!db`, `~web\d+`, `web[0:2]` or `@file`, as Ansible finds them. A part that
 * matches nothing is a warning. A list is all its patterns together.
 */
export function matchHosts(pattern: string | readonly string[], inventory: Inventory): MatchedHosts {
  return evaluate(pattern, inventory, 'warning');
}

/**
 * The hosts that `--limit` leaves. What matches nothing is an error here: fewer hosts than were asked for would be left.
 * The order of a play's hosts stays that of the play.
 */
export function limitHosts(limit: string, inventory: Inventory): MatchedHosts {
  const matched = evaluate(limit, inventory, 'error');
  if (matched.hosts.length > 0 || matched.diagnostics.length > 0) return matched;
  const { diagnostic } = reporter(limit, 'error');
  return { hosts: [], diagnostics: [diagnostic('inventory/no-match', `--limit "${limit}" leaves no host`)] };
}

type Report = (code: InventoryCode, message: string, help?: string, severity?: Diagnostic['severity']) => void;

function evaluate(
  pattern: string | readonly string[],
  inventory: Inventory,
  severity: Diagnostic['severity'],
): MatchedHosts {
  const texts = typeof pattern === 'string' ? [pattern] : pattern;
  const { report, diagnostics } = reporter(texts.join(','), severity);
  const parts = inOrder(
    withFiles(texts.flatMap(splitPattern), (message) => report('inventory/pattern', message, undefined, 'error')),
  );
  let hosts = new Set<string>();
  for (const part of parts) {
    const found = matchPart(part, inventory, report);
    if (part.startsWith('!')) hosts = new Set([...hosts].filter((host) => !found.has(host)));
    else if (part.startsWith('&')) hosts = new Set([...hosts].filter((host) => found.has(host)));
    else for (const host of found) hosts.add(host);
  }
  return { hosts: [...hosts], diagnostics };
}

function reporter(text: string, severity: Diagnostic['severity']) {
  const diagnostics: Diagnostic[] = [];
  const at = { source: { path: severity === 'error' ? '--limit' : 'hosts', text }, start: 0, end: text.length };
  const diagnostic = (code: InventoryCode, message: string, help?: string, kind = severity): Diagnostic => ({
    code,
    severity: kind,
    message,
    at,
    ...(help !== undefined && { help }),
  });
  const report: Report = (...what) => void diagnostics.push(diagnostic(...what));
  return { report, diagnostic, diagnostics };
}

function matchPart(part: string, inventory: Inventory, report: Report): ReadonlySet<string> {
  // A host is meant by its exact name, whatever characters are in it.
  if (inventory.hosts.has(part)) return new Set([part]);
  const pattern = /^[&!]/.test(part) ? part.slice(1) : part;
  const taken = takeSubscript(pattern);
  if (taken.dashed) {
    report(
      'inventory/pattern-subscript',
      `"${pattern}" is read as "${pattern.replace(/-(?=[0-9]*\]$)/, ':')}"`,
      'Write [x:y], or use other names for single characters',
      'warning',
    );
  }
  return new Set(pick(find(taken.base, inventory, report), taken, pattern, report));
}

/** All hosts of the groups that fit; and hosts that fit, where no group does or the pattern can fit several names. */
function find(pattern: string, inventory: Inventory, report: Report): readonly string[] {
  const fits = nameTest(pattern);
  if (fits === undefined) {
    report('inventory/pattern', `"${pattern}" is not a complete pattern`, undefined, 'error');
    return [];
  }
  const groups = [...inventory.groups.keys()].filter(fits);
  const hosts = groups.length === 0 || /^~|[.?*[]/.test(pattern) ? [...inventory.hosts.keys()].filter(fits) : [];
  const found = [...groups.flatMap((group) => hostsOf(inventory, group)), ...hosts];
  if (found.length > 0) return found;
  if (isLocalhost(pattern)) return [[...inventory.hosts.keys()].find(isLocalhost) ?? pattern];
  if (groups.length === 0) reportNoMatch(pattern, inventory, report);
  return [];
}

function reportNoMatch(pattern: string, inventory: Inventory, report: Report): void {
  const names = [...inventory.groups.keys(), ...inventory.hosts.keys()];
  report('inventory/no-match', `No host or group matches "${pattern}"`, didYouMean(pattern, names));
}

/** A host that several groups have counts once for each, as in Ansible. */
function pick(
  hosts: readonly string[],
  { subscript }: Subscripted,
  pattern: string,
  report: Report,
): readonly string[] {
  if (subscript === undefined || hosts.length === 0) return hosts;
  const { from, to } = subscript;
  if (to !== undefined) return hosts.slice(from, to === 'end' ? undefined : to + 1);
  const host = hosts.at(from);
  if (host !== undefined) return [host];
  report(
    'inventory/pattern-subscript',
    `"${pattern}" asks for a position beyond the ${hosts.length} hosts`,
    undefined,
    'error',
  );
  return [];
}
