import type { Command } from 'commander';
import { exitCodes } from '../../core/exit-codes.ts';
import { builtinModules } from '../../modules/registry.ts';
import { allNames } from '../doc.ts';
import { explanations } from '../explanations.ts';
import type { System } from '../system.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { commandTree } from './model.ts';
import { zshCompletion } from './zsh.ts';

const writers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** `hlb completion SHELL`: made of the definitions of the commands, so that it knows what this version knows. */
export function completion(shell: keyof typeof writers, program: Command, { out }: System): number {
  // Operators such as "<" are names of tests too, and no shell would take them for words.
  const names = [...allNames().values()].flat().filter((name) => /^\w+$/.test(name));
  const tree = commandTree(program, { doc: [...new Set(names)].sort(), explain: [...explanations().keys()] });
  const modules = builtinModules.map((module) => module.name);
  out.write(writers[shell](withModules(tree, modules)));
  return exitCodes.ok;
}

type Tree = ReturnType<typeof commandTree>;

/** The module of `hlb run` is an option. */
function withModules(tree: Tree, modules: readonly string[]): Tree {
  const commands = tree.commands.map((one) =>
    one.path.join(' ') === 'run'
      ? {
          ...one,
          options: one.options.map((option) =>
            option.names.includes('--module') ? { ...option, choices: modules } : option,
          ),
        }
      : one,
  );
  return { ...tree, commands };
}
