import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeName } from './bridge.ts';
import { type Cgroups, makeHostCgroups } from './cgroups.ts';
import { ensureKey, publicPart } from './keys.ts';
import { installKubernetes, kubernetesDir } from './kubernetes.ts';
import { mountRoot } from './mounts.ts';
import type { HostFiles, LabFiles } from './places.ts';
import { childrenOf, commandLine, type ProcessId, startedAt } from './processes.ts';
import { must } from './run.ts';
import { type LabHost, labNetwork } from './shape.ts';
import type { LabState } from './state.ts';
import { superviseScript } from './supervise.ts';

/** Everything of a host that is a file; does nothing to a host that is already made. */
export async function makeHost(
  state: LabState,
  files: LabFiles,
  host: LabHost,
  all: readonly LabHost[],
): Promise<void> {
  const place = files.host(host.name);
  const made = join(place.home, 'made');
  if (!existsSync(made)) {
    rmSync(place.upper, { recursive: true, force: true });
    rmSync(place.containerd, { recursive: true, force: true });
    for (const dir of [place.home, place.kubelet, place.etcd]) mkdirSync(dir, { recursive: true, mode: 0o755 });
    await copyStore(state.store, place.containerd);
  }
  await mountRoot(state.image, place);
  if (!existsSync(made)) {
    await writeIdentity(state, files, host, place);
    installKubernetes(place.root, state.kubernetes.kind);
    writeFileSync(made, '');
  }
  nameHosts(place.root, all);
}

/** Content and snapshots are never written to in place: they can be shared. Databases are: they are copied. */
async function copyStore(store: string, to: string): Promise<void> {
  await must('cp', ['-a', '--link', store, to]);
  for (const file of (await must('find', [to, '-type', 'f', '-name', '*.db']))
    .split('\n')
    .filter((line) => line !== '')) {
    const bytes = readFileSync(file);
    rmSync(file);
    writeFileSync(file, bytes, { mode: 0o644 });
  }
}

async function writeIdentity(state: LabState, files: LabFiles, host: LabHost, { root }: HostFiles): Promise<void> {
  const { gateway } = labNetwork(state.index);
  writeFileSync(join(root, 'etc/hostname'), `${host.name}\n`);
  writeFileSync(join(root, 'etc/machine-id'), `${machineId()}\n`, { mode: 0o444 });
  writeFileSync(join(root, 'etc/resolv.conf'), '# hlb lab: no DNS\n');
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n');
  writeFileSync(join(root, 'etc/hlb-lab/network'), `ADDRESS=${host.address}/24\nGATEWAY=${gateway}\n`);
  const login = await ensureKey(files.key, `hlb-lab-${state.name}`);
  for (const [home, owner] of [
    ['root', 0],
    ['home/ops', 1000],
  ] as const) {
    mkdirSync(join(root, home, '.ssh'), { mode: 0o700, recursive: true });
    writeFileSync(join(root, home, '.ssh/authorized_keys'), `${login}\n`, { mode: 0o600 });
    await must('chown', ['-R', `${owner}:${owner}`, join(root, home, '.ssh')]);
  }
  await ensureKey(join(root, 'etc/ssh/ssh_host_ed25519_key'), host.name);
}

function machineId(): string {
  return readFileSync('/proc/sys/kernel/random/uuid', 'utf8').replaceAll('-', '').trim();
}

/** Every host knows every other by name: lines are only added, since a playbook may have written others. */
function nameHosts(root: string, all: readonly LabHost[]): void {
  const path = join(root, 'etc/hosts');
  const text = readFileSync(path, 'utf8');
  const missing = all.map((host) => `${host.address} ${host.name}`).filter((line) => !text.split('\n').includes(line));
  if (missing.length > 0) writeFileSync(path, `${text}${missing.join('\n')}\n`);
}

/** The line of known_hosts for a host that was made. */
export function knownHost(files: LabFiles, host: LabHost): string {
  const key = readFileSync(join(files.host(host.name).root, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
  return `${host.address},${host.name} ${publicPart(key)}`;
}

/** Starts the supervisor of a host, detached. */
export function startHost(state: LabState, files: LabFiles, host: LabHost, cgroups: Cgroups): ProcessId {
  const place = files.host(host.name);
  const script = join(files.home, 'supervise.sh');
  // A shell may be reading it for another host: it is written once, and never in place.
  if (!existsSync(script)) {
    writeFileSync(`${script}.new`, superviseScript, { mode: 0o755 });
    renameSync(`${script}.new`, script);
  }
  rmSync(place.pid, { force: true });
  // That of a host of the same name that has just gone may still be there.
  spawnSync('ip', ['link', 'delete', `vb-${machineName(state.index, host.name)}`], { stdio: 'ignore' });
  const bind = (from: string, to: string): string => `--bind=${from}:${to}`;
  const log = openSync(place.console, 'a');
  const child = spawn(
    '/bin/sh',
    [
      script,
      place.pid,
      ...makeHostCgroups(cgroups, state.name, host.name),
      '--',
      'systemd-nspawn',
      `--directory=${place.root}`,
      '--boot',
      '--quiet',
      '--register=no',
      '--keep-unit',
      `--network-bridge=${bridgeName(state.index)}`,
      `--machine=${machineName(state.index, host.name)}`,
      `--hostname=${host.name}`,
      '--capability=all',
      '--system-call-filter=@keyring bpf',
      '--resolv-conf=off',
      '--timezone=off',
      '--link-journal=no',
      bind(place.containerd, '/var/lib/containerd'),
      bind(place.kubelet, '/var/lib/kubelet'),
      bind(place.etcd, '/var/lib/etcd'),
      bind('/dev/kmsg', '/dev/kmsg'),
      `--bind-ro=${state.kubernetes.folder}:${kubernetesDir(state.kubernetes.kind)}`,
    ],
    {
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'yes' },
    },
  );
  closeSync(log);
  child.unref();
  return { pid: child.pid ?? 0, started: startedAt(child.pid ?? 0) ?? 0 };
}

/** Unique on the machine, and short enough for systemd-nspawn to name the host's interface after it. */
function machineName(index: number, host: string): string {
  return `hlb${index}-${host}`;
}

/**
 * The first process of a running host, seen from the machine; undefined while there is none. The number that was written
 * down may be another process's by now: its command line says whether it is the host's.
 */
export function leaderOf(files: LabFiles, host: string): number | undefined {
  const { pid } = files.host(host);
  if (!existsSync(pid)) return undefined;
  const nspawn = Number(readFileSync(pid, 'utf8'));
  return commandLine(nspawn).includes(`--directory=${files.host(host).root}`) ? childrenOf(nspawn)[0] : undefined;
}
