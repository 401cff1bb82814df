import type { Facts } from '../../host/facts.ts';
import type { Situation } from '../../module/guard.ts';

/** The hosts of a pattern, and what is wrong on some of them, such as `w1: exit code 1`. */
export interface Complaints {
  readonly hosts: readonly string[];
  readonly bad: readonly string[];
  /** ` (w1: exit code 1)`; empty where nothing is wrong. */
  readonly text: string;
}

/** Asks each host of a pattern what is wrong with what it showed; one that showed nothing is wrong by that. */
export function complaintsOf(
  from: string,
  { cluster, looks }: Situation,
  complaint: (facts: Facts) => string | undefined,
): Complaints {
  const hosts = cluster.match(from);
  const bad = hosts.flatMap((host) => {
    const look = looks.get(host);
    if (look === undefined) return [`${host}: not asked`];
    const wrong = look.kind === 'unreachable' ? look.reason : complaint(look.facts);
    return wrong === undefined ? [] : [`${host}: ${wrong}`];
  });
  return { hosts, bad, text: bad.length === 0 ? '' : ` (${bad.join('; ')})` };
}
