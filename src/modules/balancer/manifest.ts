import { file } from '../../host/ask.ts';
import type { Seen } from '../../module/define.ts';
import type { Params } from './params.ts';

/** The manifest of the balancer's static pod, under the name that the pod has. */
export const manifestQuery = (p: Params) =>
  file(`/etc/kubernetes/manifests/${p.pod}.yaml`, { contentLimit: 64 * 1024 });

/**
 * The single file that the pod mounts as its configuration, as the first form of such pods did
 * (`/etc/kubernetes/haproxy-apiserver-lb.cfg`). The container keeps the inode: it never sees a file that was renamed into
 * its place, and a reload serves the old one without an error.
 */
export function mountedFile(p: Params, seen: Seen): string | undefined {
  if (p.placement !== 'static_pod') return undefined;
  const fact = seen(manifestQuery(p));
  if (!fact.exists || fact.content === undefined) return undefined;
  const paths = [...new TextDecoder().decode(fact.content).matchAll(/\bpath:\s*["']?(\/[^\s"',}]+\.cfg)\b/g)];
  return paths[0]?.[1];
}
