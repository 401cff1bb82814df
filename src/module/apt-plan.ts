import type { Observation } from '../host/observation.ts';
import { cacheQueries, cacheTime, updateCache } from './apt.ts';
import { type AptParams, updatesCache } from './apt-params.ts';
import { aptEdit, aptMayDisrupt, aptQueries, editDisrupts } from './apt-work.ts';
import type { Context, Disrupts, Plan, Seen } from './define.ts';
import { plan, staged } from './plan.ts';

/** What `apt`, and `package` where there is apt, have to see. */
export function aptObservations(p: AptParams, seen: Seen): readonly Observation[] {
  return [...(p.update_cache ? cacheQueries : []), ...aptQueries(p, seen)];
}

/** The index first, where it is asked for and old; what depends on it is planned once it is there. */
export function planApt(p: AptParams, seen: Seen, context: Context): Plan {
  if (!updatesCache(p, cacheTime(seen), context.now)) return aptEdit(p, seen, context);
  const isAll = p.package.length === 0 && p.deb === undefined && p.upgrade === 'no' && !p.autoremove && !p.clean;
  // Ansible's check mode leaves the index as it is, too.
  if (context.check && !isAll) return aptEdit(p, seen, context);
  const update = updateCache(p.update_cache_retries, p.update_cache_retry_max_delay, p.lock_timeout, !isAll);
  if (isAll) return plan([update]);
  return staged([update], { observe: (now) => aptQueries(p, now), plan: (now) => aptEdit(p, now, context) });
}

/** What it takes away; in check mode nobody fetches the index, which may name newer packages. */
export function aptDisrupts(p: AptParams, planned: Plan, seen: Seen, context: Context): readonly Disrupts[] {
  const isOld = updatesCache(p, cacheTime(seen), context.now) && (p.state === 'latest' || p.upgrade !== 'no');
  return [...editDisrupts(p, planned, seen), ...(isOld ? aptMayDisrupt(p) : [])];
}
