import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { inventoryPath, inventoryText } from './inventory.ts';
import { installScript, kubernetesDir, kubernetesFolder } from './kubernetes.ts';
import type { LabStatus, LabUpDone } from './nspawn.ts';
import type { LabIo, LabUpOptions } from './options.ts';
import { problem } from './problem.ts';
import { sshAnswers } from './ready.ts';
import { must, type Ran, type RunOptions, run } from './run.ts';
import { type LabHost, labHosts, unionShape } from './shape.ts';

/** What a lab of virtual machines is: also what its Vagrantfile reads. */
const VagrantLab = z.object({
  name: z.string(),
  index: z.int(),
  shape: z.strictObject({ controlPlanes: z.int(), workers: z.int(), balancers: z.int() }),
  inventory: z.string(),
  hosts: z.array(
    z.strictObject({ name: z.string(), group: z.enum(['control_plane', 'workers', 'balancers']), address: z.string() }),
  ),
  kubernetes: z.strictObject({ folder: z.string(), at: z.string(), script: z.string() }).optional(),
});
type VagrantLab = z.infer<typeof VagrantLab>;

/** Labs of virtual machines need no root: they live with the user's other state. */
function home(name: string, { env }: LabIo): string {
  const state = env['XDG_STATE_HOME'] ?? join(env['HOME'] ?? '.', '.local/state');
  return join(state, 'hlb/labs', name);
}

export function vagrantNames(io: LabIo): readonly string[] {
  const dir = dirname(home('any', io));
  return existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => existsSync(join(dir, name, 'lab.json')))
        .sort()
    : [];
}

export function readVagrant(name: string, io: LabIo): VagrantLab | undefined {
  const path = join(home(name, io), 'lab.json');
  return existsSync(path) ? VagrantLab.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

/** VirtualBox allows host-only networks in 192.168.56.0/21: room for eight labs. */
function addressed(hosts: readonly LabHost[], index: number): LabHost[] {
  return hosts.map((host) => ({ ...host, address: `192.168.${56 + index}.${host.address.split('.').at(-1)}` }));
}

function freeIndex(io: LabIo): number {
  const taken = new Set(vagrantNames(io).map((name) => readVagrant(name, io)?.index));
  const free = [0, 1, 2, 3, 4, 5, 6, 7].find((index) => !taken.has(index));
  if (free !== undefined) return free;
  throw problem('lab/too-many', 'Expected fewer than 8 labs of virtual machines', 'Run "hlb lab down --name NAME"');
}

/** Where the Vagrantfile lies: two levels up, from source, from dist and from the bundle alike. */
const vagrantDir = join(dirname(fileURLToPath(import.meta.url)), '../../vagrant');

function surroundings(name: string, io: LabIo): Readonly<Record<string, string>> {
  const dir = home(name, io);
  return {
    VAGRANT_CWD: vagrantDir,
    VAGRANT_DOTFILE_PATH: join(dir, '.vagrant'),
    HLB_VAGRANT_LAB: join(dir, 'lab.json'),
  };
}

async function ensureVagrant(): Promise<void> {
  const asked = await run('vagrant', ['--version']).catch(() => undefined);
  if (asked?.code === 0) return;
  throw problem(
    'lab/no-vagrant',
    'The provider "vagrant" needs the program vagrant, but it cannot be run',
    'Install Vagrant, and VirtualBox or the plugin vagrant-libvirt; on Linux as root the provider "nspawn" needs neither',
  );
}

/** How ssh reaches a machine: the lines of `vagrant ssh-config`, by host. */
export function parseSshConfig(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const hosts = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^\s*(\w+)\s+"?([^"]*?)"?\s*$/.exec(line) ?? [];
    if (key === 'Host') {
      current = new Map();
      hosts.set(value, current);
    } else if (key !== '' && !current.has(key)) current.set(key, value);
  }
  return hosts;
}

