import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { labDown, labExec, labStatus, labUp } from '../../src/lab/lab.ts';
import { takeLock } from '../../src/lab/lock.ts';
import type { LabIo } from '../../src/lab/options.ts';
import { labPlaces } from '../../src/lab/places.ts';
import { labRequirements } from '../../src/lab/requirements.ts';
import type { Ran, RunOptions } from '../../src/lab/run.ts';
import { defaultShape, type LabHost, type LabShape } from '../../src/lab/shape.ts';

/** The project root: its inventory/ gets the labs' inventories (ignored by git). */
const project = join(import.meta.dirname, '..', '..');

const io: LabIo = { say: (line) => process.stderr.write(`lab: ${line}\n`), env: process.env };

/** A lab that is up, for tests. */
export interface TestLab {
  readonly name: string;
  readonly inventory: string;
  readonly hosts: readonly LabHost[];
  /** Runs `sh -c script` on a host as root; never throws for an exit code. */
  readonly sh: (host: string, script: string, options?: RunOptions) => Promise<Ran>;
  readonly down: () => Promise<void>;
}

/** Why labs cannot be made here; undefined where they can. Give it to `describe.skipIf` and print it. */
export function noLabReason(): string | undefined {
  const { linux, root, missing } = labRequirements(io);
  if (!linux) return 'labs need Linux';
  if (!root) return 'labs need root';
  const installs = existsSync('/usr/bin/apt-get');
  return missing.length > 0 && !installs ? `labs need the packages ${missing.join(', ')}` : undefined;
}

export interface LabForOptions {
  readonly shape?: Partial<LabShape>;
  /** Begins with new hosts, whatever an earlier test left, and keeps other runs away until this process ends. */
  readonly fresh?: boolean;
}

/**
 * A lab of that name and at least that shape, up. It stays up when the test ends, so that the next test with the same
 * name finds it: the last user, or `hlb lab down --name NAME`, takes it down.
 */
export async function labFor(name: string, options: LabForOptions = {}): Promise<TestLab> {
  if (options.fresh === true) {
    await claim(name);
    await remove(name);
  }
  const shape = { ...defaultShape, ...options.shape };
  const k8sDir = process.env['HLB_K8S_DIR'];
  const kubernetes = k8sDir === undefined ? {} : { k8sDir };
  const up = value(await labUp({ provider: 'nspawn', name, project, shape, ...kubernetes }, io));
  return {
    name,
    inventory: up.inventory,
    hosts: up.hosts,
    sh: async (host, script, run) => value(await labExec({ name }, host, ['/bin/sh', '-c', script], io, run)),
    down: () => labGone(name),
  };
}

const claims = new Map<string, () => void>();

/** Another run of the same test on this machine, from whatever checkout, must not take the lab from under this one. */
async function claim(name: string): Promise<void> {
  if (!claims.has(name)) claims.set(name, await takeLock(join(labPlaces(process.env).labs, `${name}.tested`)));
}

async function remove(name: string): Promise<void> {
  value(await labDown({ name, project }, io));
}

/** Removes a lab, if there is one, and lets other runs have its name. */
export async function labGone(name: string): Promise<void> {
  await remove(name);
  claims.get(name)?.();
  claims.delete(name);
}

/** What `hlb lab status` would say of a lab. */
export async function labSystem(name: string): Promise<ReadonlyMap<string, string>> {
  const [status] = value(await labStatus(name, io));
  return new Map(status?.hosts.map((host) => [host.name, host.system]));
}

function value<T>(result: { ok: true; value: T } | { ok: false; error: { message: string; help?: string } }): T {
  if (result.ok) return result.value;
  throw new Error([result.error.message, result.error.help].filter((line) => line !== undefined).join('\n'));
}
