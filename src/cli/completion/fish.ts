import { allNodes, type CommandNode, type OptionNode } from './model.ts';

/** A completion for fish, with what each command and option is for. */
export function fishCompletion(root: CommandNode): string {
  const lines = allNodes(root).flatMap((node) => [
    ...node.commands.map((one) => line(node, `-f -a ${quoted(one.path.at(-1) ?? '')} -d ${quoted(one.description)}`)),
    ...(node.words.length === 0 ? [] : [line(node, `-f -a ${quoted(node.words.join(' '))}`)]),
    ...node.options.map((one) => line(node, optionWords(one))),
  ]);
  return ['# Completion of hlb for fish: hlb completion fish | source', ...lines, ''].join('\n');
}

function optionWords({ names, description, takesValue, choices }: OptionNode): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = choices.length > 0 ? `-x -a ${quoted(choices.join(' '))} ` : takesValue ? '-r ' : '';
  return `${flags.join(' ')} ${value}-d ${quoted(description)}`;
}

/** Where the words so far lead to this command and no further. */
function line(node: CommandNode, words: string): string {
  const seen = node.path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const below = node.commands.map((one) => one.path.at(-1) ?? '').join(' ');
  const notBelow = below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`];
  const condition = [...seen, ...notBelow].join('; and ');
  return `complete -c hlb -n ${quoted(condition)} ${words}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
