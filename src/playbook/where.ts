import type { Variables } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Early } from './early-text.ts';
import type { Inherited } from './inherit.ts';
import type { Loading } from './loading.ts';
import type { Entry, Handler, Role } from './tree.ts';

/** What a play gathers while its parts are read. */
export interface PlayParts {
  /** Roles whose defaults and variables the whole play sees: those of `roles:` and of import_role. */
  readonly roles: Role[];
  /** Handlers of roles, in the order they were read. */
  readonly roleHandlers: Handler[];
  /** Handlers of import_role, which stand after the play's own. */
  readonly importedHandlers: Handler[];
  /** Inclusions of roles so far, to drop one that would do the same again. */
  readonly included: Map<string, Inherited>;
}

/** Where in a play something is read, and what it has from there. */
export interface Where {
  readonly loading: Loading;
  readonly parts: PlayParts;
  readonly inherited: Inherited;
  readonly role: Role | undefined;
  readonly file: string;
  /** Variables of the play, weakest first; of an include none. */
  readonly playVars: readonly Variables[];
  /** The playbook's folder. */
  readonly baseDir: string;
  /** Prefix of the ids below. */
  readonly id: string;
  /** Files and roles that are being read, outermost first, to find circles. */
  readonly trail: readonly string[];
}

export function newParts(): PlayParts {
  return { roles: [], roleHandlers: [], importedHandlers: [], included: new Map() };
}

/** The readers of lists, handed to what is read inside of them. */
export interface Readers {
  readonly entries: (where: Where, node: YamlNode | undefined, what: string) => readonly Entry[];
  readonly handlers: (where: Where, node: YamlNode | undefined) => readonly Handler[];
}

/** What an import of this place may be computed from. `own` are the variables of the import itself. */
export function earlyOf(where: Where, own: readonly Variables[]): Early {
  const { role, playVars, inherited, baseDir } = where;
  return {
    layers: [
      ...(role === undefined ? [] : [role.defaults]),
      ...playVars,
      ...(role === undefined ? [] : [role.vars]),
      ...inherited.keywords.vars,
      ...own,
      ...(role === undefined ? [] : [role.params]),
    ],
    baseDir,
    role,
  };
}
