import { grpcClient } from './grpc.ts';
import { type Packed, pack, type Unpacked } from './protobuf.ts';

/** The part of Kubernetes' Container Runtime Interface that the doubles use; field numbers are those of its version v1. */

type Labels = Readonly<Record<string, string>>;

export interface Sandbox {
  readonly id: string;
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
  readonly ready: boolean;
  /** Nanoseconds since the epoch. */
  readonly createdAt: bigint;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export const containerStates = [
  'CONTAINER_CREATED',
  'CONTAINER_RUNNING',
  'CONTAINER_EXITED',
  'CONTAINER_UNKNOWN',
] as const;
export type ContainerState = (typeof containerStates)[number];

export interface Container {
  readonly id: string;
  readonly sandboxId: string;
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  readonly imageRef: string;
  readonly state: ContainerState;
  readonly createdAt: bigint;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface ContainerMount {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly readonly: boolean;
}

export interface ContainerStatus {
  readonly id: string;
  readonly name: string;
  readonly attempt: number;
  readonly state: ContainerState;
  readonly createdAt: bigint;
  readonly startedAt: bigint;
  readonly finishedAt: bigint;
  readonly exitCode: number;
  readonly image: string;
  readonly imageRef: string;
  readonly reason: string;
  readonly message: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly mounts: readonly ContainerMount[];
  readonly logPath: string;
  /** The runtime's own words, JSON: pid, spec and more. */
  readonly info: string;
}

export interface SandboxStatus extends Sandbox {
  readonly network: number;
  readonly info: string;
}

export interface Image {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly size: bigint;
  readonly uid: bigint | undefined;
  readonly username: string;
  readonly pinned: boolean;
}

export interface SandboxConfig {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly attempt: number;
  readonly logDirectory: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly cgroupParent: string;
}

export interface ContainerConfig {
  readonly name: string;
  readonly attempt: number;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly ContainerMount[];
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly logPath: string;
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly privileged: boolean;
  readonly runAsUser: number | undefined;
  readonly runAsUsername: string;
}

export interface ExecResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;
}

export interface Cri {
  readonly version: () => Promise<{ readonly name: string; readonly version: string }>;
  readonly info: () => Promise<{ readonly conditions: readonly Condition[]; readonly info: Labels }>;
  readonly sandboxes: () => Promise<readonly Sandbox[]>;
  readonly containers: () => Promise<readonly Container[]>;
  readonly sandboxStatus: (id: string) => Promise<SandboxStatus>;
  readonly containerStatus: (id: string) => Promise<ContainerStatus>;
  readonly images: () => Promise<readonly Image[]>;
  /** Undefined when there is no such image. `info` is JSON. */
  readonly imageStatus: (image: string) => Promise<{ readonly image: Image; readonly info: string } | undefined>;
  readonly runSandbox: (config: SandboxConfig) => Promise<string>;
  readonly stopSandbox: (id: string) => Promise<void>;
  readonly removeSandbox: (id: string) => Promise<void>;
  readonly createContainer: (sandboxId: string, config: ContainerConfig, sandbox: SandboxConfig) => Promise<string>;
  readonly startContainer: (id: string) => Promise<void>;
  readonly stopContainer: (id: string, graceSeconds: number) => Promise<void>;
  readonly removeContainer: (id: string) => Promise<void>;
  readonly removeImage: (image: string) => Promise<void>;
  readonly exec: (id: string, argv: readonly string[], timeoutSeconds: number) => Promise<ExecResult>;
  readonly close: () => void;
}

export interface Condition {
  readonly type: string;
  readonly status: boolean;
  readonly reason: string;
  readonly message: string;
}

/** Host network, pods' own processes and IPC of the host: what every static pod of a control plane has. */
const hostNetwork = 2;
const ownPid = 1;

function sandboxOf(item: Unpacked, fields: { readonly labels: number; readonly annotations: number }): Sandbox {
  const metadata = item.message(2);
  return {
    id: item.text(1),
    name: metadata.text(1),
    uid: metadata.text(2),
    namespace: metadata.text(3),
    attempt: metadata.integer(4),
    ready: item.integer(3) === 0,
    createdAt: item.long(4),
    labels: item.map(fields.labels),
    annotations: item.map(fields.annotations),
  };
}

const stateOf = (value: number): ContainerState => containerStates[value] ?? 'CONTAINER_UNKNOWN';

function containerOf(item: Unpacked): Container {
  return {
    id: item.text(1),
    sandboxId: item.text(2),
    name: item.message(3).text(1),
    attempt: item.message(3).integer(2),
    image: item.message(4).text(1),
    imageRef: item.text(5),
    state: stateOf(item.integer(6)),
    createdAt: item.long(7),
    labels: item.map(8),
    annotations: item.map(9),
  };
}

function containerStatusOf(answer: Unpacked): ContainerStatus {
  const status = answer.message(1);
  return {
    id: status.text(1),
    name: status.message(2).text(1),
    attempt: status.message(2).integer(2),
    state: stateOf(status.integer(3)),
    createdAt: status.long(4),
    startedAt: status.long(5),
    finishedAt: status.long(6),
    exitCode: status.integer(7),
    image: status.message(8).text(1),
    imageRef: status.text(9),
    reason: status.text(10),
    message: status.text(11),
    labels: status.map(12),
    annotations: status.map(13),
    mounts: status
      .messages(14)
      .map((mount) => ({ containerPath: mount.text(1), hostPath: mount.text(2), readonly: mount.flag(3) })),
    logPath: status.text(15),
    info: answer.map(2)['info'] ?? '{}',
  };
}

function imageOf(item: Unpacked): Image {
  return {
    id: item.text(1),
    tags: item.texts(2),
    digests: item.texts(3),
    size: item.long(4),
    uid: item.has(5) ? item.message(5).long(1) : undefined,
    username: item.text(6),
    pinned: item.flag(8),
  };
}

function packSandbox(config: SandboxConfig): readonly Packed[] {
  const namespaces = pack.message(1, pack.integer(1, hostNetwork), pack.integer(2, ownPid));
  return [
    pack.message(
      1,
      pack.text(1, config.name),
      pack.text(2, config.uid),
      pack.text(3, config.namespace),
      pack.integer(4, config.attempt),
    ),
    pack.text(3, config.logDirectory),
    pack.map(6, config.labels),
    pack.map(7, config.annotations),
    pack.message(8, pack.text(1, config.cgroupParent), pack.message(2, namespaces)),
  ];
}

function packContainer(config: ContainerConfig): readonly Packed[] {
  const namespaces = pack.message(3, pack.integer(1, hostNetwork), pack.integer(2, ownPid));
  const user = config.runAsUser === undefined ? [] : [pack.message(5, pack.integer(1, config.runAsUser))];
  return [
    pack.message(1, pack.text(1, config.name), pack.integer(2, config.attempt)),
    pack.message(2, pack.text(1, config.image)),
    pack.texts(3, config.command),
    pack.texts(4, config.args),
    ...config.env.map(({ key, value }) => pack.message(6, pack.text(1, key), pack.text(2, value))),
    ...config.mounts.map((mount) =>
      pack.message(7, pack.text(1, mount.containerPath), pack.text(2, mount.hostPath), pack.flag(3, mount.readonly)),
    ),
    pack.map(9, config.labels),
    pack.map(10, config.annotations),
    pack.text(11, config.logPath),
    pack.message(
      15,
      pack.message(1, pack.integer(1, 100_000), pack.integer(3, 2), pack.integer(5, -997)),
      pack.message(
        2,
        pack.message(1, pack.texts(1, config.capabilities.add), pack.texts(2, config.capabilities.drop)),
        pack.flag(2, config.privileged),
        namespaces,
        ...user,
        pack.text(6, config.runAsUsername),
      ),
    ),
  ];
}

export const containerdSocket = '/run/containerd/containerd.sock';

/** Connects to a container runtime. Every call rejects with an `RpcError` when the runtime refuses or is not there. */
export function criClient(socket = containerdSocket): Cri {
  const client = grpcClient(socket);
  const runtime = (method: string, fields: readonly Packed[], timeoutMs?: number): Promise<Unpacked> =>
    client.call(`/runtime.v1.RuntimeService/${method}`, fields, timeoutMs);
  const image = (method: string, fields: readonly Packed[]): Promise<Unpacked> =>
    client.call(`/runtime.v1.ImageService/${method}`, fields);
  const nothing = async (answer: Promise<unknown>): Promise<void> => {
    await answer;
  };
  return {
    version: async () => {
      const answer = await runtime('Version', []);
      return { name: answer.text(2), version: answer.text(3) };
    },
    info: async () => {
      const answer = await runtime('Status', [pack.flag(1, true)]);
      const conditions = answer
        .message(1)
        .messages(1)
        .map((one) => ({
          type: one.text(1),
          status: one.flag(2),
          reason: one.text(3),
          message: one.text(4),
        }));
      return { conditions, info: answer.map(2) };
    },
    sandboxes: async () =>
      (await runtime('ListPodSandbox', [])).messages(1).map((item) => sandboxOf(item, { labels: 5, annotations: 6 })),
    containers: async () => (await runtime('ListContainers', [])).messages(1).map(containerOf),
    sandboxStatus: async (id) => {
      const answer = await runtime('PodSandboxStatus', [pack.text(1, id), pack.flag(2, true)]);
      const status = answer.message(1);
      return {
        ...sandboxOf(status, { labels: 7, annotations: 8 }),
        network: status.message(6).message(1).message(2).integer(1),
        info: answer.map(2)['info'] ?? '{}',
      };
    },
    containerStatus: async (id) =>
      containerStatusOf(await runtime('ContainerStatus', [pack.text(1, id), pack.flag(2, true)])),
    images: async () => (await image('ListImages', [])).messages(1).map(imageOf),
    imageStatus: async (name) => {
      const answer = await image('ImageStatus', [pack.message(1, pack.text(1, name)), pack.flag(2, true)]);
      return answer.has(1) ? { image: imageOf(answer.message(1)), info: answer.map(2)['info'] ?? '{}' } : undefined;
    },
    runSandbox: async (config) => (await runtime('RunPodSandbox', [pack.message(1, ...packSandbox(config))])).text(1),
    stopSandbox: (id) => nothing(runtime('StopPodSandbox', [pack.text(1, id)])),
    removeSandbox: (id) => nothing(runtime('RemovePodSandbox', [pack.text(1, id)])),
    createContainer: async (sandboxId, config, sandbox) =>
      (
        await runtime('CreateContainer', [
          pack.text(1, sandboxId),
          pack.message(2, ...packContainer(config)),
          pack.message(3, ...packSandbox(sandbox)),
        ])
      ).text(1),
    startContainer: (id) => nothing(runtime('StartContainer', [pack.text(1, id)])),
    stopContainer: (id, graceSeconds) =>
      nothing(runtime('StopContainer', [pack.text(1, id), pack.integer(2, graceSeconds)], (graceSeconds + 120) * 1000)),
    removeContainer: (id) => nothing(runtime('RemoveContainer', [pack.text(1, id)])),
    removeImage: (name) => nothing(image('RemoveImage', [pack.message(1, pack.text(1, name))])),
    exec: async (id, argv, timeoutSeconds) => {
      const limit = timeoutSeconds === 0 ? 3_600_000 : (timeoutSeconds + 10) * 1000;
      const answer = await runtime(
        'ExecSync',
        [pack.text(1, id), pack.texts(2, argv), pack.integer(3, timeoutSeconds)],
        limit,
      );
      return { stdout: answer.bytes(1), stderr: answer.bytes(2), exitCode: answer.integer(3) };
    },
    close: client.close,
  };
}
