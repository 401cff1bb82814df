import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { labDown, labExec, labUp } from '../lab/lab.ts';
import type { LabIo } from '../lab/options.ts';
import { labRequirements } from '../lab/requirements.ts';
import { defaultShape, type LabHost } from '../lab/shape.ts';

/**
 * `npm run demo`: five Linux hosts become a cluster, a second run changes nothing, and the balancer of every node is
 * changed twice while a client on every node asks the API without a pause. Ends with what was lost.
 */
const project = join(import.meta.dirname, '..', '..');
const name = 'demo';
const io: LabIo = { say, env: process.env };
/** While this file is there, clients ask. */
const running = '/run/hlb-demo';

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
  say('Change the backends of every node, twice, under a client on every node');
  const clients = hosts.map((host) => client(host));
  const kept = hosts.filter((host) => host.group === 'control_plane').slice(0, 2);
  const two = JSON.stringify({ control_plane_names: kept.map((host) => host.name) });
  const without = await hlb('play', 'playbooks/update-backends.yml', '-i', inventory, '-e', two);
  const again = await hlb('play', 'playbooks/update-backends.yml', '-i', inventory);
  await Promise.all(hosts.map((host) => labExec({ name }, host.name, ['rm', '-f', running], io)));
  const counts = await Promise.all(clients);
  say('What the clients saw');
  for (const { host, asked, lost } of counts)
    process.stdout.write(`${host.padEnd(6)} ${asked} requests, ${lost} lost\n`);
  const lost = counts.reduce((sum, one) => sum + one.lost, 0);
  process.stdout.write(`lost in all: ${lost}\n`);
  return without === 0 && again === 0 && lost === 0 ? 0 : 1;
}

interface Count {
  readonly host: string;
  readonly asked: number;
  readonly lost: number;
}

/** Asks the API through the node's own balancer, a new connection each time, until the file is gone. */
async function client(host: LabHost): Promise<Count> {
  const script = `touch ${running}; n=0; bad=0
while [ -e ${running} ]; do
  [ "$(curl -sk -m 3 -o /dev/null -w '%{http_code}' https://127.0.0.1:16443/readyz)" = 200 ] || bad=$((bad + 1))
  n=$((n + 1)); sleep 0.03
done
echo "$n $bad"`;
  const ran = await labExec({ name }, host.name, ['sh', '-c', script], io);
  const [asked = 0, lost = 0] = ran.ok ? ran.value.stdout.trim().split(' ').map(Number) : [0, 1];
  return { host: host.name, asked, lost };
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
