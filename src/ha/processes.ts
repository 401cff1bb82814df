/** One process of an haproxy in master-worker mode, as `show proc` lists it. */
export interface HaproxyProcess {
  readonly pid: number;
  readonly kind: 'master' | 'worker' | 'old worker';
  /** Of the master: reloads so far. Of a worker: reloads since it was started; an old one lives on for its connections. */
  readonly reloads: number;
  /** Reloads in a row that failed since the last good one; of the master only. */
  readonly failedReloads: number | undefined;
  readonly uptimeSeconds: number;
  /** Such as `2.6.12-1+deb12u4`. */
  readonly version: string;
}

/** The master and its workers in the answer of the master's socket to `show proc`; programs are left out. */
export function parseProcesses(text: string): readonly HaproxyProcess[] {
  let old = false;
  return text.split('\n').flatMap((line): HaproxyProcess[] => {
    if (line.startsWith('#')) {
      old = line.startsWith('# old workers');
      return [];
    }
    const match = /^(\d+)\s+(master|worker)\s+(\d+)(?:\s+\[failed: (\d+)\])?\s+(\d+)d(\d+)h(\d+)m(\d+)s\s+(\S+)/.exec(
      line,
    );
    if (match === null) return [];
    const [, pid, kind, reloads, failed, days, hours, minutes, seconds, version = ''] = match;
    return [
      {
        pid: Number(pid),
        kind: kind === 'master' ? 'master' : old ? 'old worker' : 'worker',
        reloads: Number(reloads),
        failedReloads: failed === undefined ? undefined : Number(failed),
        uptimeSeconds: ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds),
        version,
      },
    ];
  });
}
