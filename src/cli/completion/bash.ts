import { quote } from '../../host/quote.ts';
import { allNodes, type CommandNode } from './model.ts';

/** A completion for bash: words of the command so far, then what its definition has behind them. */
export function bashCompletion(root: CommandNode): string {
  const nodes = allNodes(root);
  const paths = nodes.slice(1).map((node) => quote(pathText(node)));
  const cases = nodes.map((node) => {
    const words = [...node.commands.map((one) => one.path.at(-1) ?? ''), ...node.words].join(' ');
    const options = node.options.flatMap((one) => one.names).join(' ');
    return `    ${quote(pathText(node))}) words=${quote(words)} options=${quote(options)} ;;`;
  });
  const values = nodes.flatMap((node) =>
    node.options
      .filter((one) => one.takesValue)
      .map((one) => {
        const patterns = one.names.map((name) => quote(`${pathText(node)} ${name}`)).join('|');
        return `    ${patterns}) values=${quote(one.choices.join(' '))} ;;`;
      }),
  );
  return `# Completion of hlb for bash: eval "$(hlb completion bash)"
_hlb() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path= word index words options values=-
  for ((index = 1; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    case "$path $word" in
    ${paths.join('|')}) path="$path $word" ;;
    esac
  done
  case "$path $prev" in
${values.join('\n')}
  esac
  if [[ $values != - ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$cur"))
    return
  fi
  case $path in
${cases.join('\n')}
  esac
  if [[ $cur == -* ]]; then words=$options; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _hlb hlb
`;
}

/** ` play`, ` vault encrypt`; empty for hlb itself. */
function pathText(node: CommandNode): string {
  return node.path.map((word) => ` ${word}`).join('');
}
