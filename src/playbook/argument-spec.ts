import type { YamlNode } from '../yaml/node.ts';
import { toValue } from '../yaml/value.ts';
import { checkNames, type Fields, fieldsOf } from './fields.ts';
import type { Loading } from './loading.ts';
import { isNothing, readTerm } from './text.ts';
import type { ArgumentOption, ArgumentSpec, VarsSchema } from './tree.ts';
import { literalBoolean, literalWord, scalarText, wrongType } from './values.ts';

const types = [
  'str',
  'int',
  'float',
  'bool',
  'list',
  'dict',
  'path',
  'raw',
  'json',
  'jsonarg',
  'bytes',
  'bits',
] as const;

const optionKeys = [
  'type',
  'required',
  'default',
  'choices',
  'elements',
  'options',
  'description',
  'version_added',
  'no_log',
  'aliases',
  'apply_defaults',
  'removed_in_version',
  'removed_at_date',
  'removed_from_collection',
  'deprecated_aliases',
  'mutually_exclusive',
  'required_together',
  'required_one_of',
  'required_if',
  'required_by',
];

const entryKeys = ['short_description', 'description', 'author', 'options', 'version_added', 'seealso', 'deprecated'];

/** What a role says of the arguments of one of its entry points (`main`, or a file of `tasks_from`). */
export function readArgumentSpec(
  loading: Loading,
  specs: YamlNode | undefined,
  entry: string,
): ArgumentSpec | undefined {
  if (specs === undefined || isNothing(specs)) return undefined;
  if (specs.kind !== 'mapping') return wrongType(loading, specs, 'argument_specs', 'a mapping of entry points');
  const node = fieldsOf(specs).get(entry);
  if (node === undefined || isNothing(node)) return undefined;
  if (node.kind !== 'mapping') return wrongType(loading, node, `argument_specs of ${entry}`, 'a mapping with options');
  const fields = fieldsOf(node);
  checkNames(loading, fields, `argument_specs of ${entry}`, entryKeys);
  const options = fields.get('options');
  const description = fields.get('short_description');
  return {
    at: node.at,
    entry,
    ...(description?.kind === 'scalar' && description.value !== null
      ? { shortDescription: scalarText(description) }
      : {}),
    written: options === undefined || isNothing(options) ? new Map() : toValue(options),
    options: readOptions(loading, options),
  };
}

/** `vars_schema` of a play: the names of variables, and what they are. */
export function readVarsSchema(loading: Loading, node: YamlNode | undefined): VarsSchema | undefined {
  return node === undefined || isNothing(node) ? undefined : { at: node.at, options: readOptions(loading, node) };
}

function readOptions(loading: Loading, node: YamlNode | undefined): ReadonlyMap<string, ArgumentOption> {
  if (node === undefined || isNothing(node)) return new Map();
  if (node.kind !== 'mapping') {
    wrongType(loading, node, 'options', 'a mapping from names to what they take');
    return new Map();
  }
  return new Map(
    node.entries.flatMap(({ key, value }) => {
      const option = readOption(loading, scalarText(key), value);
      return option === undefined ? [] : [[scalarText(key), option] as const];
    }),
  );
}

function readOption(loading: Loading, name: string, node: YamlNode): ArgumentOption | undefined {
  if (node.kind !== 'mapping')
    return wrongType(loading, node, `The option "${name}"`, 'a mapping with type, required and the like');
  const fields = fieldsOf(node);
  checkNames(loading, fields, `the option "${name}"`, optionKeys);
  const read = <T>(key: string, how: (found: YamlNode) => T | undefined): T | undefined => {
    const found = fields.get(key);
    return found === undefined ? undefined : how(found);
  };
  const elements = read('elements', (found) => literalWord(loading, found, 'elements', types));
  return {
    at: node.at,
    type: read('type', (found) => literalWord(loading, found, 'type', types)) ?? 'str',
    required: read('required', (found) => literalBoolean(loading, found, 'required')) ?? false,
    ...(elements === undefined ? {} : { elements }),
    ...choicesOf(loading, fields),
    options: readOptions(loading, fields.get('options')),
  };
}

function choicesOf(loading: Loading, fields: Fields): Pick<ArgumentOption, 'choices'> {
  const node = fields.get('choices');
  if (node === undefined) return {};
  if (node.kind !== 'sequence') {
    wrongType(loading, node, 'choices', 'a list');
    return {};
  }
  return { choices: node.items.map((item) => readTerm(loading, item)) };
}
