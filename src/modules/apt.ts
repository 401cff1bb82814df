import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { cacheQueries, cacheTime, updateCache } from '../module/apt.ts';
import { aptParams, updatesCache } from '../module/apt-params.ts';
import { aptEdit, aptQueries } from '../module/apt-work.ts';
import { defineModule } from '../module/define.ts';
import { outcomeFields, outputReturns } from '../module/output.ts';
import { plan, staged } from '../module/plan.ts';

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
  observe: (p, seen) => [...(p.update_cache ? cacheQueries : []), ...aptQueries(p, seen)],
  plan: (p, seen, _inputs, context) => {
    if (!updatesCache(p, cacheTime(seen), context.now)) return aptEdit(p, seen, context);
    const isAll = p.package.length === 0 && p.deb === undefined && p.upgrade === 'no' && !p.autoremove && !p.clean;
    // Ansible's check mode leaves the index as it is, too.
    if (context.check && !isAll) return aptEdit(p, seen, context);
    const update = updateCache(p.update_cache_retries, p.update_cache_retry_max_delay, p.lock_timeout, !isAll);
    if (isAll) return plan([update]);
    return staged([update], { observe: (now) => aptQueries(p, now), plan: (now) => aptEdit(p, now, context) });
  },
  result: (p, seen, _plan, done, _inputs, context): JsonObject => {
    const updated = updatesCache(p, cacheTime(seen), context.now) && !context.check;
    return {
      ...outcomeFields(done.at(-1)),
      cache_updated: updated,
      cache_update_time: updated ? context.now : cacheTime(seen),
    };
  },
});
