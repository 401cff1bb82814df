import { chmodSync, copyFileSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { problem } from './problem.ts';
import { run } from './run.ts';

/** The dynamic loader of a root file system, and where programs name it. */
export function loaderOf(root: string): string {
  const names = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'];
  const found = names.find((name) => existsSync(join(root, name)));
  if (found !== undefined) return found;
  throw problem('lab/command-failed', `Expected a dynamic loader in "${root}", found none of ${names.join(', ')}`);
}

/** The shared libraries that a program of a root file system needs, as paths in it, its loader among them. */
export async function librariesOf(root: string, program: string): Promise<readonly string[]> {
  const loader = loaderOf(root);
  const listed =
    root === '/' ? await run(loader, ['--list', program]) : await run('chroot', [root, loader, '--list', program]);
  const paths = [...listed.stdout.matchAll(/=> (\/\S+)/g)].map((match) => match[1] ?? '');
  return [...new Set([...paths, loader])];
}

/** Copies a program with its libraries from one root file system into another, where each finds the other. */
export async function copyProgram(from: string, program: string, to: string, as = program): Promise<void> {
  copyInto(join(from, program), join(to, as), 0o755);
  for (const library of await librariesOf(from, program)) {
    if (!existsSync(join(to, library))) copyInto(join(from, library), join(to, library), 0o755);
  }
}

function copyInto(from: string, to: string, mode: number): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(realpathSync(from), to);
  chmodSync(to, mode);
}
