import type { Entry, Role } from '../playbook/tree.ts';
import type { PlayContext } from './context.ts';
import type { HostState } from './host-state.ts';

/** Takes note of the roles that entries belong to, before any of them runs. */
export function noteRoles(uses: PlayContext['roleUses'], entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (entry.kind === 'block') {
      noteRoles(uses, [...entry.entries, ...entry.rescue, ...entry.always]);
      continue;
    }
    const { role } = entry;
    if (role === undefined || role.allowDuplicates) continue;
    const known = uses.get(role.key) ?? new Set();
    uses.set(role.key, known.add(role));
  }
}

/** Whether a use of a role may be one of those that a host skips, because another has run there. */
export function isRepeated(uses: PlayContext['roleUses'], role: Role | undefined): boolean {
  return role !== undefined && !role.allowDuplicates && (uses.get(role.key)?.size ?? 0) > 1;
}

/**
 * Whether a host passes over a role: `meta: end_role` has ended it there, or another use of it has done something, as in
 * Ansible.
 */
export function passesOver(host: HostState, role: Role | undefined): boolean {
  if (role === undefined) return false;
  if (host.rolesEnded.has(role)) return true;
  if (role.allowDuplicates) return false;
  const ran = host.rolesRun.get(role.key);
  return ran !== undefined && ran !== role;
}
