import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, ContainerConfig, Cri, Sandbox, SandboxConfig } from './cri.ts';
import { RpcError, rpcErrorText } from './grpc.ts';
import { at, toJson } from './json.ts';
import { doubleLabel } from './name.ts';
import { linkLog, logDirectory, mountsOf, podDirectory, VolumeError } from './pod-files.ts';
import type { PodContainer, StaticPod } from './static-pods.ts';
import { pause, scaled } from './timing.ts';

/** What the runtime has of pods, seen at one moment. */
export interface Seen {
  readonly sandboxes: readonly Sandbox[];
  readonly containers: readonly Container[];
}

export async function lookAt(cri: Cri): Promise<Seen> {
  return { sandboxes: await cri.sandboxes(), containers: await cri.containers() };
}

export type Log = (level: 'I' | 'W' | 'E', place: string, message: string) => void;

/** How long a container that died waits for its next start: in memory only, so that a restarted kubelet begins anew. */
export type Backoffs = Map<string, { readonly delayMs: number; readonly since: number; told: boolean }>;

/** The first restart comes at once, the next 10 s after a death, then 20 s …; ten quiet minutes begin anew. */
const firstBackoffMs = 10_000;
const longestBackoffMs = 300_000;
const forgottenAfterMs = 600_000;
/** How long a pod waits whose sandbox, volumes or image could not be had. */
const failedSyncMs = 2000;

const podRef = (pod: StaticPod): string => `${pod.namespace}/${pod.name}`;
const uidLabel = 'io.kubernetes.pod.uid';

function sandboxConfig(pod: StaticPod, attempt: number, cgroupDriver: string): SandboxConfig {
  const labels = {
    ...pod.labels,
    'io.kubernetes.pod.name': pod.name,
    'io.kubernetes.pod.namespace': pod.namespace,
    'io.kubernetes.pod.uid': pod.uid,
  };
  return {
    name: pod.name,
    uid: pod.uid,
    namespace: pod.namespace,
    attempt,
    logDirectory: logDirectory(pod),
    labels,
    annotations: {
      ...pod.annotations,
      'kubernetes.io/config.hash': pod.uid,
      'kubernetes.io/config.seen': new Date().toISOString(),
      'kubernetes.io/config.source': 'file',
    },
    cgroupParent:
      cgroupDriver === 'systemd'
        ? `kubepods-besteffort-pod${pod.uid.replaceAll('-', '_')}.slice`
        : `/kubepods/besteffort/pod${pod.uid}`,
  };
}

async function containerConfig(
  cri: Cri,
  pod: StaticPod,
  container: PodContainer,
  attempt: number,
): Promise<ContainerConfig> {
  const image = await cri.imageStatus(container.image);
  if (image === undefined) {
    throw new VolumeError(
      `Back-off pulling image ${JSON.stringify(container.image)}: ErrImagePull: the lab has no registry`,
    );
  }
  const isDouble = at(toJson(JSON.parse(image.info)), 'imageSpec', 'config', 'Labels', doubleLabel) !== undefined;
  return {
    name: container.name,
    attempt,
    image: image.image.id,
    command: container.command,
    args: container.args,
    env: container.env,
    mounts: mountsOf(pod, container, isDouble),
    labels: {
      'io.kubernetes.container.name': container.name,
      'io.kubernetes.pod.name': pod.name,
      'io.kubernetes.pod.namespace': pod.namespace,
      'io.kubernetes.pod.uid': pod.uid,
    },
    annotations: {
      'io.kubernetes.container.hash': container.hash,
      'io.kubernetes.container.restartCount': String(attempt),
      'io.kubernetes.container.terminationMessagePath': '/dev/termination-log',
      'io.kubernetes.container.terminationMessagePolicy': 'File',
      'io.kubernetes.pod.terminationGracePeriod': String(pod.graceSeconds),
    },
    logPath: `${container.name}/${attempt}.log`,
    capabilities: { add: container.addCapabilities, drop: container.dropCapabilities },
    privileged: container.privileged,
    runAsUser: container.runAsUser ?? (image.image.uid === undefined ? undefined : Number(image.image.uid)),
    runAsUsername: container.runAsUser === undefined && image.image.uid === undefined ? image.image.username : '',
  };
}

/** Whether a container that has died must still wait; notes the restart when it need not. */
async function mustWait(cri: Cri, backoffs: Backoffs, key: string, last: Container): Promise<boolean> {
  const { finishedAt, createdAt } = await cri.containerStatus(last.id);
  const died = Number((finishedAt === 0n ? createdAt : finishedAt) / 1_000_000n);
  const known = backoffs.get(key);
  const isFresh = known !== undefined && Date.now() - known.since < forgottenAfterMs;
  if (isFresh && Date.now() - died < scaled(known.delayMs)) return true;
  const delayMs = isFresh ? Math.min(known.delayMs * 2, longestBackoffMs) : firstBackoffMs;
  backoffs.set(key, { delayMs, since: Date.now(), told: false });
  return false;
}

