import type { BalancerPlace } from './balancer-place.ts';
import type { Server } from './config.ts';

/** A cluster as its inventory describes it; `clusterOf` makes it of variables. */
export interface Cluster {
  /** Every API server, under its host's name in the inventory, at its own address. */
  readonly apiServers: readonly Server[];
  /** The hosts that run a balancer, in the inventory's order. Nodes that share an external one are not in it. */
  readonly balancers: ReadonlyMap<string, BalancerPlace>;
  /** The address that control planes share by kube-vip. */
  readonly vip: string | undefined;
  /** Every host of the cluster, in the inventory's order. */
  readonly hosts: readonly string[];
}
