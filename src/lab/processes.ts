import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks after boot: field 22 of /proc/PID/stat. */
  readonly started: number;
}

/** The start time of a live process; undefined when there is none, or only a zombie. */
export function startedAt(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the command's name in parentheses and may hold spaces: count after its end.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : Number(fields[19]);
}

export function isAlive(id: ProcessId): boolean {
  return startedAt(id.pid) === id.started;
}

export function identify(pid: number): ProcessId | undefined {
  const started = startedAt(pid);
  return started === undefined ? undefined : { pid, started };
}

/** The direct children of a process. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

/** The words that a process was started with; none when there is no such process. */
export function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
