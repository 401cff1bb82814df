import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The cgroup mounts of a machine: several hierarchies (version 1 and hybrid), or a single one (version 2). */
export interface Cgroups {
  readonly version: 1 | 2;
  readonly mounts: readonly string[];
}

/** Reads /proc/self/mountinfo: field 5 is the mount point, the word after " - " the file system. */
export function parseCgroups(mountinfo: string): Cgroups {
  const found = mountinfo.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ');
    const type = after?.split(' ')[0];
    const mount = before?.split(' ')[4];
    return mount !== undefined && (type === 'cgroup' || type === 'cgroup2') ? [{ type, mount }] : [];
  });
  const mounts = [...new Set(found.map((one) => one.mount))];
  return { version: found.some((one) => one.type === 'cgroup') ? 1 : 2, mounts };
}

export function machineCgroups(): Cgroups {
  return parseCgroups(readFileSync('/proc/self/mountinfo', 'utf8'));
}

/** A cpuset of version 1 takes no process before it has processors and memory nodes; what is made below copies them. */
function fillCpuset(dir: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const path = join(dir, file);
    if (!existsSync(path)) return;
    if (readFileSync(path, 'utf8').trim() === '') writeFileSync(path, readFileSync(join(dirname(dir), file), 'utf8'));
  }
  writeFileSync(join(dir, 'cgroup.clone_children'), '1');
}

/** The cgroups of one lab (or of one host of it), one path a hierarchy. */
function cgroupPaths(cgroups: Cgroups, lab: string, host = ''): readonly string[] {
  return cgroups.mounts.map((mount) => join(mount, 'hlb-lab', lab, host));
}

/** Creates a host's cgroup in every hierarchy, so that what its kubelet makes is not shared with another host. */
export function makeHostCgroups(cgroups: Cgroups, lab: string, host: string): readonly string[] {
  const paths = cgroupPaths(cgroups, lab, host);
  for (const path of paths) {
    const top = dirname(dirname(path));
    for (const dir of [top, dirname(path), path]) {
      mkdirSync(dir, { recursive: true });
      if (dir === top) preferLabs(top);
      if (cgroups.version === 1) fillCpuset(dir);
      else delegate(dirname(dir));
    }
    if (cgroups.version === 2) delegate(path);
  }
  return paths;
}

/**
 * All labs together would count as one process of the machine: on a busy one a balancer was seen to stand still for 35 s,
 * which says nothing of what is tested. They count as twenty.
 */
function preferLabs(top: string): void {
  for (const [file, weight] of [
    ['cpu.shares', '20480'],
    ['cpu.weight', '2000'],
  ] as const)
    if (existsSync(join(top, file))) writeFileSync(join(top, file), weight);
}

/** Version 2: children may use the controllers that the parent has. A controller that cannot be given is left out. */
function delegate(dir: string): void {
  for (const controller of readFileSync(join(dir, 'cgroup.controllers'), 'utf8').trim().split(/\s+/)) {
    try {
      writeFileSync(join(dir, 'cgroup.subtree_control'), `+${controller}`);
    } catch {
      continue;
    }
  }
}

function subtree(dir: string): readonly string[] {
  if (!existsSync(dir)) return [];
  const children = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap((entry) => subtree(join(dir, entry.name))), dir];
}

/** A cgroup may vanish while it is read: then it has no processes. */
function processesIn(dir: string): readonly number[] {
  try {
    return readFileSync(join(dir, 'cgroup.procs'), 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

/** Every process of a lab, or of one host of it. */
export function labProcesses(cgroups: Cgroups, lab: string, host?: string): readonly number[] {
  const all = cgroupPaths(cgroups, lab, host).flatMap((path) => subtree(path).flatMap(processesIn));
  return [...new Set(all)];
}

/**
 * Kills every process of a lab (or of one host) and removes its cgroups: nothing of it survives, not even what a crash
 * left without a parent. Gives whether all of it is gone.
 */
export async function removeCgroups(cgroups: Cgroups, lab: string, host?: string): Promise<boolean> {
  for (let round = 0; round < 100; round++) {
    const pids = labProcesses(cgroups, lab, host);
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        continue;
      }
    }
    if (pids.length === 0 && removeDirs(cgroupPaths(cgroups, lab, host).flatMap(subtree))) {
      removeDirs(cgroups.mounts.map((mount) => join(mount, 'hlb-lab')));
      return true;
    }
    await sleep(50);
  }
  return false;
}

/** Gives whether none of them is left. */
function removeDirs(dirs: readonly string[]): boolean {
  let gone = true;
  for (const dir of dirs) {
    try {
      rmdirSync(dir);
    } catch {
      gone = gone && !existsSync(dir);
    }
  }
  return gone;
}
