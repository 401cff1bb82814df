import type { JsonObject } from '../core/value.ts';
import type { Condition } from './condition.ts';

/** What can be asked of a host: a closed vocabulary, each with one implementation in POSIX sh. Asking never changes anything. */
export type Observation =
  | FileQuery
  | DirectoryQuery
  | GlobQuery
  | UnitQuery
  | PackageQuery
  | UserQuery
  | GroupQuery
  | MountsQuery
  | SwapQuery
  | SysctlQuery
  | KernelModuleQuery
  | HostnameQuery
  | PortQuery
  | HttpQuery
  | WaitQuery
  | ContainersQuery
  | HaproxyQuery
  | CommandQuery
  | SystemQuery
  | IdentityQuery;

export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** One path, symlinks not followed unless asked. */
export interface FileQuery {
  readonly kind: 'file';
  readonly path: string;
  readonly follow: boolean;
  /** Hashes of a regular file's content. */
  readonly hashes: readonly HashName[];
  /** The whole content of a regular file, up to this many bytes; 0 leaves it out. */
  readonly contentLimit: number;
  /**
   * Also what no prediction can know: times, inode, links. After a planned change of the file such a question is
   * unknown, where a plain one is answered with the predicted attributes, hashes and content.
   */
  readonly exact?: true;
}
export type FileFact =
  | {
      readonly exists: false;
      /** A parent that is not a directory, or missing. */
      readonly parentMissing: boolean;
      /** The nearest directory above it, from which something new inherits; absent where that is not clear. */
      readonly parent?: { readonly mode: number; readonly gid: number; readonly group: string };
    }
  | {
      readonly exists: true;
      readonly type: 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'block' | 'char';
      /** Permission bits, at most 0o7777. */
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      /** The name, or the number as text where it has none. */
      readonly owner: string;
      readonly group: string;
      readonly size: number;
      /** Seconds since the epoch. */
      readonly mtime: number;
      readonly atime: number;
      readonly ctime: number;
      readonly inode: number;
      readonly device: number;
      readonly links: number;
      /** Of a symlink: as written. */
      readonly target?: string;
      /** Of what a symlink was followed to: its path, all links resolved. */
      readonly place?: string;
      readonly hashes: Readonly<Partial<Record<HashName, string>>>;
      /** Absent where not asked for, not a regular file, not readable, or over the limit. */
      readonly content?: Uint8Array;
      /** What a planned change will leave: times, inode, device and links are 0 in it. */
      readonly predicted?: true;
    };

/** Everything below a directory. */
export interface DirectoryQuery {
  readonly kind: 'directory';
  readonly path: string;
  /** 1 lists the direct children; absent has no limit. */
  readonly depth?: number;
  readonly hashes: readonly HashName[];
}
export interface DirectoryFact {
  readonly exists: boolean;
  /** Paths relative to the directory, sorted; the directory itself is not in it. */
  readonly entries: readonly { readonly path: string; readonly file: Extract<FileFact, { exists: true }> }[];
}

/** Paths that match a shell pattern (`creates`, `removes`). */
export interface GlobQuery {
  readonly kind: 'glob';
  readonly pattern: string;
}
export interface GlobFact {
  readonly matches: readonly string[];
}

export interface UnitQuery {
  readonly kind: 'unit';
  /** With suffix, such as `kubelet.service`. */
  readonly name: string;
  /** Whose manager is asked; the system's when absent. */
  readonly scope?: 'user' | 'global';
}
export interface UnitFact {
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
  /** `enabled`, `disabled`, `static`, `masked`, …; empty where the unit does not exist. */
  readonly unitFileState: string;
  readonly needDaemonReload: boolean;
  readonly dropInPaths: readonly string[];
  readonly fragmentPath: string;
  readonly mainPid: number;
  /** Every property of `systemctl show`. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface PackageQuery {
  readonly kind: 'package';
  readonly name: string;
  readonly manager: 'apt' | 'dnf';
  /** Ask the index even when it is installed (slow); otherwise it is asked only for what is missing. */
  readonly candidate?: true;
}
export interface PackageFact {
  readonly installed: boolean;
  readonly version?: string;
  /** What the index offers; absent where it offers nothing or was not asked. */
  readonly candidate?: string;
  /** Of a name that is no package itself: an installed one that provides it. */
  readonly providedBy?: string;
  readonly held: boolean;
}

export interface UserQuery {
  readonly kind: 'user';
  readonly name: string;
}
export type UserFact =
  | { readonly exists: false }
  | {
      readonly exists: true;
      readonly uid: number;
      readonly gid: number;
      readonly comment: string;
      readonly home: string;
      readonly shell: string;
      /** Names of all groups, the primary one first. */
      readonly groups: readonly string[];
      /** The shadow entry's hash; absent without the right to read it. */
      readonly passwordHash?: string;
      /** Days since the epoch; -1 for none. */
      readonly expires?: number;
      /** Days of the password, as the shadow entry has them; -1 for none. */
      readonly passwordDays?: {
        readonly min: number;
        readonly max: number;
        readonly warn: number;
        readonly inactive: number;
      };
    };

export interface GroupQuery {
  readonly kind: 'group';
  readonly name: string;
}
export type GroupFact =
  | { readonly exists: false }
  | { readonly exists: true; readonly gid: number; readonly members: readonly string[] };

