import type { Change, Content, Run, WriteFile } from '../host/change.ts';

/** Shorthands for changes, with the defaults that most modules want. */

type RunOptions = Partial<Omit<Run, 'kind' | 'command'>>;

/** A program with its arguments, no shell in between. */
export function run(argv: readonly string[], options: RunOptions = {}): Run {
  return { kind: 'run', command: { argv }, env: {}, detach: false, ...options };
}

/** A text for the host's POSIX shell. */
export function runShell(shell: string, options: RunOptions = {}): Run {
  return { kind: 'run', command: { shell }, env: {}, detach: false, ...options };
}

export function writeFile(path: string, content: Content, options: Partial<Omit<WriteFile, 'kind'>> = {}): WriteFile {
  return { kind: 'write-file', path, content, backup: false, follow: false, ...options };
}

/** Whatever is there, a directory with all below it. */
export function removePath(path: string): Change {
  return { kind: 'remove', path, recursive: true };
}
