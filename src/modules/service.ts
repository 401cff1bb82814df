import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { bool, choice, optional, required, text } from '../module/params.ts';
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
    name: required(
      text().refine((name) => /^[A-Za-z0-9:_.@\\-]+$/.test(name), { error: 'Expected the name of one service' }),
      'Service',
    ),
    state: optional(
      choice(['started', 'stopped', 'reloaded', 'restarted']),
      'What it shall be; "restarted" and "reloaded" act each time, and start what does not run',
    ),
    enabled: optional(bool(), 'Whether it is started at boot'),
    use: optional(
      choice(['auto', 'systemd', 'service']),
      'Accepted for the sake of playbooks: systemd runs the services',
    ),
  })
  .superRefine((p, context) => {
    if (p.state === undefined && p.enabled === undefined) {
      context.addIssue({ code: 'custom', message: 'One of "state" and "enabled" is required', path: ['state'] });
    }
  });

function wishOf(p: z.output<typeof params>): UnitWish {
  const rest = {
    masked: undefined,
    daemonReload: false,
    daemonReexec: false,
    scope: 'system',
    noBlock: false,
  } as const;
  return { name: p.name, state: p.state, enabled: p.enabled, ...rest };
}

/** Services, which systemd runs. */
export default defineModule({
  name: 'service',
  aliases: ['ansible.builtin.service', 'ansible.legacy.service'],
  summary: 'Starts, stops and enables services',
  examples: ['service:\n  name: haproxy\n  state: reloaded'],
  params,
  returns: z.object(unitReturns),
  convergence: (p) => (p.state === 'restarted' || p.state === 'reloaded' ? 'always' : 'converges'),
  observe: (p) => unitQueries(wishOf(p)),
  plan: (p, seen, _inputs, context) => planUnit(wishOf(p), seen, context),
  result: (p, seen) => unitFields(wishOf(p), seen),
  disrupts: (p, planned) => unitDisrupts(wishOf(p), planned),
  mayDisrupt: (p) => unitMayDisrupt(p === undefined ? undefined : wishOf(p)),
});
