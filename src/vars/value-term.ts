import type { Diagnostic } from '../core/diagnostic.ts';
import type { Location } from '../core/source.ts';
import { isList, isMapping, type Value } from '../core/value.ts';
import type { Place } from '../expr/api.ts';
import { compileTemplate, hasTemplate } from '../expr/compile.ts';
import type { Term } from './term.ts';
import type { CompiledTerm } from './term-of.ts';

/** Compiles a value that a person wrote elsewhere than in YAML, such as in an INI inventory or after `-e`. `place` is exact for a value that is one text. */
export function termOfValue(value: Value, at: Location, place: Place = () => at): CompiledTerm {
  const diagnostics: Diagnostic[] = [];
  const term = compile(value, at, place, diagnostics);
  return { term, diagnostics };
}

function compile(value: Value, at: Location, place: Place, diagnostics: Diagnostic[]): Term {
  const inner = (part: Value): Term => compile(part, at, () => at, diagnostics);
  if (isList(value)) return { kind: 'list', items: value.map(inner), at };
  if (isMapping(value)) {
    const entries = [...value].map(([key, item]) => ({ key: inner(key), value: inner(item) }));
    return { kind: 'mapping', entries, at };
  }
  if (typeof value !== 'string' || !hasTemplate(value)) return { kind: 'constant', value, at };
  const compiled = compileTemplate(value, place);
  diagnostics.push(...(compiled.ok ? compiled.warnings : compiled.diagnostics));
  return compiled.ok ? { kind: 'template', template: compiled.value, at } : { kind: 'constant', value, at };
}
