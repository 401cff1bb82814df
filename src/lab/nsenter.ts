import { problem } from './problem.ts';
import { type Ran, type RunOptions, run } from './run.ts';

const environment: readonly string[] = [
  'HOME=/root',
  'USER=root',
  'LC_ALL=C.UTF-8',
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
];

/**
 * Words that run a command inside a host, seen from the machine: no sshd needed, about 10 ms.
 *
 * A shell waits for the command, not nsenter, which stops itself when its child is stopped: a host that shuts down stops
 * all of its processes before it ends them, and nobody would continue an nsenter outside. The host's process namespace
 * then never ended, and a host that rebooted never came back.
 */
export function nsenterCommand(leader: number, argv: readonly string[]): readonly string[] {
  const enter = ['nsenter', '--target', String(leader), '--all', '--no-fork'];
  return [...enter, 'env', '-i', '--chdir=/root', ...environment, 'sh', '-c', '"$@"; exit "$?"', 'sh', ...argv];
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
