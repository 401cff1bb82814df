import type { Random } from '../core/clock.ts';
import { unreachable } from '../core/result.ts';

export type HostOrder = 'inventory' | 'reverse_inventory' | 'sorted' | 'reverse_sorted' | 'shuffle';

/** Hosts as the `order:` of a play wants them; `inventory` is the order in which the pattern found them. */
export function orderHosts(hosts: readonly string[], order: HostOrder, random: Random): readonly string[] {
  switch (order) {
    case 'inventory':
      return hosts;
    case 'reverse_inventory':
      return [...hosts].reverse();
    case 'sorted':
      return [...hosts].sort();
    case 'reverse_sorted':
      return [...hosts].sort().reverse();
    case 'shuffle':
      return shuffled(hosts, random);
    default:
      return unreachable(order);
  }
}

/** Fisher and Yates: every order is as likely. */
function shuffled(hosts: readonly string[], random: Random): readonly string[] {
  const mixed = [...hosts];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] ?? '', mixed[last] ?? ''];
  }
  return mixed;
}
