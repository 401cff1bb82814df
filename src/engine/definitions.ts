import type { Entry, Play, Role } from '../playbook/tree.ts';
import type { Term, Variables } from '../vars/term.ts';
import type { RunContext } from './context.ts';

/** All terms that a name may stand for in a play, on any host: what the fuser follows to know what a task reads. */
export function definitionsOf(
  run: RunContext,
  play: Play,
  fileVars: ReadonlyMap<string, readonly Variables[]>,
): (name: string) => readonly Term[] {
  const layers: Variables[] = [play.vars, run.options.extraVars];
  const addRole = (role: Role | undefined): void => {
    if (role !== undefined) layers.push(role.defaults, role.vars, role.params);
  };
  for (const role of play.roles) addRole(role);
  const visit = (entries: readonly Entry[]): void => {
    for (const entry of entries) {
      if (entry.kind === 'block') {
        visit([...entry.entries, ...entry.rescue, ...entry.always]);
        continue;
      }
      addRole(entry.role);
      layers.push(...entry.keywords.vars);
    }
  };
  for (const section of play.sections) visit(section.entries);
  for (const host of run.inventory.hosts.values()) layers.push(...host.vars);
  for (const group of run.inventory.groups.values()) layers.push(...group.vars);
  const distinct = [...new Set(layers)];
  const known = new Map<string, readonly Term[]>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const files = [...fileVars.values()].flat();
    const terms = [...distinct, ...files].flatMap((layer) => layer.get(name)?.term ?? []);
    known.set(name, terms);
    return terms;
  };
}
