import { spawn } from 'node:child_process';
import type { Diagnostic } from '../core/diagnostic.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { labDown, labExec, labSsh, labStatus, labUp } from '../lab/lab.ts';
import type { LabIo } from '../lab/options.ts';
import { writeDiagnostics } from './diagnostics.ts';
import type { LabUpArguments } from './lab-options.ts';
import type { System } from './system.ts';

export async function up(given: LabUpArguments, system: System): Promise<number> {
  const { name, provider, controlPlanes, workers, balancers, k8sDir } = given;
  const options = {
    name,
    provider,
    project: system.cwd,
    shape: { controlPlanes, workers, balancers },
    ...(k8sDir === undefined ? {} : { k8sDir }),
  };
  const done = await labUp(options, ioOf(system));
  if (!done.ok) return refused(done.error, system);
  const { hosts, started, inventory } = done.value;
  for (const host of hosts) system.out.write(`${host.name.padEnd(6)} ${host.address.padEnd(15)} ${host.group}\n`);
  if (started.length === 0) system.out.write('No change\n');
  system.out.write(`Inventory: ${inventory}\n`);
  return exitCodes.ok;
}

export async function status(name: string | undefined, system: System): Promise<number> {
  const labs = await labStatus(name, ioOf(system));
  if (!labs.ok) return refused(labs.error, system);
  if (labs.value.length === 0) system.out.write('No lab\n');
  for (const lab of labs.value) {
    const kubernetes = lab.doubles ? 'test doubles of Kubernetes' : 'real Kubernetes';
    system.out.write(`${lab.name} (${lab.provider}, ${kubernetes}), inventory ${lab.inventory}\n`);
    for (const host of lab.hosts) {
      const ssh = host.ssh ? 'ssh answers' : 'no ssh';
      system.out.write(
        `  ${host.name.padEnd(6)} ${host.address.padEnd(15)} ${host.group.padEnd(13)} ${host.system}, ${ssh}\n`,
      );
    }
  }
  return exitCodes.ok;
}

/** The terminal is the command's own, and so is the exit code. */
export async function ssh(lab: string, host: string, words: readonly string[], system: System): Promise<number> {
  const { name, argv } = inLab(lab, words);
  const program = await labSsh({ name }, host, argv, ioOf(system));
  if (!program.ok) return refused(program.error, system);
  const [command = 'ssh', ...args] = program.value;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? exitCodes.interrupted));
  });
}

export async function exec(lab: string, host: string, words: readonly string[], system: System): Promise<number> {
  const { name, argv } = inLab(lab, words);
  const ran = await labExec({ name }, host, argv, ioOf(system));
  if (!ran.ok) return refused(ran.error, system);
  system.out.write(ran.value.stdout);
  system.err.write(ran.value.stderr);
  return ran.value.code;
}

export async function down(name: string, system: System): Promise<number> {
  const done = await labDown({ name, project: system.cwd }, ioOf(system));
  if (!done.ok) return refused(done.error, system);
  system.out.write(done.value ? `Removed the lab "${name}"\n` : `No change: there is no lab "${name}"\n`);
  return exitCodes.ok;
}

interface InLab {
  readonly name: string;
  readonly argv: readonly string[];
}

/** `hlb lab exec cp1 -- id` and `hlb lab exec cp1 id` are the same; a `--name` behind the host is hlb's as before it. */
function inLab(name: string, argv: readonly string[]): InLab {
  const [first = '', ...rest] = argv;
  if (first === '--') return { name, argv: rest };
  if (first === '--name' && rest[0] !== undefined) return inLab(rest[0], rest.slice(1));
  return first.startsWith('--name=') ? inLab(first.slice('--name='.length), rest) : { name, argv };
}

function ioOf({ err, env }: System): LabIo {
  return { say: (line) => err.write(`${line}\n`), env };
}

function refused(diagnostic: Diagnostic, { err }: System): number {
  writeDiagnostics([diagnostic], { output: err, format: 'text', color: err.color });
  return exitCodes.badInput;
}
