import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { debianPython } from './python.ts';

const run = promisify(execFile);

/** ansible-core 2.19 beside the machine's own Python. */
export interface AnsibleCore {
  readonly version: string;
  readonly python: string;
  /** What a process needs in its environment, over the caller's own. */
  readonly env: Readonly<Record<string, string>>;
  /** The path of a command, such as `ansible-playbook`. */
  readonly bin: (name: string) => string;
}

/** Debian's release that has ansible-core 2.19. */
const SUITE = 'trixie';
const packages = ['ansible-core', 'python3-jinja2', 'python3-resolvelib', 'python3-packaging', 'python3-netaddr'];
/** Of the big package of collections only what tests compare with. */
const collections = ['utils', 'posix'].map(
  (name) => `./usr/lib/python3/dist-packages/ansible_collections/ansible/${name}`,
);

/**
 * Unpacks Debian's packages into a cache, once a machine. The mirror is the one that the machine's apt uses already.
 * Fails with the reason where that cannot be: no Debian, no network.
 */
export async function ansibleCore(): Promise<AnsibleCore> {
  const python = await debianPython(['jinja2', 'yaml', 'cryptography', 'passlib']);
  const cache = join(process.env['HLB_CACHE'] ?? join(homedir(), '.cache', 'hlb'), 'ansible-core-2.19-posix');
  if (!existsSync(join(cache, 'version'))) await unpack(cache);
  const packagesAt = join(cache, 'usr', 'lib', 'python3', 'dist-packages');
  return {
    version: (await readFile(join(cache, 'version'), 'utf8')).trim(),
    python,
    env: { PYTHONPATH: packagesAt, ANSIBLE_COLLECTIONS_PATH: packagesAt, LC_ALL: 'C.UTF-8', ANSIBLE_NOCOLOR: '1' },
    bin: (name) => join(cache, 'usr', 'bin', name),
  };
}

/** Into a folder of its own, renamed when it is whole, so that two runs at once do not meet. */
async function unpack(cache: string): Promise<void> {
  await mkdir(dirname(cache), { recursive: true });
  const work = await mkdtemp(join(dirname(cache), 'unpacking-'));
  try {
    const config = await privateApt(work);
    const apt = (command: readonly string[], cwd = work) =>
      run('apt-get', ['-c', config, ...command], { cwd, timeout: 120_000 });
    await apt(['update', '-q']);
    const downloads = join(work, 'downloads');
    await mkdir(downloads);
    await apt(['download', '-q', ...packages, 'ansible'], downloads);
    const root = join(work, 'root');
    await mkdir(root);
    for (const file of await readdir(downloads))
      await extract(join(downloads, file), root, file.startsWith('ansible_'));
    const [deb = ''] = (await readdir(downloads)).filter((file) => file.startsWith('ansible-core_'));
    await writeFile(join(root, 'version'), /_([\d.]+)/.exec(deb)?.[1] ?? '');
    await chmod(root, 0o755);
    await rename(root, cache).catch((error: unknown) => {
      if (!existsSync(join(cache, 'version'))) throw error;
    });
  } catch (error) {
    throw new Error(`ansible-core 2.19 cannot be had here: ${reason(error)}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function extract(deb: string, root: string, onlyCollections: boolean): Promise<void> {
  if (!onlyCollections) {
    await run('dpkg-deb', ['-x', deb, root]);
    return;
  }
  await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" "$2" "$3"', deb, root, ...collections]);
}

/** An apt that knows the newer suite and touches nothing of the machine's own. */
async function privateApt(work: string): Promise<string> {
  const { uri, key } = await mirror();
  await Promise.all(
    ['lists/partial', 'cache/archives/partial'].map((dir) => mkdir(join(work, dir), { recursive: true })),
  );
  await writeFile(join(work, 'sources.list'), `deb [signed-by=${key}] ${uri} ${SUITE} main\n`);
  const config = join(work, 'apt.conf');
  const settings = [
    `Dir::Etc::sourcelist "${join(work, 'sources.list')}";`,
    'Dir::Etc::sourceparts "/dev/null";',
    `Dir::State::lists "${join(work, 'lists')}";`,
    `Dir::Cache "${join(work, 'cache')}";`,
    'Acquire::Languages "none";',
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User "root";'] : []),
  ];
  await writeFile(config, `${settings.join('\n')}\n`);
  return config;
}

/** The Debian archive that this machine installs from. */
async function mirror(): Promise<{ readonly uri: string; readonly key: string }> {
  const dir = '/etc/apt/sources.list.d';
  const files = [...(await readdir(dir).catch(() => [])).map((name) => join(dir, name)), '/etc/apt/sources.list'];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  for (const text of texts) {
    const uri = /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s*(\S+\/debian\/?)(?=\s|$)/m.exec(text)?.[1];
    if (uri !== undefined)
      return { uri, key: /Signed-By:\s*(\S+)/.exec(text)?.[1] ?? '/usr/share/keyrings/debian-archive-keyring.gpg' };
  }
  throw new Error('apt has no Debian archive among its sources');
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr =
    'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim().split('\n').at(-1) : undefined;
  return stderr === undefined || stderr === '' ? error.message : stderr;
}
