import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bridgesOf, ensureBridge, removeBridges } from './bridge.ts';
import { labProcesses, machineCgroups, removeCgroups } from './cgroups.ts';
import { containerStore } from './container-store.ts';
import { knownHost, makeHost, startHost } from './host.ts';
import { baseImage } from './image.ts';
import { inventoryPath, inventoryText, isInventoryOf } from './inventory.ts';
import { kubernetesFor } from './kubernetes.ts';
import { withLock } from './lock.ts';
import { mountsBelow, unmountBelow } from './mounts.ts';
import type { LabIo, LabName, LabUpOptions } from './options.ts';
import { type LabFiles, type LabPlaces, labFiles, labPlaces } from './places.ts';
import { problem } from './problem.ts';
import { isAlive } from './processes.ts';
import { sshAnswers, systemState, waitForHost } from './ready.ts';
import { type LabHost, type LabShape, labHosts, labNetwork, unionShape } from './shape.ts';
import { freeIndex, type LabState, readState, writeState } from './state.ts';

/** What `up` did: which hosts it made or started; none of both is "no change". */
export interface LabUpDone {
  readonly inventory: string;
  readonly hosts: readonly LabHost[];
  readonly started: readonly string[];
}

/** Ten kubelets use up Linux's default of 128 inotify instances: they then end with "too many open files". */
const inotify: Readonly<Record<string, number>> = { max_user_instances: 2048, max_user_watches: 524_288 };

function raiseInotifyLimits(): void {
  for (const [name, wanted] of Object.entries(inotify)) {
    const path = `/proc/sys/fs/inotify/${name}`;
    if (Number(readFileSync(path, 'utf8')) < wanted) writeFileSync(path, String(wanted));
  }
}

/** Brings a lab to the state that was asked for: makes what is missing, starts what has stopped, leaves the rest. */
export async function nspawnUp(options: LabUpOptions, io: LabIo): Promise<LabUpDone> {
  const places = labPlaces(io.env);
  const files = labFiles(places, options.name);
  const image = await baseImage(places, io.say);
  const store = await containerStore(places, image, options.k8sDir, io.say);
  return withLock(join(places.labs, `${options.name}.lock`), async () => {
    const known = readState(places, options.name)?.kubernetes;
    const kubernetes = known?.kind === 'real' ? known : await kubernetesFor(places, files.home, options.k8sDir);
    const state = await withLock(join(places.labs, '.lock'), async () =>
      claim(places, options, { image, store, kubernetes }),
    );
    const hosts = labHosts(state.shape, state.index);
    raiseInotifyLimits();
    await ensureBridge(state.name, state.index);
    const started = await startMissing(state, files, hosts, places);
    if (started.length > 0) io.say(`Started ${started.join(', ')}`);
    writeAccess(state, files, hosts);
    return { inventory: state.inventory, hosts, started };
  });
}

/** Writes down what the lab is to be, before anything of it exists. */
function claim(
  places: LabPlaces,
  options: LabUpOptions,
  made: Pick<LabState, 'image' | 'store' | 'kubernetes'>,
): LabState {
  const before = readState(places, options.name);
  const state: LabState = {
    ...made,
    supervisors: {},
    index: before?.index ?? freeIndex(places),
    ...before,
    name: options.name,
    shape: unionShape(before?.shape ?? options.shape, options.shape),
    inventory: inventoryPath(options.project, options.name),
  };
  if (!existsSync(state.store)) state.store = made.store;
  if (!existsSync(state.image)) {
    throw problem(
      'lab/image-gone',
      `Expected the image of the lab "${state.name}" at "${state.image}", but it is no longer there`,
      `Run "hlb lab down --name ${state.name}", then "hlb lab up" again`,
    );
  }
  writeState(places, state);
  return state;
}

async function startMissing(
  state: LabState,
  files: LabFiles,
  hosts: readonly LabHost[],
  places: LabPlaces,
): Promise<readonly string[]> {
  const cgroups = machineCgroups();
  const supervisors = { ...state.supervisors };
  const stopped = hosts.filter((host) => {
    const supervisor = supervisors[host.name];
    return supervisor === undefined || !isAlive(supervisor);
  });
  for (const host of hosts) await makeHost(state, files, host, hosts);
  for (const host of stopped) {
    if (labProcesses(cgroups, state.name, host.name).length > 0) await removeCgroups(cgroups, state.name, host.name);
    supervisors[host.name] = startHost(state, files, host, cgroups);
    writeState(places, { ...state, supervisors });
  }
  await Promise.all(
    hosts.map(async (host) => {
      const supervisor = supervisors[host.name];
      if (supervisor !== undefined) await waitForHost(files, host, supervisor);
    }),
  );
  return stopped.map((host) => host.name);
}

