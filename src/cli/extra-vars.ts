import { type Diagnostic, hasErrors } from '../core/diagnostic.ts';
import type { Source } from '../core/source.ts';
import { parseKeyValues } from '../playbook/key-value.ts';
import type { Variable, Variables } from '../vars/term.ts';
import { variablesOf, variablesOfNode } from '../vars/variables.ts';
import type { YamlScalar } from '../yaml/node.ts';
import { parseYaml } from '../yaml/parse.ts';
import { problem } from './problem.ts';

export interface ExtraVars {
  /** What comes later is stronger. */
  readonly variables: Variables;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads what `-e` was given: `name=value` pairs, whose values are texts as in Ansible; YAML or JSON that begins with a
 * brace; `@file`.
 */
export function readExtraVars(given: readonly string[], readFile: (path: string) => string | undefined): ExtraVars {
  const variables = new Map<string, Variable>();
  const diagnostics: Diagnostic[] = [];
  for (const text of given) {
    const read = readOne(text, readFile);
    diagnostics.push(...read.diagnostics);
    for (const [name, variable] of read.variables) variables.set(name, variable);
  }
  return { variables, diagnostics };
}

function readOne(text: string, readFile: (path: string) => string | undefined): ExtraVars {
  if (text.startsWith('@')) {
    const path = text.slice(1);
    const content = readFile(path);
    if (content !== undefined) return fromYaml({ path, text: content }, path);
    return refused(problem('cli/unreadable-file', `-e names the file "${path}", which is not there`));
  }
  const source: Source = { path: '-e', text };
  if (/^\s*[{[]/.test(text)) return fromYaml(source, '-e');
  return fromPairs(source);
}

function refused(diagnostic: Diagnostic): ExtraVars {
  return { variables: new Map(), diagnostics: [diagnostic] };
}

function fromYaml(source: Source, origin: string): ExtraVars {
  const { root, diagnostics } = parseYaml(source);
  if (hasErrors(diagnostics)) return { variables: new Map(), diagnostics };
  const read = variablesOfNode(root, 'extra', origin);
  return { variables: read.variables, diagnostics: [...diagnostics, ...read.diagnostics] };
}

function fromPairs(source: Source): ExtraVars {
  const { text } = source;
  const at = { source, start: 0, end: text.length };
  const whole: YamlScalar = {
    kind: 'scalar',
    value: text,
    text,
    style: 'double',
    at,
    place: (start, end) => ({ source, start, end }),
  };
  const { pairs, rest, unclosed } = parseKeyValues(whole, () => true);
  const { variables, diagnostics } = variablesOf({ kind: 'mapping', entries: pairs, at }, 'extra', '-e');
  if (!unclosed && rest === undefined) return { variables, diagnostics };
  const path = /^[./]/.test(text);
  const wrong: Diagnostic = {
    ...problem(
      'cli/extra-vars',
      unclosed ? 'A quote is opened and never closed' : `Expected "name=value", found "${rest?.text ?? text}"`,
      path ? `Write -e @${text} to read the file` : undefined,
    ),
    at: unclosed ? at : (rest?.at ?? at),
  };
  return { variables, diagnostics: [...diagnostics, wrong] };
}
