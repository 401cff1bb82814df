import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAdHoc } from './commands/ad-hoc.ts';
import { addCheck } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoc } from './commands/doc.ts';
import { addExplain } from './commands/explain.ts';
import { addInventory } from './commands/inventory.ts';
import { addLab } from './commands/lab.ts';
import { addPlan } from './commands/plan.ts';
import { addPlay } from './commands/play.ts';
import { addSchema } from './commands/schema.ts';
import { addStatus } from './commands/status.ts';
import { addVars } from './commands/vars.ts';
import { addVault } from './commands/vault.ts';
import type { End } from './end.ts';
import type { System } from './system.ts';

/** The command line. Commands are described here and imported when they run, so that help and version come at once. */
export function createProgram(system: System, end: End): Command {
  const program = new Command('hlb')
    .description(
      'Agentless orchestration for kubeadm clusters: checked before the first connection, one shell a host, and a rolling change that never leaves a node without a live API backend.',
    )
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    // What stands behind the host of `lab exec` is that command's own.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => system.out.write(text),
      writeErr: (text) => system.err.write(text),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();
  const commands = [
    addPlay,
    addPlan,
    addStatus,
    addCheck,
    addInventory,
    addAdHoc,
    addVars,
    addVault,
    addLab,
    addSchema,
    addDoc,
    addExplain,
    addCompletion,
  ];
  for (const add of commands) add(program, system, end);
  return program.addHelpText(
    'after',
    [
      '',
      'Exit codes:',
      '  0 ok   2 failed hosts   3 refused by a guard   4 unreachable hosts   5 bad input',
      '  10 changes are due (play --check --exit-code)   130 interrupted   1 a bug of hlb',
      '',
      'First steps:',
      '  hlb lab up                                              five Linux hosts on this machine',
      '  hlb play playbooks/bootstrap.yml -i inventory/lab.yml   make them a cluster',
    ].join('\n'),
  );
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}
