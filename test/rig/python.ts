import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const debianPackages: Readonly<Record<string, string>> = {
  jinja2: 'python3-jinja2',
  yaml: 'python3-yaml',
  cryptography: 'python3-cryptography',
  passlib: 'python3-passlib',
};

/**
 * Debian's own Python with modules of Debian's own packages, which root installs where they are missing. Fails with the
 * reason where that cannot be.
 */
export async function debianPython(modules: readonly string[]): Promise<string> {
  const python = '/usr/bin/python3';
  const missing = await missingModules(python, modules);
  if (missing.length === 0) return python;
  const names = missing.map((module) => debianPackages[module] ?? `python3-${module}`);
  if (process.getuid?.() !== 0) throw new Error(`${names.join(' and ')} must be installed, and only root can do that`);
  // Another test file may be at it already.
  const patient = ['-o', 'DPkg::Lock::Timeout=120'];
  await run('apt-get', [...patient, 'install', '-y', '-q', '--no-install-recommends', ...names], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 180_000,
  });
  const still = await missingModules(python, modules);
  if (still.length > 0) throw new Error(`Python still lacks ${still.join(', ')} after apt-get install`);
  return python;
}

async function missingModules(python: string, modules: readonly string[]): Promise<readonly string[]> {
  const script =
    'import importlib.util,sys\nfor name in sys.argv[1:]:\n  print(name if importlib.util.find_spec(name) is None else "")';
  const { stdout } = await run(python, ['-c', script, ...modules]).catch((error: unknown) => {
    throw new Error(`${python} does not run`, { cause: error });
  });
  return stdout.split('\n').filter((name) => name !== '');
}
