import { quote } from '../../host/quote.ts';
import { allNodes, type CommandNode } from './model.ts';

/** A completion for zsh, with what each command and option is for. */
export function zshCompletion(root: CommandNode): string {
  const nodes = allNodes(root);
  const cases = nodes.map((node) => {
    const commands = node.commands.map((one) => described(one.path.at(-1) ?? '', one.description));
    const options = node.options.flatMap((one) => one.names.map((name) => described(name, one.description)));
    const words = [...commands, ...node.words.map((word) => quote(word.replaceAll(':', '\\:')))];
    return `    ${quote(pathText(node))}) things=(${words.join(' ')}) options=(${options.join(' ')}) ;;`;
  });
  const values = nodes.flatMap((node) =>
    node.options
      .filter((one) => one.takesValue)
      .map((one) => {
        const patterns = one.names.map((name) => quote(`${pathText(node)} ${name}`)).join('|');
        const then = one.choices.length === 0 ? '_files' : `compadd -- ${one.choices.map(quote).join(' ')}`;
        return `    ${patterns}) ${then}; return ;;`;
      }),
  );
  const paths = nodes.slice(1).map((node) => quote(pathText(node)));
  return `#compdef hlb
# Completion of hlb for zsh: eval "$(hlb completion zsh)", or a file _hlb in a folder of fpath
_hlb() {
  local at= word
  local -a things options
  integer index
  for ((index = 2; index < CURRENT; index++)); do
    word=$words[index]
    case "$at $word" in
    ${paths.join('|')}) at="$at $word" ;;
    esac
  done
  case "$at $words[CURRENT-1]" in
${values.join('\n')}
  esac
  case $at in
${cases.join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  else
    (( $#things )) && _describe word things
    _files
  fi
}
compdef _hlb hlb
`;
}

function described(word: string, description: string): string {
  return quote(`${word.replaceAll(':', '\\:')}:${description}`);
}

function pathText(node: CommandNode): string {
  return node.path.map((word) => ` ${word}`).join('');
}
