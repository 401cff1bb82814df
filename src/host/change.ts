import type { JsonObject } from '../core/value.ts';
import type { Condition } from './condition.ts';
import type { HashName } from './observation.ts';

/** What can be done to a host: a closed vocabulary, each with one implementation in POSIX sh. */
export type Change =
  | WriteFile
  | MakeDirectory
  | SetAttributes
  | MakeLink
  | Remove
  | Rename
  | CopyPath
  | Touch
  | Systemctl
  | Run
  | StartJob
  | Download
  | Unpack
  | WaitUntil
  | Reboot
  | Transaction;

/** Bytes: small ones inline, big ones by handle (the engine uploads them beside the target first). */
export type Content =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly sha256: string }
  | {
      readonly kind: 'handle';
      readonly sha256: string;
      readonly size: number /** A file of the controller. */;
      readonly localPath: string;
    };

export interface Attributes {
  /** Permission bits. Absent keeps what is there (new files: 0666 and the umask). */
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
}

interface Common {
  /** Runs, and does not count as changed (daemon-reload, a cache's update). */
  readonly quiet?: boolean;
  /** Only where the resource still is as it was observed; otherwise the change is refused as stale and nothing is done. */
  readonly guard?: Guard;
}

/** Checked on the host in the same round trip, right before the change. */
export type Guard =
  | {
      readonly kind: 'file-hash';
      readonly path: string;
      readonly hash: HashName /** `absent` where no such file may be there. */;
      readonly value: string;
    }
  | { readonly kind: 'absent'; readonly path: string };

/** Temporary name in the same directory, attributes, fsync, validate, rename. */
export interface WriteFile extends Common, Attributes {
  readonly kind: 'write-file';
  readonly path: string;
  readonly content: Content;
  /** `%s` stands for the temporary file; a failure leaves the old file. */
  readonly validate?: readonly string[];
  /** Keeps the old file as `path.PID.DATE~`, as Ansible names it. */
  readonly backup: boolean;
  /** Write through a symlink to what it points at. */
  readonly follow: boolean;
}

export interface MakeDirectory extends Common, Attributes {
  readonly kind: 'make-directory';
  readonly path: string;
  /** Missing parents are made with the same attributes. */
  readonly parents: boolean;
}

export interface SetAttributes extends Common, Attributes {
  readonly kind: 'set-attributes';
  readonly path: string;
  readonly recursive: boolean;
  /** chmod's symbolic form, applied as `chmod` does, such as `u+rwX,g-w`; instead of `mode`. */
  readonly symbolicMode?: string;
  readonly follow: boolean;
}

export interface MakeLink extends Common, Attributes {
  readonly kind: 'make-link';
  readonly path: string;
  readonly target: string;
  readonly hard: boolean;
  /** Replace what is there (a file, a link; an empty directory). */
  readonly force: boolean;
}

export interface Remove extends Common {
  readonly kind: 'remove';
  readonly path: string;
  readonly recursive: boolean;
}

export interface Rename extends Common {
  readonly kind: 'rename';
  readonly from: string;
  readonly to: string;
}

/** A copy on the host itself (`remote_src`), atomic like WriteFile. The attributes are a file's; below a directory all keep theirs. */
export interface CopyPath extends Common, Attributes {
  readonly kind: 'copy-path';
  readonly from: string;
  readonly to: string;
  readonly recursive: boolean;
  readonly backup: boolean;
}

export interface Touch extends Common, Attributes {
  readonly kind: 'touch';
  readonly path: string;
  /** Seconds since the epoch; `now`, or kept as it is. */
  readonly mtime: number | 'now' | 'preserve';
  readonly atime: number | 'now' | 'preserve';
}

export interface Systemctl extends Common {
  readonly kind: 'systemctl';
  readonly verb:
    | 'start'
    | 'stop'
    | 'restart'
    | 'reload'
    | 'enable'
    | 'disable'
    | 'mask'
    | 'unmask'
    | 'daemon-reload'
    | 'daemon-reexec';
  /** Absent for the daemon's own verbs. */
  readonly unit?: string;
  readonly noBlock?: boolean;
  readonly scope: 'system' | 'user' | 'global';
}

/** See `Run.program`. */
export const wordEnd = '\u001e';

