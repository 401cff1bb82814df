import type { Diagnostic } from '../core/diagnostic.ts';
import { compileTemplate, hasTemplate } from '../expr/compile.ts';
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar, YamlSequence } from '../yaml/node.ts';
import type { Term } from './term.ts';
import type { Decrypt } from './vault.ts';
import { plainValue } from './yaml11.ts';

export interface TermOptions {
  /** Opens `!vault`; without it each one is a diagnostic. */
  readonly decrypt?: Decrypt | undefined;
  /** The text is JSON, which has no YAML 1.1 in it. */
  readonly json?: boolean;
}

export interface CompiledTerm {
  readonly term: Term;
  readonly diagnostics: readonly Diagnostic[];
}

/** By the nodes that they were made of: a file that many plays use is read once, and so are its texts. */
const compiledBefore = new WeakMap<YamlNode, Map<TermOptions['decrypt'], CompiledTerm>>();

/** Compiles every text of a YAML tree once. Where something is wrong, the text as written stands in for it. */
export function termOf(node: YamlNode, options: TermOptions = {}): CompiledTerm {
  if (options.json === true) return compileTree(node, options);
  const known = compiledBefore.get(node) ?? new Map<TermOptions['decrypt'], CompiledTerm>();
  compiledBefore.set(node, known);
  const compiled = known.get(options.decrypt) ?? compileTree(node, options);
  known.set(options.decrypt, compiled);
  return compiled;
}

function compileTree(node: YamlNode, options: TermOptions): CompiledTerm {
  const diagnostics: Diagnostic[] = [];
  const term = compile(node, { options, unsafe: false, report: (diagnostic) => diagnostics.push(diagnostic) });
  return { term, diagnostics };
}

interface Context {
  readonly options: TermOptions;
  /** Below an `!unsafe`: no text is a template. */
  readonly unsafe: boolean;
  readonly report: (diagnostic: Diagnostic) => void;
}

function compile(node: YamlNode, context: Context): Term {
  if (node.kind === 'scalar') return scalar(node, context);
  if (context.options.json === true && node.kind === 'mapping' && node.entries.length === 1) {
    const marked = markedInJson(node.entries[0], context);
    if (marked !== undefined) return marked;
  }
  const inner = within(node, context);
  if (node.kind === 'sequence')
    return { kind: 'list', items: node.items.map((item) => compile(item, inner)), at: node.at };
  const entries = node.entries.map(({ key, value }) => ({ key: keyTerm(key, inner), value: compile(value, inner) }));
  return { kind: 'mapping', entries, at: node.at };
}

/** Ansible evaluates no template in a key. */
function keyTerm(key: YamlScalar, context: Context): Term {
  return constant(key, readAsAnsible(key, context));
}

/** JSON has no tags; Ansible writes them as `{"__ansible_unsafe": "text"}` and `{"__ansible_vault": "text"}`. */
function markedInJson(entry: YamlEntry | undefined, context: Context): Term | undefined {
  if (entry?.value.kind !== 'scalar') return undefined;
  if (entry.key.text === '__ansible_unsafe') return constant(entry.value, entry.value.value);
  return entry.key.text === '__ansible_vault' ? vault(entry.value, context) : undefined;
}

function within(node: YamlSequence | YamlMapping, context: Context): Context {
  return node.tag === '!unsafe' ? { ...context, unsafe: true } : context;
}

function scalar(node: YamlScalar, context: Context): Term {
  switch (node.tag ?? '') {
    case '!unsafe':
      return constant(node, typeof node.value === 'string' ? node.value : node.text);
    case '!vault':
    case '!vault-encrypted':
      return vault(node, context);
    default:
      return plain(node, context);
  }
}

function plain(node: YamlScalar, context: Context): Term {
  const value = readAsAnsible(node, context);
  if (typeof value !== 'string' || context.unsafe || !hasTemplate(value)) return constant(node, value);
  const compiled = compileTemplate(value, node.place);
  for (const diagnostic of compiled.ok ? compiled.warnings : compiled.diagnostics) context.report(diagnostic);
  return compiled.ok ? { kind: 'template', template: compiled.value, at: node.at } : constant(node, value);
}

function readAsAnsible(node: YamlScalar, context: Context): YamlScalar['value'] {
  if (node.style !== 'plain' || node.tag !== undefined || context.options.json === true) return node.value;
  const value = plainValue(node.text);
  if (Object.is(value, node.value)) return value;
  context.report(yaml11Warning(node, value));
  return value;
}

function yaml11Warning(node: YamlScalar, value: YamlScalar['value']): Diagnostic {
  const { text, at } = node;
  if (typeof value === 'boolean') {
    return {
      code: 'vars/yaml11-boolean',
      severity: 'warning',
      message: `"${text}" without quotes is ${value} in Ansible's YAML, and is taken so`,
      at,
      help: `Write ${value}, or "${text}" in quotes where the text is meant`,
    };
  }
  return {
    code: 'vars/yaml11-number',
    severity: 'warning',
    message:
      typeof value === 'string'
        ? `"${text}" without quotes is a text in Ansible's YAML, and is taken so`
        : `"${text}" without quotes is the number ${value} in Ansible's YAML, and is taken so`,
    at,
    help: `Write it in quotes where the text is meant, and in plain decimal where the number is meant`,
  };
}

function vault(node: YamlScalar, context: Context): Term {
  const text = typeof node.value === 'string' ? node.value : node.text;
  const opened = context.options.decrypt?.(text, node.at);
  if (opened?.ok === true) return { kind: 'constant', value: opened.value, at: node.at };
  context.report({
    code: 'vars/vault-locked',
    severity: 'error',
    message: opened === undefined ? 'This value is encrypted, and no vault password was given' : opened.error,
    at: node.at,
    help: 'Give the password with --vault-password-file or --ask-vault-pass',
  });
  return { kind: 'constant', value: '', at: node.at };
}

function constant(node: YamlScalar, value: YamlScalar['value']): Term {
  const kept = node.style === 'plain' && typeof value !== 'string' && node.text !== '';
  return { kind: 'constant', value, at: node.at, ...(kept && { text: node.text }) };
}
