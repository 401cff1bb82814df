import { mkdirSync, readFileSync } from 'node:fs';
import type { HostFiles } from './places.ts';
import { must, run } from './run.ts';

/** Mount points below a directory, innermost first. */
export function mountsBelow(dir: string): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) =>
      (line.split(' ')[4] ?? '').replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    )
    .filter((mount) => mount === dir || mount.startsWith(`${dir}/`))
    .sort((a, b) => b.length - a.length);
}

/** Lays a host's own layer over the shared image. */
export async function mountRoot(image: string, files: HostFiles): Promise<void> {
  if (mountsBelow(files.root).length > 0) return;
  for (const dir of [files.root, files.upper, files.work]) mkdirSync(dir, { recursive: true });
  const options = `lowerdir=${image},upperdir=${files.upper},workdir=${files.work}`;
  await must('mount', ['-t', 'overlay', 'overlay', '-o', options, files.root]);
}

/** Unmounts everything below a directory, lazily where something still holds it. */
export async function unmountBelow(dir: string): Promise<void> {
  for (const mount of mountsBelow(dir)) {
    const done = await run('umount', [mount]);
    if (done.code !== 0) await run('umount', ['--lazy', mount]);
  }
}
