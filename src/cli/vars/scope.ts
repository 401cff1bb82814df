import type { Value } from '../../core/value.ts';
import type { Answer, Deferred, Request } from '../../expr/api.ts';
import { shortName } from '../../inventory/address.ts';
import { hostLayers } from '../../inventory/layers.ts';
import type { Inventory } from '../../inventory/model.ts';
import { groupNames, groupsDictionary } from '../../inventory/relations.ts';
import { inOrder } from '../../playbook/precedence.ts';
import { createScope, type Scope } from '../../vars/scope.ts';
import type { Variables } from '../../vars/term.ts';
import type { System } from '../system.ts';
import type { PlaySetting } from './play-setting.ts';

/**
 * What a host sees before any play: its inventory, files of variables beside it and beside playbooks, and `-e`; with a
 * place of a playbook also what stands there. What other hosts have of it is the first alone, as Ansible has it.
 */
export function hostScope(
  inventory: Inventory,
  host: string,
  extra: Variables,
  system: System,
  at?: PlaySetting,
): Scope {
  const of = (name: string): Scope => hostScope(inventory, name, extra, system);
  const magic: ReadonlyMap<string, () => Value | Deferred> = new Map<string, () => Value | Deferred>([
    ['inventory_hostname', () => host],
    ['inventory_hostname_short', () => shortName(host)],
    ['group_names', () => groupNames(inventory, host)],
    ['groups', () => groupsDictionary(inventory)],
    ['hostvars', () => hostvars(inventory, of)],
  ]);
  return createScope({
    layers: layersOf(inventory, host, extra, at),
    magic: (name) => magic.get(name)?.(),
    magicNames: () => magic.keys(),
    answer: (request) => answer(request, system.env),
    now: () => system.clock.now(),
    random: system.random,
  });
}

function layersOf(
  inventory: Inventory,
  host: string,
  extra: Variables,
  at: PlaySetting | undefined,
): readonly Variables[] {
  const none: Variables = new Map();
  return inOrder({
    roles: at?.play.roles ?? [],
    role: at?.task?.role,
    inventory: hostLayers(inventory, host, at?.play.baseDir),
    facts: none,
    play: at?.play.vars ?? none,
    files: at?.files ?? [],
    own: at?.task?.keywords.vars ?? [],
    includeVars: none,
    setFacts: none,
    extra,
  });
}

/** Files and commands depend on the play that asks. */
function answer(request: Request, env: NodeJS.ProcessEnv): Answer {
  if (request.kind === 'env') return { kind: 'text', text: env[request.name] ?? '' };
  return { kind: 'error', message: 'A lookup of a file or command is answered only while a play runs' };
}

function hostvars(inventory: Inventory, scopeOf: (host: string) => Scope): Deferred {
  const force = (): never => {
    throw new Error('hostvars are read one by one');
  };
  return {
    kind: 'deferred',
    part: (key) => {
      if (typeof key !== 'string' || !inventory.hosts.has(key)) return undefined;
      const scope = scopeOf(key);
      return {
        kind: 'deferred',
        part: (name) => (typeof name === 'string' ? scope.resolve(name) : undefined),
        keys: () => [...scope.names()],
        force,
      };
    },
    keys: () => [...inventory.hosts.keys()],
    force,
  };
}
