import { z } from 'zod';
import { defineModule } from '../module/define.ts';
import { choice, int, optional, text } from '../module/params.ts';
import {
  planUnit,
  unitDisrupts,
  unitFields,
  unitLists,
  unitMayDisrupt,
  unitMayList,
  unitQueries,
  unitReturns,
} from '../module/systemd.ts';
import { checkUnit, unitShape, unitWish } from '../module/unit-params.ts';

const unused = 'Accepted for the sake of playbooks: means nothing under systemd';

const params = z
  .strictObject({
    ...unitShape,
    use: optional(
      choice(['auto', 'systemd', 'service']),
      'Accepted for the sake of playbooks: systemd runs the services',
    ),
    arguments: optional(text(), unused, { aliases: ['args'] }),
    pattern: optional(text(), unused),
    runlevel: optional(text(), unused),
    sleep: optional(int(), unused),
  })
  .superRefine(checkUnit);

/** Services, which systemd runs. */
export default defineModule({
  name: 'service',
  aliases: ['ansible.builtin.service', 'ansible.legacy.service'],
  summary: 'Starts, stops and enables services',
  examples: ['service:\n  name: haproxy\n  state: reloaded'],
  params,
  returns: z.object(unitReturns),
  convergence: (p) => (p.state === 'restarted' || p.state === 'reloaded' ? 'always' : 'converges'),
  observe: (p) => unitQueries(unitWish(p)),
  plan: (p, seen, _inputs, context) => planUnit(unitWish(p), seen, context),
  result: (p, seen) => unitFields(unitWish(p), seen),
  disrupts: (p, planned) => unitDisrupts(unitWish(p), planned),
  mayDisrupt: (p) => unitMayDisrupt(p === undefined ? undefined : unitWish(p)),
  lists: (p, _seen, planned) => unitLists(unitWish(p), planned),
  mayList: (p) => unitMayList(p === undefined ? undefined : unitWish(p)),
});
