/** One etcd member, as a healthy member tells of it. */
export interface Member {
  /** The control plane's name; empty for one that has not started yet. */
  readonly name: string;
  readonly learner: boolean;
  readonly healthy: boolean;
}

export interface QuorumVerdict {
  readonly safe: boolean;
  readonly voting: number;
  /** ⌊voting/2⌋ + 1. */
  readonly quorum: number;
  /** Voting members that are healthy and stay. */
  readonly left: number;
  /** The numbers, in words. */
  readonly message: string;
}

/** What an operator accepts by name. */
export interface QuorumOptions {
  /** A single member's outage is wanted: the cluster has no other. */
  readonly allowSingle: boolean;
}

/**
 * Whether members may be taken away for a while: voting − unhealthy − |taken| ≥ ⌊voting/2⌋ + 1. A learner, or a member
 * without a name, means that the cluster is being changed: not now. One member alone is an outage, two never have one to spare.
 */
export function quorumOf(
  members: readonly Member[],
  taken: ReadonlySet<string>,
  options: QuorumOptions,
): QuorumVerdict {
  const voters = members.filter((member) => !member.learner);
  const voting = voters.length;
  const quorum = Math.floor(voting / 2) + 1;
  const left = voters.filter((member) => member.healthy && !taken.has(member.name)).length;
  const losing = voters.filter((member) => taken.has(member.name)).length;
  const verdict = (safe: boolean, message: string): QuorumVerdict => ({ safe, voting, quorum, left, message });
  const unsettled = members.find((member) => member.learner || member.name === '');
  if (losing > 0 && unsettled !== undefined) {
    return verdict(
      false,
      `etcd is taking a member in (${unsettled.name === '' ? 'not started yet' : unsettled.name}): not now`,
    );
  }
  const numbers = `etcd keeps ${left} of ${voting} voting members, quorum is ${quorum}`;
  if (losing === 0) return verdict(true, numbers);
  if (voting === 1) {
    return verdict(
      options.allowSingle,
      `${numbers}: the only member, so taking it is an outage${options.allowSingle ? ', which is allowed by name' : ''}`,
    );
  }
  return verdict(left >= quorum, numbers);
}

/** How many of the healthy members may be away at once; what a batch on control planes is clamped to. */
export function spareMembers(members: readonly Member[]): number {
  const voters = members.filter((member) => !member.learner);
  if (members.length !== voters.length) return 0;
  const healthy = voters.filter((member) => member.healthy).length;
  return Math.max(0, healthy - (Math.floor(voters.length / 2) + 1));
}
