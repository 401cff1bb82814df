import { layoutOf, type Placement, socketName } from './layout.ts';

/** Where the balancer of one host is, and how it runs there. Defaults are those of the module `haproxy_config`. */
export interface BalancerPlace {
  readonly placement: Placement;
  /** That clients connect to. */
  readonly port: number;
  /** Of /hlb-config and /hlb-servers, on the loopback. */
  readonly healthPort: number;
  readonly pod: string;
  readonly container: string;
  readonly unit: string;
}

export const defaultPlace: BalancerPlace = {
  placement: 'static_pod',
  port: 16443,
  healthPort: 16444,
  pod: 'haproxy-apiserver-lb',
  container: 'haproxy',
  unit: 'haproxy-apiserver-lb.service',
};

export function socketOf({ placement }: BalancerPlace): string {
  return `${layoutOf(placement).socketDirectory}/${socketName}`;
}
