import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Why nothing can be compared with Ansible here; undefined where it can. */
export function noAnsibleReason(): string | undefined {
  const found = spawnSync('ansible-playbook', ['--version'], { encoding: 'utf8' });
  if (found.status !== 0) return 'ansible-core is not installed';
  return undefined;
}

/** What a task of Ansible's came to on one host. */
export type AnsibleResult = Readonly<Record<string, unknown>>;

interface Report {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Readonly<Record<string, AnsibleResult>>;
    }[];
  }[];
}

/** Runs a playbook and gives its results by the names of its tasks. */
export async function runAnsible(
  dir: string,
  playbook: string,
  host: string,
): Promise<ReadonlyMap<string, AnsibleResult>> {
  const { stdout: output } = await promisify(execFile)('ansible-playbook', ['-i', 'inventory', playbook], {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LC_ALL: 'C.UTF-8',
      ANSIBLE_STDOUT_CALLBACK: 'json',
      ANSIBLE_LOCALHOST_WARNING: 'false',
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      ANSIBLE_PIPELINING: 'true',
    },
  });
  const report: Report = JSON.parse(output.slice(output.indexOf('{')));
  const tasks = report.plays.flatMap((play) => play.tasks);
  return new Map(
    tasks.flatMap(({ task, hosts }) => (hosts[host] === undefined ? [] : [[task.name, hosts[host]] as const])),
  );
}
