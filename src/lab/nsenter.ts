import { problem } from './problem.ts';
import { type Ran, type RunOptions, run } from './run.ts';

const environment: readonly string[] = [
  'HOME=/root',
  'USER=root',
  'LC_ALL=C.UTF-8',
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
];

/** Words that run a command inside a host, seen from the machine: no sshd needed, about 10 ms. */
export function nsenterCommand(leader: number, argv: readonly string[]): readonly string[] {
  return ['nsenter', '--target', String(leader), '--all', 'env', '-i', '--chdir=/root', ...environment, ...argv];
}

export function runInside(leader: number, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [command, ...args] = nsenterCommand(leader, argv);
  if (command === undefined) throw problem('lab/no-command', 'Expected a command to run on the host, found none');
  return run(command, args, options);
}

/** Words that run a program of this machine in the network of a host: hosts have no Node. */
export function inNetworkOf(leader: number, argv: readonly string[]): readonly [string, ...string[]] {
  return ['nsenter', '--target', String(leader), '--net', ...argv];
}
