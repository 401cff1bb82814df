import { file } from '../host/ask.ts';
import type { FileFact } from '../host/observation.ts';

/** The manifest of the balancer's static pod, under the name that the pod has. */
export const manifestQuery = (pod: string) =>
  file(`/etc/kubernetes/manifests/${pod}.yaml`, { contentLimit: 64 * 1024 });

/**
 * The single file that the pod mounts as its configuration, as the first form of such pods did
 * (`/etc/kubernetes/haproxy-apiserver-lb.cfg`). The container keeps the inode: it never sees a file that was renamed into
 * its place, and a reload serves the old one without an error.
 */
export function mountedFile(manifest: FileFact | undefined): string | undefined {
  if (manifest?.exists !== true || manifest.content === undefined) return undefined;
  const paths = [...new TextDecoder().decode(manifest.content).matchAll(/\bpath:\s*["']?(\/[^\s"',}]+\.cfg)\b/g)];
  return paths[0]?.[1];
}
