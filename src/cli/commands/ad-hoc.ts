import type { Command } from 'commander';
import type { AdHocOptions } from '../ad-hoc/ad-hoc.ts';
import type { End } from '../end.ts';
import { addInputOptions, addOutputOptions, collectList } from '../option-values.ts';
import { addRunOptions } from '../play/add-options.ts';
import { addReachOptions } from '../reach-options.ts';
import type { System } from '../system.ts';

/** `hlb run`, `hlb ping` and `hlb facts`: one module on some hosts, without a playbook. */
export function addAdHoc(program: Command, system: System, end: End): void {
  const add = (name: string, description: string): Command => program.command(name).description(description);

  const run = add('run', 'run one module on hosts, without a playbook')
    .argument('<pattern>', 'hosts: names, groups or patterns, such as web:!w3')
    .option('-m, --module <name>', 'which module', 'command')
    .option('-a, --args <args>', 'its arguments: free text, name=value, or YAML or JSON that begins with "{"');
  addRunOptions(addInputOptions(run));
  addRest(run)
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  hlb run all -i inventory -a uptime',
        '  hlb run web -i inventory -b -m service -a "name=nginx state=restarted"',
        "  hlb run 'cp*' -i inventory -m copy -a '{src: motd, dest: /etc/motd}' --check --diff",
      ].join('\n'),
    )
    .action(async (pattern: string, options: AdHocOptions & { module: string; args?: string }) => {
      const { module, args, ...rest } = options;
      const { runTask } = await import('../ad-hoc/ad-hoc.ts');
      end(await runTask({ pattern, module, ...(args === undefined ? {} : { args }) }, rest, system));
    });

  const ping = add('ping', 'connect to hosts and say which of them answer').argument('[pattern]', 'hosts', 'all');
  addRest(addRunOptions(addInputOptions(ping))).action(async (pattern: string, options: AdHocOptions) => {
    const { runTask } = await import('../ad-hoc/ad-hoc.ts');
    end(await runTask({ pattern, module: 'ping' }, options, system));
  });

  const facts = add('facts', 'print the facts of hosts as JSON')
    .argument('[pattern]', 'hosts', 'all')
    .option('--filter <patterns>', 'only facts of these names, such as "ansible_default_*"; repeatable', collectList);
  addRest(addRunOptions(addInputOptions(facts))).action(
    async (pattern: string, options: AdHocOptions & { filter?: readonly string[] }) => {
      const { showFacts } = await import('../ad-hoc/ad-hoc.ts');
      end(await showFacts(pattern, options, system));
    },
  );
}

function addRest(command: Command): Command {
  return addOutputOptions(
    addReachOptions(command).optionsGroup('Output:').option('--json', 'each event as one line of JSON on stdout'),
  );
}
