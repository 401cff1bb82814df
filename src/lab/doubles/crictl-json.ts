import type { Container, ContainerStatus, Image, Sandbox, SandboxStatus } from './cri.ts';
import { nanoTime } from './table.ts';

/** The shapes that crictl 1.34 prints, with their fields in its order. */

export function containerJson(one: Container): object {
  return {
    id: one.id,
    podSandboxId: one.sandboxId,
    metadata: { name: one.name, attempt: one.attempt },
    image: { image: one.image, annotations: {}, userSpecifiedImage: '', runtimeHandler: '' },
    imageRef: one.imageRef,
    state: one.state,
    createdAt: String(one.createdAt),
    labels: one.labels,
    annotations: one.annotations,
    imageId: '',
  };
}

const sandboxState = (one: Sandbox): string => (one.ready ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY');

const sandboxMetadata = (one: Sandbox): object => ({
  name: one.name,
  uid: one.uid,
  namespace: one.namespace,
  attempt: one.attempt,
});

export function sandboxJson(one: Sandbox): object {
  return {
    id: one.id,
    metadata: sandboxMetadata(one),
    state: sandboxState(one),
    createdAt: String(one.createdAt),
    labels: one.labels,
    annotations: one.annotations,
    runtimeHandler: '',
  };
}

export function imageJson(one: Image): object {
  return {
    id: one.id,
    repoTags: one.tags,
    repoDigests: one.digests,
    size: String(one.size),
    ...(one.uid === undefined ? {} : { uid: { value: String(one.uid) } }),
    username: one.username,
    pinned: one.pinned,
  };
}

export function containerStatusJson(one: ContainerStatus): object {
  return {
    info: JSON.parse(one.info),
    status: {
      annotations: one.annotations,
      createdAt: nanoTime(one.createdAt),
      exitCode: one.exitCode,
      finishedAt: nanoTime(one.finishedAt),
      id: one.id,
      image: { annotations: {}, image: one.image, runtimeHandler: '', userSpecifiedImage: '' },
      imageId: '',
      imageRef: one.imageRef,
      labels: one.labels,
      logPath: one.logPath,
      message: one.message,
      metadata: { attempt: one.attempt, name: one.name },
      mounts: one.mounts.map((mount) => ({
        containerPath: mount.containerPath,
        gidMappings: [],
        hostPath: mount.hostPath,
        imageSubPath: '',
        propagation: 'PROPAGATION_PRIVATE',
        readonly: mount.readonly,
        recursiveReadOnly: false,
        selinuxRelabel: false,
        uidMappings: [],
      })),
      reason: one.reason,
      startedAt: nanoTime(one.startedAt),
      state: one.state,
      stopSignal: 'RUNTIME_DEFAULT',
      user: null,
    },
  };
}

export function sandboxStatusJson(one: SandboxStatus): object {
  return {
    info: JSON.parse(one.info),
    status: {
      annotations: one.annotations,
      createdAt: nanoTime(one.createdAt),
      id: one.id,
      labels: one.labels,
      linux: {
        namespaces: {
          options: { ipc: 'POD', network: one.network === 2 ? 'NODE' : 'POD', pid: 'CONTAINER', targetId: '' },
        },
      },
      metadata: { attempt: one.attempt, name: one.name, namespace: one.namespace, uid: one.uid },
      network: { additionalIps: [], ip: '' },
      runtimeHandler: '',
      state: sandboxState(one),
    },
  };
}
