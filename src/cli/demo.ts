import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Saw, startClients } from '../lab/clients.ts';
import { labDown, labUp } from '../lab/lab.ts';
import type { LabIo } from '../lab/options.ts';
import { labRequirements } from '../lab/requirements.ts';
import { defaultShape } from '../lab/shape.ts';

/**
 * `npm run demo`: five Linux hosts become a cluster, a second run changes nothing, and the balancer of every node is
 * changed twice while a client on every node asks the API without a pause. Ends with what was lost.
 */
const project = join(import.meta.dirname, '..', '..');
const name = 'demo';
const io: LabIo = { say, env: process.env };
/** Of each client. */
const perSecond = 20;

function say(line: string): void {
  process.stdout.write(`\n=== ${line}\n`);
}

async function demo(): Promise<number> {
  const { linux, root, missing } = labRequirements(io);
  if (!linux || !root) {
    process.stderr.write(
      `The demo makes its hosts with systemd-nspawn and needs ${linux ? 'root' : 'Linux and root'} for it.\n` +
        'Without that, make the hosts with Vagrant and run the same playbooks:\n' +
        '  hlb lab up --provider vagrant\n  hlb play playbooks/bootstrap.yml -i inventory/lab.yml\n',
    );
    return 1;
  }
  if (missing.length > 0) say(`The lab needs Debian packages that are not there: ${missing.join(', ')}`);
  const began = Date.now();
  try {
    return await show();
  } finally {
    say('Bring the lab down');
    await labDown({ name, project }, io);
    process.stdout.write(`The demo took ${Math.round((Date.now() - began) / 1000)} s\n`);
  }
}

async function show(): Promise<number> {
  say('Bring three control planes and two workers up');
  const up = await labUp({ provider: 'nspawn', name, project, shape: defaultShape }, io);
  if (!up.ok) {
    process.stderr.write(`${up.error.message}\n${up.error.help ?? ''}\n`);
    return 1;
  }
  const { inventory, hosts } = up.value;
  say('Bootstrap the cluster');
  if ((await hlb('play', 'playbooks/bootstrap.yml', '-i', inventory)) !== 0) return 1;
  say('Bootstrap again: nothing to change');
  if ((await hlb('play', 'playbooks/bootstrap.yml', '-i', inventory)) !== 0) return 1;
  say(`Change the backends of every node, twice, under ${perSecond} requests a second on every node`);
  const clients = startClients(
    { name },
    hosts.map((host) => host.name),
    { url: 'https://127.0.0.1:16443/readyz', perSecond },
    io,
  );
  const kept = hosts.filter((host) => host.group === 'control_plane').slice(0, 2);
  const two = JSON.stringify({ control_plane_names: kept.map((host) => host.name) });
  const without = await hlb('play', 'playbooks/update-backends.yml', '-i', inventory, '-e', two);
  const again = await hlb('play', 'playbooks/update-backends.yml', '-i', inventory);
  const lost = tell(await clients.stop());
  return without === 0 && again === 0 && lost === 0 ? 0 : 1;
}

/** Prints what each client saw; gives what was lost in all. */
function tell(saw: readonly Saw[]): number {
  say('What the clients saw');
  for (const { host, asked, lost, longestGapMs } of saw)
    process.stdout.write(
      `${host.padEnd(6)} ${asked} requests, ${lost.length} lost, at most ${longestGapMs} ms without an answer\n`,
    );
  const lost = saw.reduce((sum, one) => sum + one.lost.length, 0);
  process.stdout.write(`lost in all: ${lost}\n`);
  return lost;
}

function hlb(...args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(project, 'bin', 'hlb.js'), ...args], {
      cwd: project,
      stdio: 'inherit',
    });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await demo();
