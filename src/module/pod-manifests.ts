import { posix } from 'node:path';
import type { Change } from '../host/change.ts';
import { isWithin } from '../host/path.ts';
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
  return changes.flatMap((change): readonly Disrupts[] => {
    switch (change.kind) {
      case 'write-file':
      case 'download':
        return writtenAt(change.path);
      case 'make-link':
      case 'remove':
        return replacedAt(change.path);
      case 'rename':
        return [...replacedAt(change.from), ...replacedAt(change.to)];
      case 'copy-path':
        return isDirectory(change.to) ? everyPod : writtenAt(change.to);
      case 'unpack':
        return isDirectory(change.into) ? everyPod : [];
      case 'transaction':
        return manifestsDisrupt(change.do);
      default:
        return [];
    }
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
