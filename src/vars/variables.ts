import type { Diagnostic } from '../core/diagnostic.ts';
import type { Location } from '../core/source.ts';
import type { Value } from '../core/value.ts';
import type { YamlMapping, YamlNode } from '../yaml/node.ts';
import { isMagicName, isReservedName, isVariableName } from './names.ts';
import type { Level, Variable, Variables } from './term.ts';
import { type TermOptions, termOf } from './term-of.ts';

export interface CompiledVariables {
  readonly variables: Variables;
  readonly diagnostics: readonly Diagnostic[];
}

/** The variables that a mapping declares. A value with an error in it is kept as written, so that no use of its name is a second error. */
export function variablesOf(
  mapping: YamlMapping,
  level: Level,
  origin: string,
  options: TermOptions = {},
): CompiledVariables {
  const variables = new Map<string, Variable>();
  const diagnostics: Diagnostic[] = [];
  for (const { key, value } of mapping.entries) {
    const name = typeof key.value === 'string' ? key.value : key.text;
    const compiled = termOf(value, options);
    diagnostics.push(...nameDiagnostics(name, level, key.at), ...compiled.diagnostics);
    variables.set(name, { term: compiled.term, level, origin });
  }
  return { variables, diagnostics };
}

/** The same for a node that should be a mapping; nothing at all (an empty file) is no variables. */
export function variablesOfNode(
  node: YamlNode | undefined,
  level: Level,
  origin: string,
  options: TermOptions = {},
): CompiledVariables {
  if (node?.kind === 'mapping') return variablesOf(node, level, origin, options);
  if (node === undefined || (node.kind === 'scalar' && node.value === null))
    return { variables: new Map(), diagnostics: [] };
  const found = node.kind === 'sequence' ? 'a list' : 'a single value';
  const diagnostic: Diagnostic = {
    code: 'vars/not-a-mapping',
    severity: 'error',
    message: `Expected variables as "name: value", found ${found}`,
    at: node.at,
  };
  return { variables: new Map(), diagnostics: [diagnostic] };
}

/** Values that a run found out, such as facts and registered results. They are never read as templates. */
export function knownVariables(
  values: Iterable<readonly [string, Value]>,
  level: Level,
  origin: string,
  at: Location,
): Variables {
  return new Map([...values].map(([name, value]) => [name, { term: { kind: 'constant', value, at }, level, origin }]));
}

/** What is to be said about the name of a variable. */
export function nameDiagnostics(name: string, level: Level, at: Location): readonly Diagnostic[] {
  if (!isVariableName(name)) {
    return [
      {
        code: 'vars/invalid-name',
        severity: lenient.has(level) ? 'warning' : 'error',
        message: `"${name}" is not a name that an expression can use`,
        at,
        help: `Use letters, digits and "_", such as "${safeName(name)}"`,
      },
    ];
  }
  if (isMagicName(name)) {
    return [
      {
        code: 'vars/magic-name',
        severity: 'warning',
        message: `"${name}" is set by hlb, so that this value is never read`,
        at,
      },
    ];
  }
  if (isReservedName(name)) {
    return [
      {
        code: 'vars/reserved-name',
        severity: 'warning',
        message: `"${name}" is also a keyword of playbooks, which is easily confused`,
        at,
      },
    ];
  }
  return [];
}

/** Where Ansible takes any name: files of variables, whose values can be had through `hostvars` and `vars`. */
const lenient: ReadonlySet<Level> = new Set<Level>([
  'role-default',
  'inventory-group-all',
  'inventory-group-vars-all',
  'playbook-group-vars-all',
  'inventory-group',
  'inventory-group-vars',
  'playbook-group-vars',
  'inventory-host',
  'inventory-host-vars',
  'playbook-host-vars',
  'fact',
  'vars-file',
  'role',
  'include-vars',
]);

function safeName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_') || 'name';
  return isVariableName(safe) ? safe : `${safe}_`;
}
