import { isVariableName } from '../vars/names.ts';
import type { Level, Variables } from '../vars/term.ts';
import { variablesOfNode } from '../vars/variables.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { Loading } from './loading.ts';
import { literalText } from './values.ts';

/** A mapping from names to values; what is no mapping or no name is reported. */
export function readVariables(loading: Loading, node: YamlNode, level: Level, origin: string): Variables {
  const { variables, diagnostics } = variablesOfNode(node, level, origin, { decrypt: loading.options.decrypt });
  loading.report.add(diagnostics);
  return variables;
}

const filesRead = new WeakMap<Loading, Map<string, Variables>>();

/** Variables of a file; an empty file has none. Read once for each level and origin: a role is used by many plays. */
export function readVariablesFile(loading: Loading, path: string, level: Level, origin: string): Variables {
  const known = filesRead.get(loading) ?? new Map<string, Variables>();
  filesRead.set(loading, known);
  const key = [path, level, origin].join('\0');
  const found = known.get(key) ?? readFileOnce(loading, path, level, origin);
  known.set(key, found);
  return found;
}

function readFileOnce(loading: Loading, path: string, level: Level, origin: string): Variables {
  const file = loading.yaml(path);
  return file?.root === undefined ? new Map() : readVariables(loading, file.root, level, origin);
}

/** The name of a variable that a keyword such as `register` sets. */
export function readVariableName(loading: Loading, node: YamlNode, what: string): string | undefined {
  const name = literalText(loading, node, what);
  if (name === undefined || isVariableName(name)) return name;
  loading.report.error(
    'playbook/bad-variable-name',
    node.at,
    `${what} names "${name}", which no expression could read`,
    `Use letters, digits and "_", such as "${safeName(name)}"`,
  );
  loading.excused.add(name);
  return undefined;
}

function safeName(name: string): string {
  const safe = name.replace(/\W/g, '_').replace(/^(?=\d)/, '_');
  return isVariableName(safe) ? safe : `${safe}_`;
}
