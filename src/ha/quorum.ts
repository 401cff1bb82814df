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
  /** Voting members that are healthy and stay: one that is unhealthy already costs nothing more when it is taken. */
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
 * Whether members may be taken away for a while: the healthy ones that stay must be ⌊voting/2⌋ + 1 at least. A learner, or a
 * member without a name, means that the cluster is being changed: not now. One member alone is an outage, two never have
 * one to spare.
 */
export function quorumOf(
  members: readonly Member[],
  taken: ReadonlySet<string>,
  options: QuorumOptions,
): QuorumVerdict {
  const { voters, voting, quorum } = countsOf(members);
  const left = voters.filter((member) => member.healthy && !taken.has(member.name)).length;
  const verdict = (safe: boolean, message: string): QuorumVerdict => ({ safe, voting, quorum, left, message });
  const numbers = `etcd keeps ${left} of ${voting} voting members, quorum is ${quorum}`;
  const unsettled = unsettledText(members);
  // An unsettled member has no name yet, so whether it is among those taken cannot be told.
  if (taken.size > 0 && unsettled !== undefined) return verdict(false, unsettled);
  if (!voters.some((member) => taken.has(member.name))) return verdict(true, numbers);
  if (voting === 1) {
    return verdict(
      options.allowSingle,
      `${numbers}: the only member, so taking it is an outage${options.allowSingle ? ', which is allowed by name' : ''}`,
    );
  }
  return verdict(left >= quorum, numbers);
}

/**
 * Whether a member may be removed for good. The remaining ones must have a quorum of their own, and today's quorum has to
 * agree to the removal. A learner or a member without a name may go (that is the repair of a join that broke off), and
 * nothing else goes while there is one.
 */
export function removalOf(members: readonly Member[], name: string): QuorumVerdict {
  const before = countsOf(members);
  const after = countsOf(members.filter((member) => member.name !== name));
  const left = healthyOf(after.voters);
  const numbers = `etcd keeps ${left} of ${after.voting} voting members without ${name === '' ? 'the one not started yet' : name}, quorum is then ${after.quorum}`;
  const verdict = (safe: boolean, message: string): QuorumVerdict => ({
    safe,
    voting: after.voting,
    quorum: after.quorum,
    left,
    message,
  });
  const unsettled = unsettledText(members.filter((member) => member.name !== name));
  if (unsettled !== undefined) return verdict(false, unsettled);
  const now = healthyOf(before.voters);
  if (now < before.quorum)
    return verdict(
      false,
      `etcd has ${now} of ${before.voting} voting members, quorum is ${before.quorum}: it cannot agree`,
    );
  return verdict(left >= after.quorum, numbers);
}

/** Whether a member may join: it counts as unhealthy at first, and the others alone must then be a quorum, unless there is one. */
export function additionOf(members: readonly Member[]): QuorumVerdict {
  const { voters, voting } = countsOf(members);
  const left = healthyOf(voters);
  const quorum = Math.floor((voting + 1) / 2) + 1;
  const unsettled = unsettledText(members);
  const message =
    unsettled ?? `etcd has ${left} healthy voting members of ${voting + 1} with a new one, quorum is then ${quorum}`;
  const enough = voting === 1 ? left === 1 : left >= quorum;
  return { safe: unsettled === undefined && enough, voting: voting + 1, quorum, left, message };
}

/** How many of the healthy members may be away at once; what a batch on control planes is clamped to. */
export function spareMembers(members: readonly Member[]): number {
  const { voters, quorum } = countsOf(members);
  if (unsettledText(members) !== undefined) return 0;
  return Math.max(0, healthyOf(voters) - quorum);
}

function countsOf(members: readonly Member[]): {
  readonly voters: readonly Member[];
  readonly voting: number;
  readonly quorum: number;
} {
  const voters = members.filter((member) => !member.learner);
  return { voters, voting: voters.length, quorum: Math.floor(voters.length / 2) + 1 };
}

function healthyOf(voters: readonly Member[]): number {
  return voters.filter((member) => member.healthy).length;
}

function unsettledText(members: readonly Member[]): string | undefined {
  const one = members.find((member) => member.learner || member.name === '');
  if (one === undefined) return undefined;
  return `etcd is taking a member in (${one.name === '' ? 'not started yet' : one.name}): not now`;
}
