import type { Condition } from './condition.ts';
import type {
  CommandQuery,
  ContainersQuery,
  DirectoryQuery,
  FileQuery,
  GlobQuery,
  GroupQuery,
  HaproxyQuery,
  HashName,
  HostnameQuery,
  HttpQuery,
  IdentityQuery,
  KernelModuleQuery,
  MountsQuery,
  PackageQuery,
  PortQuery,
  SwapQuery,
  SysctlQuery,
  SystemQuery,
  UnitQuery,
  UserQuery,
  WaitQuery,
} from './observation.ts';

/** One path. Nothing but its attributes unless asked for; symlinks are not followed. */
export function file(
  path: string,
  options: {
    readonly follow?: boolean;
    readonly hashes?: readonly HashName[];
    readonly contentLimit?: number;
    /** Also what a prediction cannot know: times, inode, links (see `FileQuery.exact`). */
    readonly exact?: boolean;
  } = {},
): FileQuery {
  return {
    kind: 'file',
    path,
    follow: options.follow ?? false,
    hashes: options.hashes ?? [],
    contentLimit: options.contentLimit ?? 0,
    ...(options.exact === true ? { exact: true } : {}),
  };
}

/** Everything below a directory; without `depth`, all of it. */
export function directory(
  path: string,
  options: { readonly depth?: number; readonly hashes?: readonly HashName[] } = {},
): DirectoryQuery {
  return {
    kind: 'directory',
    path,
    hashes: options.hashes ?? [],
    ...(options.depth === undefined ? {} : { depth: options.depth }),
  };
}

export function glob(pattern: string): GlobQuery {
  return { kind: 'glob', pattern };
}

/** A name without a suffix is a service. */
export function unit(name: string, options: { readonly scope?: 'system' | 'user' | 'global' } = {}): UnitQuery {
  const scope = options.scope ?? 'system';
  return {
    kind: 'unit',
    name: /\.(service|socket|target|timer|mount|automount|swap|path|slice|scope|device)$/.test(name)
      ? name
      : `${name}.service`,
    ...(scope === 'system' ? {} : { scope }),
  };
}

/** `candidate: true` asks the index even when the package is installed (`state: latest`). */
export function pkg(
  name: string,
  manager: PackageQuery['manager'],
  options: { readonly candidate?: boolean } = {},
): PackageQuery {
  return { kind: 'package', name, manager, ...(options.candidate === true ? { candidate: true } : {}) };
}

export function user(name: string): UserQuery {
  return { kind: 'user', name };
}

export function group(name: string): GroupQuery {
  return { kind: 'group', name };
}

export function mounts(): MountsQuery {
  return { kind: 'mounts' };
}

export function swap(): SwapQuery {
  return { kind: 'swap' };
}

export function sysctl(name: string): SysctlQuery {
  return { kind: 'sysctl', name };
}

export function kernelModule(name: string): KernelModuleQuery {
  return { kind: 'kernel-module', name };
}

export function hostname(): HostnameQuery {
  return { kind: 'hostname' };
}

export function port(number: number): PortQuery {
  return { kind: 'port', port: number };
}

/** A GET with verified TLS and redirects followed, 30 s at most. */
export function http(url: string, options: Partial<Omit<HttpQuery, 'kind' | 'url'>> = {}): HttpQuery {
  return {
    kind: 'http',
    url,
    method: 'GET',
    headers: {},
    timeoutMs: 30_000,
    verifyTls: true,
    followRedirects: true,
    ...options,
  };
}

/** Looks once a second unless told otherwise, 300 s at most. */
export function wait(
  until: Condition,
  options: { readonly timeoutMs?: number; readonly delayMs?: number; readonly intervalMs?: number } = {},
): WaitQuery {
  return {
    kind: 'wait',
    until,
    timeoutMs: options.timeoutMs ?? 300_000,
    delayMs: options.delayMs ?? 0,
    intervalMs: options.intervalMs ?? 1_000,
  };
}

export function containers(pod?: string): ContainersQuery {
  return { kind: 'containers', ...(pod === undefined ? {} : { pod }) };
}

export function haproxy(socket: string, commands: readonly string[]): HaproxyQuery {
  return { kind: 'haproxy', socket, commands };
}

/** A command that only reads; 60 s at most. */
export function command(
  argv: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly timeoutMs?: number } = {},
): CommandQuery {
  return { kind: 'command', argv, env: options.env ?? {}, timeoutMs: options.timeoutMs ?? 60_000 };
}

export function system(): SystemQuery {
  return { kind: 'system' };
}

export function identity(): IdentityQuery {
  return { kind: 'identity' };
}
