/** Where a balancer keeps its files, as the host sees them and as haproxy sees them. */
export interface BalancerLayout {
  /** The directory that holds everything; mounted whole into the pod, since a mounted file stays the old one after a rename. */
  readonly directory: string;
  /** The same directory as haproxy sees it. */
  readonly inside: string;
  readonly socketDirectory: string;
}

export type Placement = 'static_pod' | 'service' | 'external';

export const podLayout: BalancerLayout = {
  directory: '/etc/kubernetes/haproxy',
  inside: '/usr/local/etc/haproxy',
  socketDirectory: '/run/haproxy-apiserver-lb',
};

export const serviceLayout: BalancerLayout = {
  directory: '/etc/haproxy-apiserver-lb',
  inside: '/etc/haproxy-apiserver-lb',
  socketDirectory: '/run/haproxy-apiserver-lb',
};

export function layoutOf(placement: Placement): BalancerLayout {
  return placement === 'static_pod' ? podLayout : serviceLayout;
}

export const configName = 'haproxy.cfg';
/** The next configuration waits under this name while haproxy looks at it: a bad file must never reach a reload. */
export const candidateName = '.next.cfg';
export const previousName = '.previous.cfg';
export const stateName = 'servers.state';
export const socketName = 'admin.sock';
/** haproxy's master answers here where it was started with `-S`, as hlb's service is. */
export const masterSocketName = 'master.sock';
