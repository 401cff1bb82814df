import { posix } from 'node:path';
import type { Change } from '../host/change.ts';
import { isWithin } from '../host/path.ts';
import { writtenPaths } from '../host/written-paths.ts';
import type { Disrupts } from './define.ts';
import { manifestsDirectory } from './kubernetes.ts';

/** Whatever runs as a static pod. */
const everyPod: readonly Disrupts[] = ['api_server', 'etcd', 'balancer'];

/** The control plane's pods are told by their names; any other may be the balancer's. */
export function podDisrupts(name: string): readonly Disrupts[] {
  if (name.includes('kube-apiserver')) return ['api_server'];
  if (/^etcd\b/.test(name)) return ['etcd'];
  return /^kube-(controller-manager|scheduler)\b/.test(name) ? ['nothing'] : ['balancer'];
}

/** What changes take away by the manifests that they write, replace or remove: a manifest that changes is another pod. */
export function manifestsDisrupt(changes: readonly Change[]): readonly Disrupts[] {
  return changes.flatMap(writtenPaths).flatMap(({ path, what }) => {
    if (what === 'tree') return replacedAt(path);
    if (what === 'into') return isDirectory(path) ? everyPod : [];
    return writtenAt(path);
  });
}

/** Fields of modules that say where something is written. */
const pathFields = ['dest', 'path'] as const;

/** The same, where only arguments are known and no plan is. By field; one that is given and cannot be told is undefined. */
export function manifestArgumentsDisrupt(given: ReadonlyMap<string, string | undefined>): readonly Disrupts[] {
  const state = given.get('state');
  return pathFields.flatMap((field): readonly Disrupts[] => {
    if (!given.has(field)) return [];
    const path = given.get(field);
    // Any file of the host, then.
    if (path === undefined) return ['node'];
    if (state === 'directory') return [];
    return state === 'absent' || isDirectory(path) ? replacedAt(path) : writtenAt(path);
  });
}

/** kubelet reads every file that lies right there and is no dot file. */
function writtenAt(path: string): readonly Disrupts[] {
  const { dir, base } = posix.parse(posix.normalize(path));
  return dir === manifestsDirectory && !base.startsWith('.') ? podDisrupts(base) : [];
}

/** With all that lies below. */
function replacedAt(path: string): readonly Disrupts[] {
  const target = posix.resolve('/', path);
  return isWithin(manifestsDirectory, target) ? everyPod : writtenAt(target);
}

function isDirectory(path: string): boolean {
  return posix.resolve('/', path) === manifestsDirectory;
}
