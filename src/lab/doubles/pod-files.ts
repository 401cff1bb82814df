import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerMount } from './cri.ts';
import { runtimeDir, settingsDir } from './name.ts';
import type { PodContainer, StaticPod, Volume } from './static-pods.ts';

/** Why a pod's volumes cannot be mounted; the pod then waits. */
export class VolumeError extends Error {}

export const logDirectory = (pod: StaticPod): string => `/var/log/pods/${pod.namespace}_${pod.name}_${pod.uid}`;
export const podDirectory = (uid: string): string => `/var/lib/kubelet/pods/${uid}`;

function checkHostPath(path: string, type: string): void {
  const found = existsSync(path) ? statSync(path) : undefined;
  const fail = (what: string): VolumeError => new VolumeError(`hostPath type check failed: ${path} is not a ${what}`);
  switch (type) {
    case 'Directory':
      if (found?.isDirectory() !== true) throw fail('directory');
      break;
    case 'File':
      if (found?.isFile() !== true) throw fail('file');
      break;
    case 'DirectoryOrCreate':
      if (found === undefined) mkdirSync(path, { recursive: true, mode: 0o755 });
      else if (!found.isDirectory()) throw fail('directory');
      break;
    case 'FileOrCreate':
      if (found === undefined) writeFileSync(path, '', { mode: 0o644 });
      else if (!found.isFile()) throw fail('file');
      break;
    default:
    // Without a type nothing is checked, and the runtime creates a directory where there is nothing.
  }
}

function sourceOf(pod: StaticPod, volume: Volume): string {
  if (volume.hostPath !== undefined) {
    checkHostPath(volume.hostPath, volume.type);
    return volume.hostPath;
  }
  const dir = join(podDirectory(pod.uid), 'volumes/kubernetes.io~empty-dir', volume.name);
  mkdirSync(dir, { recursive: true, mode: 0o777 });
  return dir;
}

/** /etc/hosts of the node, with the pod's own aliases behind it. */
function writeHosts(pod: StaticPod): string {
  const path = join(podDirectory(pod.uid), 'etc-hosts');
  const aliases = pod.hostAliases.map((alias) => `${alias.ip}\t${alias.names.join('\t')}\n`).join('');
  const extra = aliases === '' ? '' : `\n# Entries added by HostAliases.\n${aliases}`;
  writeFileSync(path, `# Kubernetes-managed hosts file (host network).\n${readFileSync('/etc/hosts', 'utf8')}${extra}`);
  return path;
}

/** Makes what a container mounts and says what that is; a double's container gets the doubles' runtime besides. */
export function mountsOf(pod: StaticPod, container: PodContainer, isDouble: boolean): readonly ContainerMount[] {
  const wanted = container.mounts.map((mount) => {
    const volume = pod.volumes.find((one) => one.name === mount.volume);
    if (volume === undefined) throw new VolumeError(`volumeMounts.name: Not found: ${JSON.stringify(mount.volume)}`);
    return {
      containerPath: mount.path,
      hostPath: join(sourceOf(pod, volume), mount.subPath),
      readonly: mount.readonly,
    };
  });
  const message = join(podDirectory(pod.uid), 'containers', container.name, container.hash);
  mkdirSync(join(podDirectory(pod.uid), 'containers', container.name), { recursive: true, mode: 0o750 });
  writeFileSync(message, '', { mode: 0o666 });
  const own = [
    { containerPath: '/etc/hosts', hostPath: writeHosts(pod), readonly: false },
    { containerPath: '/dev/termination-log', hostPath: message, readonly: false },
  ];
  const runtime = [runtimeDir, settingsDir].map((path) => ({ containerPath: path, hostPath: path, readonly: true }));
  return [...wanted, ...own, ...(isDouble ? runtime : [])];
}

/** The links by which log collectors find a container's log. */
export function linkLog(pod: StaticPod, container: string, id: string, attempt: number): void {
  mkdirSync('/var/log/containers', { recursive: true });
  const link = `/var/log/containers/${pod.name}_${pod.namespace}_${container}-${id}.log`;
  if (!existsSync(link)) symlinkSync(join(logDirectory(pod), container, `${attempt}.log`), link);
}
