import { z } from 'zod';
import { defineModule } from '../module/define.ts';
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

const params = z.strictObject(unitShape).superRefine(checkUnit);

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
  observe: (p) => unitQueries(unitWish(p)),
  plan: (p, seen, _inputs, context) => planUnit(unitWish(p), seen, context),
  result: (p, seen) => unitFields(unitWish(p), seen),
  disrupts: (p, planned) => unitDisrupts(unitWish(p), planned),
  mayDisrupt: (p) => unitMayDisrupt(p === undefined ? undefined : unitWish(p)),
  lists: (p, _seen, planned) => unitLists(unitWish(p), planned),
  mayList: (p) => unitMayList(p === undefined ? undefined : unitWish(p)),
});
