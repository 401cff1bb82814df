import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Location } from '../../core/source.ts';

/** Why something of a tree would not run as it is. */
export interface Reason {
  readonly kind: ReasonKind;
  /** Such as the name of the module, or the message where there is no name. */
  readonly subject: string;
  readonly help?: string;
  readonly at?: Location;
}

/**
 * `missing`: a file or role that is not in the tree, such as one that is fetched before a run. `mistake`: what Ansible
 * would refuse too, or hlb finds before a run and Ansible while it runs. All others: what hlb does not have.
 */
export type ReasonKind =
  | 'module'
  | 'parameter'
  | 'filter'
  | 'test'
  | 'lookup'
  | 'function'
  | 'loop'
  | 'keyword'
  | 'value'
  | 'collection'
  | 'plugin'
  | 'inventory'
  | 'setting'
  | 'missing'
  | 'mistake';

const kinds: Readonly<Record<string, ReasonKind>> = {
  'playbook/unknown-module': 'module',
  'playbook/unknown-default': 'module',
  'args/unknown-parameter': 'parameter',
  'expr/unknown-filter': 'filter',
  'expr/unknown-test': 'test',
  'expr/unknown-lookup': 'lookup',
  'expr/unknown-function': 'function',
  'playbook/unknown-loop': 'loop',
  'playbook/refused-keyword': 'keyword',
  'playbook/unknown-value': 'value',
  'playbook/unknown-role': 'missing',
  'playbook/file-not-found': 'missing',
  'inventory/plugin': 'inventory',
  'vars/vault-locked': 'missing',
  'inventory/encrypted': 'missing',
};

/** Kinds whose message names what is unknown in quotes, and whose name alone tells them apart. */
const named: ReadonlySet<ReasonKind> = new Set(['module', 'filter', 'test', 'lookup', 'function']);

export function reasonOf({ code, message, help, at }: Diagnostic): Reason {
  const isOfCollection = code === 'playbook/unknown-role' && message.includes('collection');
  const isGap = code === 'args/bad-value' && message.includes('not supported');
  const kind = isOfCollection ? 'collection' : isGap ? 'value' : (kinds[code] ?? 'mistake');
  const name = named.has(kind) ? /"([^"]+)"/.exec(message)?.[1] : undefined;
  return {
    kind,
    subject: name ?? message,
    ...(help === undefined ? {} : { help }),
    ...(at === undefined ? {} : { at }),
  };
}

/** What keeps a tree from running whatever else is in it. */
export function isUnsupported(kind: ReasonKind): boolean {
  return kind !== 'missing' && kind !== 'mistake';
}

/** One reason with everywhere it holds. */
export interface Counted extends Reason {
  readonly places: readonly Location[];
}

/** Equal reasons together, the most frequent first; the same place counts once. */
export function countReasons(reasons: readonly Reason[]): readonly Counted[] {
  const found = new Map<string, Reason & { readonly places: Map<string, Location> }>();
  for (const reason of reasons) {
    const key = `${reason.kind} ${reason.subject}`;
    const before = found.get(key) ?? { ...reason, places: new Map<string, Location>() };
    found.set(key, before);
    if (reason.at !== undefined) before.places.set(`${reason.at.source.path} ${reason.at.start}`, reason.at);
  }
  return [...found.values()]
    .map((one) => ({ ...one, places: [...one.places.values()] }))
    .sort((a, b) => b.places.length - a.places.length || compare(a.subject, b.subject));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
