import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Cluster, Looks } from '../module/guard.ts';
import type { Play } from '../playbook/tree.ts';
import type { RunContext } from './context.ts';
import { createGuarding } from './guarding.ts';
import { openPlay } from './open-play.ts';
import { refused } from './results.ts';

/** A cluster as the guards of a play see it, over connections that stay open from one look to the next. */
export interface ClusterSight {
  readonly cluster: Cluster;
  readonly look: () => Promise<Looks>;
}

/** Opens nothing yet, and runs nothing of the play. The play must roll, with guards. */
export async function clusterSight(run: RunContext, play: Play): Promise<Result<ClusterSight, Failure>> {
  const opened = await openPlay(run, play);
  if (!opened.ok) return opened;
  const [first] = opened.value?.context.hosts ?? [];
  if (opened.value === undefined || first === undefined || play.rolling === undefined)
    return err(refused('No host is left to look at', play.at));
  const { context } = opened.value;
  const guarding = await createGuarding(play.rolling, [first], {
    play: context,
    hosts: context.hosts,
    size: context.hosts.length,
  });
  return guarding.ok ? ok(guarding.value) : err(refused(guarding.error, play.at));
}
