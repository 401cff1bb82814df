import { type Command, Option } from 'commander';
import type { End } from '../end.ts';
import type { LabUpArguments } from '../lab-options.ts';
import { wholeNumber } from '../option-values.ts';
import type { System } from '../system.ts';

const nameOption = ['--name <name>', 'which lab', 'lab'] as const;

export function addLab(program: Command, system: System, end: End): void {
  const lab = program
    .command('lab')
    .enablePositionalOptions()
    .description('real Linux hosts on this machine, with systemd, sshd, containerd and haproxy');
  lab
    .command('up')
    .description('make or start the hosts, write inventory/lab.yml and an ssh key; again it changes nothing')
    .option(...nameOption)
    .addOption(
      new Option('--provider <provider>', 'nspawn: containers, as root on Linux; vagrant: virtual machines')
        .choices(['nspawn', 'vagrant'])
        .default('nspawn'),
    )
    .option('--control-planes <count>', 'how many control planes', wholeNumber, 3)
    .option('--workers <count>', 'how many workers', wholeNumber, 2)
    .option('--balancers <count>', 'how many hosts for an external balancer', wholeNumber, 0)
    .option('--k8s-dir <dir>', 'a folder with the real bin/ and images/ of Kubernetes; else test doubles stand in')
    .action(async (options: LabUpArguments) => end(await (await import('../lab.ts')).up(options, system)));
  lab
    .command('status')
    .description('show all labs of this machine, or one')
    .option('--name <name>', 'which lab')
    .action(async ({ name }: { name?: string }) => end(await (await import('../lab.ts')).status(name, system)));
  lab
    .command('ssh')
    .description('open a shell on a host, or run a command there on this terminal')
    .argument('<host>', 'such as cp1')
    .argument('[command...]', 'what to run instead of a shell')
    .option(...nameOption)
    .passThroughOptions()
    .action(async (host: string, argv: string[], { name }: { name: string }) =>
      end(await (await import('../lab.ts')).ssh(name, host, argv, system)),
    );
  lab
    .command('exec')
    .description('run a command on a host as root, without ssh')
    .argument('<host>', 'such as cp1')
    .argument('<command...>', 'what to run')
    .option(...nameOption)
    .passThroughOptions()
    .action(async (host: string, argv: string[], { name }: { name: string }) =>
      end(await (await import('../lab.ts')).exec(name, host, argv, system)),
    );
  lab
    .command('down')
    .description('stop and remove the hosts')
    .option(...nameOption)
    .action(async ({ name }: { name: string }) => end(await (await import('../lab.ts')).down(name, system)));
}