export async function vagrantUp(options: LabUpOptions, io: LabIo): Promise<LabUpDone> {
  await ensureVagrant();
  const before = readVagrant(options.name, io);
  const index = before?.index ?? freeIndex(io);
  const shape = unionShape(before?.shape ?? options.shape, options.shape);
  const folder = options.k8sDir === undefined ? undefined : kubernetesFolder(options.k8sDir);
  const lab: VagrantLab = {
    name: options.name,
    index,
    shape,
    inventory: inventoryPath(options.project, options.name),
    hosts: addressed(labHosts(shape, index), index),
    ...(before?.kubernetes === undefined ? {} : { kubernetes: before.kubernetes }),
    ...(folder === undefined
      ? {}
      : { kubernetes: { folder, at: kubernetesDir('real'), script: installScript('real') } }),
  };
  const dir = home(options.name, io);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'lab.json'), `${JSON.stringify(lab, undefined, 2)}\n`);
  const env = surroundings(options.name, io);
  const running = await runningMachines(env);
  const started = lab.hosts.map((host) => host.name).filter((name) => !running.has(name));
  if (started.length > 0) {
    io.say(`Starting ${started.join(', ')} with Vagrant`);
    await must('vagrant', ['up', ...started], { env, onOutput: (text) => io.say(text.trimEnd()) });
  }
  await writeAccess(lab, dir, env);
  return { inventory: lab.inventory, hosts: lab.hosts, started };
}

async function runningMachines(env: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const listed = await run('vagrant', ['status', '--machine-readable'], { env });
  return new Set([...listed.stdout.matchAll(/^\d+,([^,]+),state,running$/gm)].map((match) => match[1] ?? ''));
}

async function writeAccess(lab: VagrantLab, dir: string, env: Readonly<Record<string, string>>): Promise<void> {
  const reach = parseSshConfig(await must('vagrant', ['ssh-config'], { env }));
  const of = (host: LabHost, key: string, otherwise: string): string => reach.get(host.name)?.get(key) ?? otherwise;
  const knownHosts = join(dir, 'known_hosts');
  const scanned = await Promise.all(
    lab.hosts.map((host) => run('ssh-keyscan', ['-p', of(host, 'Port', '22'), of(host, 'HostName', host.address)])),
  );
  writeFileSync(knownHosts, scanned.map((one) => one.stdout).join(''));
  mkdirSync(dirname(lab.inventory), { recursive: true });
  writeFileSync(
    lab.inventory,
    inventoryText({
      name: lab.name,
      provider: 'vagrant',
      hosts: lab.hosts,
      user: of(lab.hosts[0] ?? { name: '', group: 'workers', address: '' }, 'User', 'vagrant'),
      key: (host) => of(host, 'IdentityFile', ''),
      knownHosts,
      vip: `192.168.${56 + lab.index}.250`,
      port: (host) => Number(of(host, 'Port', '22')),
      reach: (host) => of(host, 'HostName', host.address),
      vars: { ansible_become: true, k8s_doubles: false },
    }),
  );
}

export async function vagrantStatus(lab: VagrantLab, io: LabIo): Promise<LabStatus> {
  const env = surroundings(lab.name, io);
  const running = await runningMachines(env);
  const hosts = await Promise.all(
    lab.hosts.map(async (host) => ({
      ...host,
      system: running.has(host.name) ? 'running' : 'stopped',
      ssh: running.has(host.name) && (await sshAnswers(host.address)),
    })),
  );
  return { name: lab.name, provider: 'vagrant', shape: lab.shape, inventory: lab.inventory, doubles: false, hosts };
}

export async function vagrantDown(lab: VagrantLab, io: LabIo): Promise<void> {
  await ensureVagrant();
  await must('vagrant', ['destroy', '--force'], { env: surroundings(lab.name, io) });
  rmSync(lab.inventory, { force: true });
  rmSync(home(lab.name, io), { recursive: true, force: true });
}

/** The words that run a command on a machine as root through Vagrant's own ssh; no command is a shell. */
export function vagrantSsh(lab: VagrantLab, host: string, argv: readonly string[], io: LabIo): readonly string[] {
  const env = Object.entries(surroundings(lab.name, io)).map(([key, value]) => `${key}=${value}`);
  const quoted = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  return ['env', ...env, 'vagrant', 'ssh', host, ...(argv.length === 0 ? [] : ['--no-tty', '-c', `sudo -- ${quoted}`])];
}

export function vagrantExec(
  lab: VagrantLab,
  host: string,
  argv: readonly string[],
  io: LabIo,
  options: RunOptions,
): Promise<Ran> {
  const [command = 'env', ...args] = vagrantSsh(lab, host, argv, io);
  return run(command, args, options);
}