export interface MountsQuery {
  readonly kind: 'mounts';
}
export interface MountsFact {
  readonly mounts: readonly {
    readonly source: string;
    readonly target: string;
    readonly type: string;
    readonly options: string;
  }[];
  /** The text of /etc/fstab; empty where there is none. */
  readonly fstab: string;
}

/** /proc/swaps. */
export interface SwapQuery {
  readonly kind: 'swap';
}
export interface SwapFact {
  readonly active: readonly { readonly device: string; readonly type: string; readonly kib: number }[];
}

export interface SysctlQuery {
  readonly kind: 'sysctl';
  readonly name: string;
}
export interface SysctlFact {
  /** White space folded to single blanks; absent where the kernel has no such key. */
  readonly value?: string;
}

export interface KernelModuleQuery {
  readonly kind: 'kernel-module';
  readonly name: string;
}
export interface KernelModuleFact {
  readonly loaded: boolean;
  readonly builtin: boolean;
}

export interface HostnameQuery {
  readonly kind: 'hostname';
}
export interface HostnameFact {
  readonly current: string;
  /** /etc/hostname; empty where there is none. */
  readonly static: string;
}

/** Who listens on a TCP port, from /proc/net/tcp and tcp6. */
export interface PortQuery {
  readonly kind: 'port';
  readonly port: number;
}
export interface PortFact {
  /** Addresses of the listeners, `0.0.0.0` and `::` for any. */
  readonly listeners: readonly string[];
}

/** One request from the host. */
export interface HttpQuery {
  readonly kind: 'http';
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly verifyTls: boolean;
  readonly caFile?: string;
  readonly clientCertFile?: string;
  readonly clientKeyFile?: string;
  readonly followRedirects: boolean;
}
export interface HttpFact {
  /** 0 where no answer came. */
  readonly status: number;
  /** What the server says beside the status; absent where it says nothing. */
  readonly phrase?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Where redirects led, if they were followed. */
  readonly redirectedTo?: string;
  /** Why no answer came. */
  readonly error?: string;
}

/** Polls on the host until the condition holds: one round trip, however long. */
export interface WaitQuery {
  readonly kind: 'wait';
  readonly until: Condition;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly intervalMs: number;
}
export interface WaitFact {
  readonly met: boolean;
  readonly elapsedMs: number;
  /** What was seen last, for the message. */
  readonly last: string;
}

/** CRI containers and sandboxes by `crictl`, as crictl's JSON gives them. */
export interface ContainersQuery {
  readonly kind: 'containers';
  /** A pod's name; absent gives all. */
  readonly pod?: string;
}
export interface ContainersFact {
  /** Why crictl did not answer. */
  readonly error?: string;
  readonly sandboxes: readonly {
    readonly id: string;
    readonly pod: string;
    readonly namespace: string;
    readonly uid: string;
    readonly ready: boolean;
    /** kubelet's `kubernetes.io/config.hash`. */
    readonly configHash?: string;
  }[];
  readonly containers: readonly {
    readonly id: string;
    readonly sandboxId: string;
    readonly name: string;
    readonly pod: string;
    readonly attempt: number;
    readonly state: 'running' | 'exited' | 'created' | 'unknown';
    readonly image: string;
    /** Of the container's first process on the host; 0 unless running. */
    readonly pid: number;
    /** Milliseconds since the epoch. */
    readonly createdAt: number;
  }[];
}

/** Commands to an haproxy's stats socket, answered in order. */
export interface HaproxyQuery {
  readonly kind: 'haproxy';
  readonly socket: string;
  readonly commands: readonly string[];
}
export interface HaproxyFact {
  /** One text a command; empty where the socket did not answer. */
  readonly answers: readonly string[];
  readonly error?: string;
}

/** A command that only reads, by the module's word. */
export interface CommandQuery {
  readonly kind: 'command';
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}
export interface CommandFact {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `gather_facts` gathers, under `ansible_facts` names without the `ansible_` prefix. */
export interface SystemQuery {
  readonly kind: 'system';
}
export type SystemFact = JsonObject;

/** Who the session's shell is: what a new file inherits. Every batch with a file question answers it as well, at no cost. */
export interface IdentityQuery {
  readonly kind: 'identity';
}
export interface IdentityFact {
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  /** Such as 0o022. */
  readonly umask: number;
}

/** The fact that an observation is answered with. */
export interface FactTable {
  readonly file: FileFact;
  readonly directory: DirectoryFact;
  readonly glob: GlobFact;
  readonly unit: UnitFact;
  readonly package: PackageFact;
  readonly user: UserFact;
  readonly group: GroupFact;
  readonly mounts: MountsFact;
  readonly swap: SwapFact;
  readonly sysctl: SysctlFact;
  readonly 'kernel-module': KernelModuleFact;
  readonly hostname: HostnameFact;
  readonly port: PortFact;
  readonly http: HttpFact;
  readonly wait: WaitFact;
  readonly containers: ContainersFact;
  readonly haproxy: HaproxyFact;
  readonly command: CommandFact;
  readonly system: SystemFact;
  readonly identity: IdentityFact;
}
export type AnyFact = FactTable[Observation['kind']];
export type FactOf<O extends Observation> = FactTable[O['kind']];
