import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { cacheTime } from '../module/apt.ts';
import { aptParams, updatesCache } from '../module/apt-params.ts';
import { aptDisrupts, aptObservations, planApt } from '../module/apt-plan.ts';
import { aptMayDisrupt } from '../module/apt-work.ts';
import { defineModule } from '../module/define.ts';
import { outcomeFields, outputReturns } from '../module/output.ts';

/** Debian's packages. */
export default defineModule({
  name: 'apt',
  aliases: ['ansible.builtin.apt', 'ansible.legacy.apt'],
  summary: 'Installs, upgrades and removes Debian packages',
  examples: [
    'apt:\n  name: [containerd, haproxy]\n  update_cache: true\n  cache_valid_time: 3600',
    'apt:\n  name: kubelet=1.34.*\n  allow_change_held_packages: true',
    'apt:\n  name: snapd\n  state: absent\n  purge: true\n  autoremove: true',
  ],
  params: aptParams,
  returns: z.object({
    cache_updated: z.boolean().meta({ description: 'Whether the index was fetched' }),
    cache_update_time: z.int().meta({ description: 'When the index was fetched, seconds since the epoch' }),
    ...outputReturns,
  }),
  convergence: (p) => (p.clean ? 'always' : 'converges'),
  observe: aptObservations,
  plan: (p, seen, _inputs, context) => planApt(p, seen, context),
  result: (p, seen, _plan, done, _inputs, context): JsonObject => {
    const updated = updatesCache(p, cacheTime(seen), context.now) && !context.check;
    return {
      ...outcomeFields(done.at(-1)),
      cache_updated: updated,
      cache_update_time: updated ? context.now : cacheTime(seen),
    };
  },
  disrupts: (p, planned, seen, context) => aptDisrupts(p, planned, seen, context),
  mayDisrupt: (p) => (p === undefined ? ['node'] : aptMayDisrupt(p)),
});