/** A command of the playbook, or a tool that a module drives. */
export interface Run extends Common {
  readonly kind: 'run';
  readonly command: { readonly argv: readonly string[] } | { readonly shell: string; readonly executable?: string };
  readonly chdir?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /**
   * The program as a word of the shell, and its arguments where the shell changes them: where there is none of that name,
   * that is told and not the shell's own code for it, and on stdout what the words became, each before a `wordEnd`.
   */
  readonly program?: string;
  readonly timeoutMs?: number;
  /** Exit codes that are no failure; `[0]` when absent. */
  readonly allowed?: readonly number[] | 'any';
  /** Checked again on the host right before it runs: with a match of `creates`, or none of `removes`, it does nothing. */
  readonly creates?: string;
  readonly removes?: string;
  /** Long: runs apart from the connection (design §4). */
  readonly detach: boolean;
  /** The resource keys that it touches; everything when absent. Lets it fuse where it is as local as a file. */
  readonly touches?: readonly string[];
  /** One line for the plan, such as `useradd deploy`; the command itself when absent. */
  readonly summary?: string;
}

/** Starts a command that goes on when nobody waits for it. How it ends is written as Ansible's `async` writes it. */
export interface StartJob extends Common {
  readonly kind: 'start-job';
  /** Names the file of its result. */
  readonly id: string;
  /** Where results lie, such as `~/.ansible_async`; made when it is missing. */
  readonly directory: string;
  readonly run: Run;
  /** It is ended after that, with all that it started. */
  readonly limitMs: number;
  /** What its result holds that is known ahead. */
  readonly known: JsonObject;
}

export interface Download extends Common, Attributes {
  readonly kind: 'download';
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly verifyTls: boolean;
  readonly timeoutMs: number;
  readonly checksum?: { readonly hash: HashName; readonly value: string };
  readonly backup: boolean;
}

/** An archive that lies on the host, unpacked below a directory. */
export interface Unpack extends Common, Attributes {
  readonly kind: 'unpack';
  readonly archive: string;
  readonly into: string;
  readonly extraOptions: readonly string[];
  readonly exclude: readonly string[];
  readonly include: readonly string[];
}

/** Fails when the time is over; quiet by nature. */
export interface WaitUntil extends Common {
  readonly kind: 'wait-until';
  readonly until: Condition;
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** What it waits for, in words. */
  readonly summary: string;
  /** What to look at when it does not come; its output is in the failure (such as the pod's last log lines). */
  readonly onTimeout?: readonly string[];
}

/** Reboots, and comes back when the host answers with another boot id. */
export interface Reboot extends Common {
  readonly kind: 'reboot';
  readonly command: string;
  readonly preDelayMs: number;
  readonly postDelayMs: number;
  readonly timeoutMs: number;
  readonly testCommand: string;
  /** Prints something else after each boot; the kernel's boot id when absent. */
  readonly bootCommand?: string;
}

/** `do`, then `verify`; where either fails, `undo` runs and the change has failed with both reasons. */
export interface Transaction extends Common {
  readonly kind: 'transaction';
  readonly summary: string;
  readonly do: readonly Change[];
  readonly verify: readonly WaitUntil[];
  readonly undo: readonly Change[];
  /** Looked at right before `undo`: where it does not come, what was done stays, as what was there before would be worse. */
  readonly undoIf?: WaitUntil;
}

/** What became of a change. */
export type ChangeOutcome =
  | {
      readonly status: 'done';
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly durationMs: number;
      /** Nothing had to be done after all: `creates` or `removes` held, or the download is what is there. */
      readonly noop?: boolean;
      /** Where the old file was kept. */
      readonly backup?: string;
    }
  | {
      readonly status: 'failed';
      readonly code: number;
      readonly stdout: string;
      readonly stderr: string;
      readonly durationMs: number;
      /** Of `not-started` the code is the system's number for why: 2 for no such program, 13 for one that must not be run. */
      readonly reason: 'exit-code' | 'timeout' | 'verify' | 'validate' | 'not-started' | 'no-directory';
    }
  /** The guard did not hold: nothing was done. */
  | { readonly status: 'stale'; readonly message: string }
  /** A change before it failed. */
  | { readonly status: 'skipped' };
