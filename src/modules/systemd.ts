import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { bool, choice, optional, text, withDefault } from '../module/params.ts';
import {
  planUnit,
  type UnitWish,
  unitDisrupts,
  unitMayDisrupt,
  unitFields,
  unitQueries,
  unitReturns,
} from '../module/systemd.ts';

const params = z
  .strictObject({
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
    daemon_reload: withDefault(bool(), false, 'Have systemd read unit files anew first', {
      aliases: ['daemon-reload'],
    }),
    daemon_reexec: withDefault(bool(), false, 'Have systemd execute itself anew first', { aliases: ['daemon-reexec'] }),
    scope: withDefault(choice(['system', 'user', 'global']), 'system', 'Whose units'),
    no_block: withDefault(bool(), false, 'Do not wait until the unit is what it shall be'),
  })
  .superRefine((p, context) => {
    const acts = p.state !== undefined || p.enabled !== undefined || p.masked !== undefined;
    if (!acts && !p.daemon_reload && !p.daemon_reexec) {
      context.addIssue({
        code: 'custom',
        message: 'One of "state", "enabled", "masked", "daemon_reload" and "daemon_reexec" is required',
        path: [],
      });
    }
    if (acts && p.name === undefined) {
      context.addIssue({
        code: 'custom',
        message: '"name" is required with "state", "enabled" and "masked"',
        path: [],
      });
    }
  });

function wishOf(p: z.output<typeof params>): UnitWish {
  const { name, state, enabled, masked, scope } = p;
  const { daemon_reload: daemonReload, daemon_reexec: daemonReexec, no_block: noBlock } = p;
  return { name, state, enabled, masked, scope, daemonReload, daemonReexec, noBlock };
}

/** Units of systemd. */
export default defineModule({
  name: 'systemd',
  aliases: [
    'systemd_service',
    'ansible.builtin.systemd',
    'ansible.builtin.systemd_service',
    'ansible.legacy.systemd',
    'ansible.legacy.systemd_service',
  ],
  summary: 'Starts, stops, enables and masks systemd units',
  examples: [
    'systemd:\n  name: containerd\n  state: started\n  enabled: true\n  daemon_reload: true',
    'systemd:\n  daemon_reload: true',
  ],
  params,
  returns: z.object(unitReturns),
  convergence: (p) => (p.state === 'restarted' || p.state === 'reloaded' ? 'always' : 'converges'),
  observe: (p) => unitQueries(wishOf(p)),
  plan: (p, seen, _inputs, context) => planUnit(wishOf(p), seen, context),
  result: (p, seen) => unitFields(wishOf(p), seen),
  disrupts: (p, planned) => unitDisrupts(wishOf(p), planned),
  mayDisrupt: (p) => unitMayDisrupt(p === undefined ? undefined : wishOf(p)),
});