/** Sees to it that a pod runs: its sandbox, and each container that does not run. What runs already is adopted as it is. */
export async function syncPod(
  cri: Cri,
  pod: StaticPod,
  seen: Seen,
  settings: { readonly cgroupDriver: string; readonly backoffs: Backoffs; readonly log: Log },
): Promise<void> {
  const { backoffs, log } = settings;
  const failed = backoffs.get(pod.uid);
  if (failed !== undefined && Date.now() - failed.since < failed.delayMs) return;
  const sandboxes = seen.sandboxes.filter((one) => one.labels[uidLabel] === pod.uid);
  const ready = sandboxes.find((one) => one.ready);
  const attempt = ready?.attempt ?? Math.max(-1, ...sandboxes.map((one) => one.attempt)) + 1;
  const sandbox = sandboxConfig(pod, attempt, settings.cgroupDriver);
  try {
    mkdirSync(logDirectory(pod), { recursive: true, mode: 0o750 });
    mkdirSync(podDirectory(pod.uid), { recursive: true, mode: 0o750 });
    const sandboxId = ready?.id ?? (await cri.runSandbox(sandbox));
    for (const container of pod.containers) {
      const tries = seen.containers
        .filter((one) => one.labels[uidLabel] === pod.uid && one.name === container.name)
        .sort((a, b) => b.attempt - a.attempt);
      const [last] = tries;
      if (last?.state === 'CONTAINER_RUNNING' && last.sandboxId === sandboxId) continue;
      const key = `${pod.uid}/${container.name}`;
      if (last !== undefined && (await mustWait(cri, backoffs, key, last))) {
        const known = backoffs.get(key);
        if (known === undefined || known.told) continue;
        known.told = true;
        const seconds = known.delayMs / 1000;
        const why = `back-off ${seconds}s restarting failed container=${container.name} pod=${pod.name}_${pod.namespace}(${pod.uid})`;
        log(
          'E',
          'pod_workers.go:1324',
          `"Error syncing pod, skipping" err=${JSON.stringify(`failed to "StartContainer" for "${container.name}" with CrashLoopBackOff: "${why}"`)} pod="${podRef(pod)}" podUID="${pod.uid}"`,
        );
        continue;
      }
      const next = (last?.attempt ?? -1) + 1;
      mkdirSync(join(logDirectory(pod), container.name), { recursive: true, mode: 0o755 });
      const id = await cri.createContainer(sandboxId, await containerConfig(cri, pod, container, next), sandbox);
      await cri.startContainer(id);
      linkLog(pod, container.name, id, next);
    }
  } catch (error) {
    backoffs.set(pod.uid, { delayMs: failedSyncMs, since: Date.now(), told: true });
    const reason =
      error instanceof RpcError ? rpcErrorText(error) : error instanceof Error ? error.message : String(error);
    log(
      'E',
      'pod_workers.go:1324',
      `"Error syncing pod, skipping" err=${JSON.stringify(reason)} pod="${podRef(pod)}" podUID="${pod.uid}"`,
    );
  }
}

/**
 * Ends a pod whose manifest is gone or has changed: containers get their grace, then the sandbox stops, and only some
 * seconds later it is gone. Observed: 5 s of grace, gone 8.8 s after the change, the successor 16 s after it.
 */
export async function endPod(cri: Cri, uid: string, seen: Seen): Promise<void> {
  const sandboxes = seen.sandboxes.filter((one) => one.labels[uidLabel] === uid);
  const containers = seen.containers.filter((one) => one.labels[uidLabel] === uid);
  const running = containers.filter((one) => one.state === 'CONTAINER_RUNNING');
  await Promise.all(
    running.map((one) =>
      cri.stopContainer(one.id, Number(one.annotations['io.kubernetes.pod.terminationGracePeriod'] ?? 30)),
    ),
  );
  for (const one of sandboxes) await cri.stopSandbox(one.id);
  await pause(3500);
  for (const one of containers) await cri.removeContainer(one.id);
  for (const one of sandboxes) await cri.removeSandbox(one.id);
  rmSync(podDirectory(uid), { recursive: true, force: true });
  for (const one of sandboxes)
    rmSync(`/var/log/pods/${one.namespace}_${one.name}_${uid}`, { recursive: true, force: true });
}

/** How long after its predecessor is gone a changed pod begins. */
export const successorDelayMs = 7000;

/** Removes what lies about: of each container all dead ones but the last. */
export async function collectGarbage(cri: Cri, seen: Seen): Promise<void> {
  const newest = new Map<string, number>();
  const key = (one: Container): string => `${one.labels[uidLabel] ?? ''}/${one.name}`;
  for (const one of seen.containers) newest.set(key(one), Math.max(newest.get(key(one)) ?? 0, one.attempt));
  for (const one of seen.containers) {
    if (one.state === 'CONTAINER_EXITED' && one.attempt < (newest.get(key(one)) ?? 0) - 1)
      await cri.removeContainer(one.id);
  }
}