/** The inventory and the host keys: written only where they differ. */
function writeAccess(state: LabState, files: LabFiles, hosts: readonly LabHost[]): void {
  writeIfNew(files.knownHosts, `${hosts.map((host) => knownHost(files, host)).join('\n')}\n`);
  mkdirSync(dirname(state.inventory), { recursive: true });
  writeIfNew(
    state.inventory,
    inventoryText({
      name: state.name,
      provider: 'nspawn',
      hosts,
      user: 'root',
      key: () => files.key,
      knownHosts: files.knownHosts,
      vip: labNetwork(state.index).vip,
      vars: {
        k8s_doubles: state.kubernetes.kind === 'doubles',
        lab_cgroup_version: machineCgroups().version,
        // What playbooks/roles/cluster asks of its hosts. The image brings every package.
        kubernetes_packages: false,
        cgroup_driver: machineCgroups().version === 1 ? 'cgroupfs' : 'systemd',
        local_storage_isolation: false,
        vip_address: labNetwork(state.index).vip,
        vip_interface: 'host0',
        // A container cannot load modules: the machine's kernel brings them.
        node_kernel_modules: [],
      },
    }),
  );
}

function writeIfNew(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

export interface LabHostStatus extends LabHost {
  /** `running`, `degraded`, `starting`, `stopped` …: systemd's own word. */
  readonly system: string;
  readonly ssh: boolean;
}

export interface LabStatus {
  readonly name: string;
  readonly provider: 'nspawn' | 'vagrant';
  readonly shape: LabShape;
  readonly inventory: string;
  readonly doubles: boolean;
  readonly hosts: readonly LabHostStatus[];
}

export async function nspawnStatus(name: string, io: LabIo): Promise<LabStatus | undefined> {
  const places = labPlaces(io.env);
  const state = readState(places, name);
  if (state === undefined) return undefined;
  const files = labFiles(places, name);
  const hosts = await Promise.all(
    labHosts(state.shape, state.index).map(async (host) => ({
      ...host,
      system: await systemState(files, host.name),
      ssh: await sshAnswers(host.address),
    })),
  );
  const { shape, inventory, kubernetes } = state;
  return { name, provider: 'nspawn', shape, inventory, doubles: kubernetes.kind === 'doubles', hosts };
}

/**
 * Removes a lab whatever state it is in; gives whether there was anything to remove. Nothing depends on what its state
 * says: processes are found by their cgroup, mounts by their place, the bridge by its alias, the inventory by its head.
 */
export async function nspawnDown({ name, project }: LabName, io: LabIo): Promise<boolean> {
  const places = labPlaces(io.env);
  const files = labFiles(places, name);
  return withLock(join(places.labs, `${name}.lock`), async () => {
    const cgroups = machineCgroups();
    const existed = existsSync(files.home) || labProcesses(cgroups, name).length > 0 || bridgesOf(name).length > 0;
    const gone = await removeCgroups(cgroups, name);
    await unmountBelow(files.home);
    if (!gone || mountsBelow(files.home).length > 0) {
      throw problem(
        'lab/not-removed',
        `Expected every process and mount of the lab "${name}" to be gone, but some remain`,
        'Run "hlb lab down" again once what they wait for is there',
      );
    }
    await removeBridges(name);
    for (const inventory of new Set([inventoryPath(project, name), inventoryOf(places, name)])) {
      if (inventory !== undefined && isInventoryOf(inventory, name)) rmSync(inventory);
    }
    rmSync(files.home, { recursive: true, force: true });
    return existed;
  });
}

/** Where a lab's state says that its inventory is, if it says anything that can be understood. */
function inventoryOf(places: LabPlaces, name: string): string | undefined {
  try {
    return readState(places, name)?.inventory;
  } catch {
    return undefined;
  }
}
