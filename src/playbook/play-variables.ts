import type { Variables } from '../vars/term.ts';
import type { YamlNode } from '../yaml/node.ts';
import { checkNames, fieldsOf } from './fields.ts';
import type { Loading } from './loading.ts';
import { findFile, meant, type SearchFrom, similarFile } from './search.ts';
import { namesOf, promptKeys } from './structures.ts';
import { isNothing, literalOfTerm, readTerm } from './text.ts';
import type { VarsFile, VarsPrompt } from './tree.ts';
import { literalBoolean, textTerm, wrongType } from './values.ts';
import { readVariableName, readVariablesFile } from './variables.ts';

/** `vars_files`: each a file, or a list of which the first that is there counts. */
export function readVarsFiles(loading: Loading, node: YamlNode | undefined, from: SearchFrom): readonly VarsFile[] {
  if (node === undefined || isNothing(node)) return [];
  const nodes = node.kind === 'sequence' ? node.items : [node];
  return nodes.flatMap((item) => {
    const alternatives = item.kind === 'sequence' ? item.items : [item];
    const candidates = alternatives.flatMap((one) => textTerm(loading, one, 'vars_files') ?? []);
    if (candidates.length === 0) return [];
    const names = candidates.flatMap((term) => literalOfTerm(term) ?? []);
    const allLiteral = names.length === candidates.length;
    if (allLiteral && names.every((name) => findFile(loading.options, from, 'vars', name) === undefined)) {
      const [first = ''] = names;
      loading.report.error(
        'playbook/file-not-found',
        item.at,
        names.length === 1 ? `There is no variables file "${first}"` : 'None of these variables files is there',
        meant(similarFile(loading.options, from, 'vars', first)),
      );
    }
    return [{ candidates, at: item.at }];
  });
}

/** Of those files whose names are literal, what they define. */
export function variablesOfFiles(loading: Loading, files: readonly VarsFile[], from: SearchFrom): readonly Variables[] {
  return files.flatMap(({ candidates }) => {
    const names = candidates.flatMap((term) => literalOfTerm(term) ?? []);
    if (names.length < candidates.length) return [];
    const paths = names.flatMap((name) => findFile(loading.options, from, 'vars', name) ?? []);
    return paths.slice(0, 1).map((path) => readVariablesFile(loading, path, 'vars-file', path));
  });
}

const refused = ['encrypt', 'salt', 'salt_size'];

/** `vars_prompt`: what the operator is asked before the play. */
export function readVarsPrompt(loading: Loading, node: YamlNode | undefined): readonly VarsPrompt[] {
  if (node === undefined || isNothing(node)) return [];
  // A single one needs no list, as Ansible has it.
  const prompts = node.kind === 'sequence' ? node.items : [node];
  return prompts.flatMap((item) => readPrompt(loading, item) ?? []);
}

function readPrompt(loading: Loading, node: YamlNode): VarsPrompt | undefined {
  if (node.kind !== 'mapping') return wrongType(loading, node, 'vars_prompt', 'a mapping with name and prompt');
  const fields = fieldsOf(node);
  for (const name of refused) {
    const entry = fields.entries.get(name);
    if (entry === undefined) continue;
    loading.report.error(
      'playbook/refused-keyword',
      entry.key.at,
      `"${name}" cannot be used: hlb does not hash what was answered`,
      'Hash it where it is used, with the filter password_hash',
    );
  }
  checkNames(loading, fields, 'vars_prompt', [...namesOf(promptKeys), ...refused]);
  const nameNode = fields.get('name');
  if (nameNode === undefined) {
    loading.report.error(
      'args/missing-parameter',
      node.at,
      'A prompt needs "name", the variable that it sets',
      'Add "name: ..."',
    );
    return undefined;
  }
  const name = readVariableName(loading, nameNode, 'vars_prompt');
  const prompt = fields.get('prompt');
  const fallback = fields.get('default');
  const flag = (key: string, otherwise: boolean): boolean => {
    const found = fields.get(key);
    return found === undefined ? otherwise : (literalBoolean(loading, found, key) ?? otherwise);
  };
  if (name === undefined) return undefined;
  return {
    name,
    prompt: prompt === undefined ? undefined : textTerm(loading, prompt, 'prompt'),
    ...(fallback === undefined ? {} : { default: readTerm(loading, fallback) }),
    private: flag('private', true),
    confirm: flag('confirm', false),
  };
}
