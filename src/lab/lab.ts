import type { Diagnostic } from '../core/diagnostic.ts';
import type { Result } from '../core/result.ts';
import { leaderOf } from './host.ts';
import { runInside } from './nsenter.ts';
import { type LabStatus, type LabUpDone, nspawnDown, nspawnStatus, nspawnUp } from './nspawn.ts';
import type { LabIo, LabName, LabUpOptions } from './options.ts';
import { labFiles, labPlaces } from './places.ts';
import { caught, problem } from './problem.ts';
import { ensureRequirements } from './requirements.ts';
import type { Ran, RunOptions } from './run.ts';
import { type LabHost, labHosts, largestShape } from './shape.ts';
import { labNames, readState } from './state.ts';
import {
  readVagrant,
  vagrantDown,
  vagrantExec,
  vagrantNames,
  vagrantSsh,
  vagrantStatus,
  vagrantUp,
} from './vagrant.ts';

/** Brings a lab up: makes what is missing, starts what has stopped, changes nothing that is right already. */
export function labUp(options: LabUpOptions, io: LabIo): Promise<Result<LabUpDone, Diagnostic>> {
  return caught(async () => {
    checkName(options.name);
    checkShape(options);
    if (options.provider === 'vagrant') return vagrantUp(options, io);
    await ensureRequirements(io);
    return nspawnUp(options, io);
  });
}

async function statusOf(name: string, io: LabIo): Promise<LabStatus | undefined> {
  const machines = readVagrant(name, io);
  return machines === undefined ? nspawnStatus(name, io) : vagrantStatus(machines, io);
}

/** Every lab of this machine, or the one that is named. */
export function labStatus(name: string | undefined, io: LabIo): Promise<Result<readonly LabStatus[], Diagnostic>> {
  return caught(async () => {
    const names = name === undefined ? [...labNames(labPlaces(io.env)), ...vagrantNames(io)] : [name];
    const all = await Promise.all(names.map((one) => statusOf(one, io)));
    const found = all.filter((one) => one !== undefined);
    if (name !== undefined && found.length === 0) throw unknownLab(name);
    return found;
  });
}

/** Removes a lab, whole or half made; gives whether there was one. */
export function labDown(options: LabName, io: LabIo): Promise<Result<boolean, Diagnostic>> {
  return caught(async () => {
    checkName(options.name);
    const machines = readVagrant(options.name, io);
    if (machines !== undefined) {
      await vagrantDown(machines, io);
      return true;
    }
    await ensureRequirements(io);
    return nspawnDown(options, io);
  });
}

/** Runs a command on a host as root, without a terminal. The exit code is the command's own. */
export function labExec(
  options: Pick<LabName, 'name'>,
  host: string,
  argv: readonly string[],
  io: LabIo,
  run: RunOptions = {},
): Promise<Result<Ran, Diagnostic>> {
  return caught(async () => {
    const machines = readVagrant(options.name, io);
    if (machines !== undefined) {
      pick(machines.hosts, host, options.name);
      return vagrantExec(machines, host, argv, io, run);
    }
    find(options.name, host, io);
    const leader = leaderOf(labFiles(labPlaces(io.env), options.name), host);
    if (leader !== undefined) return runInside(leader, argv, run);
    throw problem(
      'lab/host-stopped',
      `Expected the lab host "${host}" to run, but it does not`,
      `Run "hlb lab up --name ${options.name}" to start it`,
    );
  });
}

/** The words that open a shell on a host (or run `argv` there) over ssh, for the caller to run on its own terminal. */
export function labSsh(
  options: Pick<LabName, 'name'>,
  host: string,
  argv: readonly string[],
  io: LabIo,
): Promise<Result<readonly string[], Diagnostic>> {
  return caught(async () => {
    const machines = readVagrant(options.name, io);
    if (machines !== undefined) {
      pick(machines.hosts, host, options.name);
      return vagrantSsh(machines, host, argv, io);
    }
    const { address } = find(options.name, host, io);
    const files = labFiles(labPlaces(io.env), options.name);
    const settings = [
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=${files.knownHosts}`,
      'IdentitiesOnly=yes',
      'LogLevel=ERROR',
    ];
    return ['ssh', '-i', files.key, ...settings.flatMap((one) => ['-o', one]), `root@${address}`, ...argv];
  });
}

function find(name: string, host: string, io: LabIo): LabHost {
  const state = readState(labPlaces(io.env), name);
  if (state === undefined) throw unknownLab(name);
  return pick(labHosts(state.shape, state.index), host, name);
}

function pick(hosts: readonly LabHost[], host: string, name: string): LabHost {
  const found = hosts.find((one) => one.name === host);
  if (found !== undefined) return found;
  const names = hosts.map((one) => `"${one.name}"`).join(', ');
  throw problem('lab/unknown-host', `Expected one of the hosts ${names} of the lab "${name}", found "${host}"`);
}

function unknownLab(name: string): Error {
  return problem(
    'lab/unknown-lab',
    `Expected a lab named "${name}", but there is none`,
    `Run "hlb lab up --name ${name}" first`,
  );
}

function checkName(name: string): void {
  if (/^[a-z][a-z0-9-]{0,19}$/.test(name)) return;
  throw problem(
    'lab/bad-name',
    `Expected a name of at most 20 lower-case letters, digits and dashes that begins with a letter, found "${name}"`,
  );
}

function checkShape({ shape }: LabUpOptions): void {
  const counts = [
    { what: 'control planes', count: shape.controlPlanes, most: largestShape.controlPlanes },
    { what: 'workers', count: shape.workers, most: largestShape.workers },
    { what: 'balancers', count: shape.balancers, most: largestShape.balancers },
  ];
  for (const { what, count, most } of counts) {
    if (Number.isInteger(count) && count >= 0 && count <= most) continue;
    throw problem('lab/bad-shape', `Expected between 0 and ${most} ${what}, found ${count}`);
  }
  if (counts.every((one) => one.count === 0)) throw problem('lab/bad-shape', 'Expected at least one host, found none');
}
