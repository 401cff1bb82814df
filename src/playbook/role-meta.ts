import type { YamlNode } from '../yaml/node.ts';
import { checkNames, fieldsOf } from './fields.ts';
import type { Loading } from './loading.ts';
import { roleFile } from './role-files.ts';
import { isNothing } from './text.ts';
import { literalBoolean, wrongType } from './values.ts';

export interface RoleMeta {
  readonly allowDuplicates: boolean;
  /** As written: entries such as those of `roles:`. */
  readonly dependencies: readonly YamlNode[];
  /** By entry point; `undefined` where the role says nothing of its arguments. */
  readonly argumentSpecs: YamlNode | undefined;
}

const known = [
  'allow_duplicates',
  'argument_specs',
  'cloud_platforms',
  'collections',
  'dependencies',
  'galaxy_info',
  'galaxy_tags',
  'standalone',
];

/** meta/main.yml and meta/argument_specs.yml. */
export function readRoleMeta(loading: Loading, path: string): RoleMeta {
  const file = roleFile(loading, path, 'meta', undefined);
  const root = file === undefined ? undefined : loading.yaml(file)?.root;
  const specs = specsOf(loading, path);
  if (root === undefined || isNothing(root)) {
    return { allowDuplicates: false, dependencies: [], argumentSpecs: specs };
  }
  if (root.kind !== 'mapping') {
    wrongType(loading, root, 'meta/main.yml', 'a mapping');
    return { allowDuplicates: false, dependencies: [], argumentSpecs: specs };
  }
  const fields = fieldsOf(root);
  checkNames(loading, fields, 'meta/main.yml', known);
  const duplicates = fields.get('allow_duplicates');
  return {
    allowDuplicates:
      duplicates === undefined ? false : (literalBoolean(loading, duplicates, 'allow_duplicates') ?? false),
    dependencies: dependenciesOf(loading, fields.get('dependencies')),
    argumentSpecs: specs ?? fields.get('argument_specs'),
  };
}

function dependenciesOf(loading: Loading, node: YamlNode | undefined): readonly YamlNode[] {
  if (node === undefined || isNothing(node)) return [];
  if (node.kind === 'sequence') return node.items;
  wrongType(loading, node, 'dependencies', 'a list of roles');
  return [];
}

function specsOf(loading: Loading, path: string): YamlNode | undefined {
  const file = ['yml', 'yaml', 'json']
    .map((extension) => `${path}/meta/argument_specs.${extension}`)
    .find((candidate) => loading.options.readFile(candidate) !== undefined);
  const root = file === undefined ? undefined : loading.yaml(file)?.root;
  return root?.kind === 'mapping' ? fieldsOf(root).get('argument_specs') : undefined;
}
