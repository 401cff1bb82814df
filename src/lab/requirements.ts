import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LabIo } from './options.ts';
import { type LabProblem, problem } from './problem.ts';
import { must, run } from './run.ts';

/** What the nspawn provider calls on, and the Debian (and Ubuntu) package that has it. */
const needed: readonly { readonly has: string; readonly package: string }[] = [
  { has: 'mmdebstrap', package: 'mmdebstrap' },
  { has: 'systemd-nspawn', package: 'systemd-container' },
  { has: 'ip', package: 'iproute2' },
  { has: 'ssh-keygen', package: 'openssh-client' },
  { has: 'nsenter', package: 'util-linux' },
  { has: '/usr/share/keyrings/debian-archive-keyring.gpg', package: 'debian-archive-keyring' },
];

export interface LabRequirements {
  readonly linux: boolean;
  readonly root: boolean;
  /** Debian packages that are not installed. */
  readonly missing: readonly string[];
}

export function labRequirements(io: Pick<LabIo, 'env'>): LabRequirements {
  const path = (io.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  const isThere = (what: string): boolean =>
    what.startsWith('/') ? existsSync(what) : path.some((dir) => existsSync(join(dir, what)));
  return {
    linux: process.platform === 'linux',
    root: process.getuid?.() === 0,
    missing: needed.filter(({ has }) => !isThere(has)).map((one) => one.package),
  };
}

const vagrantHelp =
  'Use "hlb lab up --provider vagrant" with VirtualBox or libvirt, which needs neither root nor Debian';

/** What cannot be helped. */
export function lackOf({ linux, root, missing }: LabRequirements, canInstall: boolean): LabProblem | undefined {
  const names = missing.join(', ');
  if (!linux)
    return problem(
      'lab/not-linux',
      `The provider "nspawn" needs Linux, but this machine runs "${process.platform}"`,
      vagrantHelp,
    );
  if (!root) {
    const lacking = missing.length === 0 ? '' : `; the packages it needs are missing too: ${names}`;
    return problem(
      'lab/not-root',
      `The provider "nspawn" needs root, but this process runs as user ${process.getuid?.() ?? '?'}${lacking}`,
      `Run it with sudo. ${vagrantHelp}`,
    );
  }
  if (missing.length === 0 || canInstall) return undefined;
  return problem(
    'lab/missing-packages',
    `The provider "nspawn" needs ${names}, and there is no apt-get to install them with`,
    vagrantHelp,
  );
}

/** Sees to it that this machine can run the nspawn provider: installs the packages it lacks, or says what is missing. */
export async function ensureRequirements(io: LabIo): Promise<void> {
  const requirements = labRequirements(io);
  const { missing } = requirements;
  const canInstall = missing.length === 0 || (await run('sh', ['-c', 'command -v apt-get'])).code === 0;
  const lack = lackOf(requirements, canInstall);
  if (lack !== undefined) throw lack;
  if (missing.length === 0) return;
  const names = missing.join(', ');
  io.say(`Installing the Debian packages that the lab needs: ${names}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt may be at it.
  const install = ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '-q', '--no-install-recommends', ...missing];
  if ((await run('apt-get', install, { env })).code === 0) return;
  await must('apt-get', ['update', '-q'], { env });
  await must('apt-get', install, { env });
}
