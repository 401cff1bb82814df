import { Argument, type Command } from 'commander';
import type { End } from '../end.ts';
import type { System } from '../system.ts';

type Shell = 'bash' | 'zsh' | 'fish';

export function addCompletion(program: Command, system: System, end: End): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .description('print what completes commands, options and names in a shell, such as eval "$(hlb completion bash)"')
    .action(async (shell: Shell) => {
      const { completion } = await import('../completion/completion.ts');
      end(completion(shell, program, system));
    });
}
