import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ansibleCore } from './ansible-core.ts';

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

/** Runs a command of ansible-core 2.19 in a folder, with nothing of the machine's own settings. */
export async function runCommand(name: string, args: readonly string[], dir: string): Promise<string> {
  const { python, env, bin } = await ansibleCore();
  const { stdout } = await promisify(execFile)(python, [bin(name), ...args], {
    cwd: dir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
      ANSIBLE_LOCALHOST_WARNING: 'false',
      ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
      ANSIBLE_PIPELINING: 'true',
      ...env,
    },
  });
  return stdout;
}

/** Runs a playbook and gives its results by the names of its tasks. */
export async function runAnsible(
  dir: string,
  playbook: string,
  host: string,
): Promise<ReadonlyMap<string, AnsibleResult>> {
  const output = await runCommand('ansible-playbook', ['-i', 'inventory', playbook], dir);
  const report: Report = JSON.parse(output.slice(output.indexOf('{')));
  const tasks = report.plays.flatMap((play) => play.tasks);
  return new Map(
    tasks.flatMap(({ task, hosts }) => (hosts[host] === undefined ? [] : [[task.name, hosts[host]] as const])),
  );
}
