import { formatDiagnostics } from '../core/diagnostic-text.ts';
import { err, ok, type Result } from '../core/result.ts';
import { fromJson, isJsonObject, isList, isMapping, type JsonObject, toJson, type Value } from '../core/value.ts';
import { compileTemplate, hasTemplate } from '../expr/compile.ts';
import type { Level, Term, Variable, Variables } from '../vars/term.ts';
import { variablesOf } from '../vars/variables.ts';
import { parseYaml } from '../yaml/parse.ts';
import { toValue } from '../yaml/value.ts';
import type { RunOptions } from './options.ts';

/** The variables of a YAML or JSON file, templates and places kept. The error is for a person. */
export function readVariables(
  path: string,
  level: Level,
  origin: string,
  { readFile, decrypt }: Pick<RunOptions, 'readFile' | 'decrypt'>,
): Result<Variables, string> {
  const text = readFile(path);
  if (text === undefined) return err(`Cannot read "${path}"`);
  const parsed = parseYaml({ path, text });
  const complain = (diagnostics: typeof parsed.diagnostics): Result<Variables, string> =>
    err(formatDiagnostics(diagnostics, 'text', { color: false }));
  if (parsed.diagnostics.some((one) => one.severity === 'error')) return complain(parsed.diagnostics);
  if (parsed.root === undefined) return ok(new Map());
  if (parsed.root.kind !== 'mapping') return err(`Expected "${path}" to hold a mapping of variables`);
  const { variables, diagnostics } = variablesOf(parsed.root, level, origin, { decrypt });
  return diagnostics.some((one) => one.severity === 'error') ? complain(diagnostics) : ok(variables);
}

/** The same as plain data, templates as their text. */
export function readVars(path: string, readFile: RunOptions['readFile']): Result<JsonObject, string> {
  const text = readFile(path);
  if (text === undefined) return err(`Cannot read "${path}"`);
  const { root, diagnostics } = parseYaml({ path, text });
  if (diagnostics.some((one) => one.severity === 'error'))
    return err(formatDiagnostics(diagnostics, 'text', { color: false }));
  if (root === undefined) return ok({});
  const value = toJson(toValue(root));
  return isJsonObject(value) ? ok(value) : err(`Expected "${path}" to hold a mapping of variables`);
}

/** Variables from plain data, templates in it alive again. */
export function variablesFromJson(json: JsonObject, level: Level): readonly [string, Variable][] {
  return Object.entries(json).map(([name, value]) => [
    name,
    { term: termOf(fromJson(value), name), level, origin: 'include_vars' },
  ]);
}

function termOf(value: Value, name: string): Term {
  const source = { path: `(variable ${name})`, text: typeof value === 'string' ? value : '' };
  const at = { source, start: 0, end: source.text.length };
  if (typeof value === 'string' && hasTemplate(value)) {
    const compiled = compileTemplate(value, (start, end) => ({ source, start, end }));
    if (compiled.ok) return { kind: 'template', template: compiled.value, at };
  }
  if (isList(value)) return { kind: 'list', items: value.map((item) => termOf(item, name)), at };
  if (isMapping(value)) {
    return {
      kind: 'mapping',
      entries: [...value].map(([key, item]) => ({ key: termOf(key, name), value: termOf(item, name) })),
      at,
    };
  }
  return { kind: 'constant', value, at };
}
