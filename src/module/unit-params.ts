import { z } from 'zod';
import { bool, choice, optional, text, withDefault } from './params.ts';
import type { UnitWish } from './systemd.ts';

/** Parameters of `systemd`, which `service` hands on. */
export const unitShape = {
  name: optional(
    text().refine((name) => /^[A-Za-z0-9:_.@\\-]+$/.test(name), {
      error: 'Expected the name of one unit, such as kubelet or kubelet.service',
    }),
    'Unit; without a suffix a service',
    { aliases: ['service', 'unit'] },
  ),
  state: optional(
    choice(['reloaded', 'restarted', 'started', 'stopped']),
    'What it shall be; "restarted" and "reloaded" act each time, and start what does not run',
  ),
  enabled: optional(bool(), 'Whether it is started at boot'),
  masked: optional(bool(), 'Whether it cannot be started at all'),
  daemon_reload: withDefault(bool(), false, 'Have systemd read unit files anew first', { aliases: ['daemon-reload'] }),
  daemon_reexec: withDefault(bool(), false, 'Have systemd execute itself anew first', { aliases: ['daemon-reexec'] }),
  scope: withDefault(choice(['system', 'user', 'global']), 'system', 'Whose units'),
  no_block: withDefault(bool(), false, 'Do not wait until the unit is what it shall be'),
};

const all = z.strictObject(unitShape);
export type UnitParams = z.output<typeof all>;

/** With nothing but a name a unit is only looked at; to make it something, it must be named. */
export function checkUnit(p: UnitParams, context: z.RefinementCtx): void {
  const acts = p.state !== undefined || p.enabled !== undefined || p.masked !== undefined;
  const daemon = p.daemon_reload || p.daemon_reexec;
  if (p.name !== undefined || (daemon && !acts)) return;
  const message = acts
    ? '"name" is required with "state", "enabled" and "masked"'
    : 'One of "name", "daemon_reload" and "daemon_reexec" is required';
  context.addIssue({ code: 'custom', message, path: [] });
}

export function unitWish(p: UnitParams): UnitWish {
  const { name, state, enabled, masked, scope } = p;
  const { daemon_reload: daemonReload, daemon_reexec: daemonReexec, no_block: noBlock } = p;
  return { name, state, enabled, masked, scope, daemonReload, daemonReexec, noBlock };
}
