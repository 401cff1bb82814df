import type { Location } from '../core/source.ts';
import { type Json, toJson } from '../core/value.ts';
import type { Variables } from '../vars/term.ts';
import { byKey, written } from '../vars/written.ts';
import type { OwnKeywords } from './inherit.ts';

/** Files that take the place of `main`. */
export interface RoleFrom {
  readonly tasks?: NamedFile;
  readonly vars?: NamedFile;
  readonly defaults?: NamedFile;
  readonly handlers?: NamedFile;
}
export interface NamedFile {
  readonly name: string;
  readonly at: Location;
}

/** How a role is used, in what Ansible compares: parameters and variables as written, when, tags, files. */
export interface RoleSetting {
  readonly params?: Variables;
  readonly vars?: readonly Variables[];
  readonly keywords?: OwnKeywords;
  readonly from?: RoleFrom;
  /** By include_role or import_role, which is never taken for one of `roles:`. */
  readonly byTasks?: boolean;
}

/** See `Role.key`. */
export function roleKey(path: string, { params, vars = [], keywords = {}, from = {}, byTasks }: RoleSetting): string {
  const files = Object.entries(from).map(([kind, { name }]) => [kind, name] as const);
  const when = (keywords.when ?? []).map(({ text }) => text);
  const all = [
    byTasks === true,
    shown(params === undefined ? [] : [params]),
    shown(vars),
    when,
    keywords.tags ?? [],
    files.sort(byKey),
  ];
  return `${path} ${JSON.stringify(all)}`;
}

function shown(layers: readonly Variables[]): Json {
  const merged = new Map(layers.flatMap((layer) => [...layer]));
  return [...merged].sort(byKey).map(([name, { term }]) => [name, toJson(written(term))]);
}
