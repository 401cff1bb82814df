import type { Command, Option } from 'commander';

/** A command with what may stand behind it, as its definition says. */
export interface CommandNode {
  /** The words that lead to it; none for hlb itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OptionNode[];
  readonly commands: readonly CommandNode[];
  /** What may stand there other than files. */
  readonly words: readonly string[];
}

export interface OptionNode {
  /** `--format` and `-f`, the long one first. */
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The only values it takes, where they are known. */
  readonly choices: readonly string[];
}

/** Names that a command takes and that its definition does not list, by its words. */
export type Names = Readonly<Record<string, readonly string[]>>;

export function commandTree(command: Command, names: Names, path: readonly string[] = []): CommandNode {
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  return {
    path,
    description: command.description(),
    options: [...command.options, ...helpOption].map(optionNode),
    commands: command.commands.map((one) => commandTree(one, names, [...path, one.name()])),
    words: [...choices, ...(names[path.join(' ')] ?? [])],
  };
}

type Described = Pick<Option, 'long' | 'short' | 'description' | 'required' | 'optional' | 'argChoices'>;

const helpOption: readonly Described[] = [
  { long: '--help', short: '-h', description: 'print this help', required: false, optional: false },
];

function optionNode({ long, short, description, required, optional, argChoices }: Described): OptionNode {
  return {
    names: [long, short].filter((name) => name !== undefined && name !== null),
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}

/** A command and all below it. */
export function allNodes(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(allNodes)];
}
