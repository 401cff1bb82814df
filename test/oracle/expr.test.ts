import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isList, isMapping, type Value } from '../../src/core/value.ts';
import type { Outcome } from '../../src/expr/api.ts';
import { compileExpression, compileTemplate, type TemplateOptions } from '../../src/expr/compile.ts';
import { evaluateExpression, evaluateTemplate } from '../../src/expr/evaluate.ts';
import { loadJson } from '../../src/expr/python/json-load.ts';
import { repr } from '../../src/expr/runtime/text.ts';
import { environment, placeIn } from '../rig/expr-environment.ts';
import { askPython, type Case, corpus, type Engine, type Verdict } from '../rig/oracle.ts';

const cases = [...corpus(join(import.meta.dirname, 'expressions')), ...corpus(join(import.meta.dirname, 'templates'))];
const differences = readDifferences();

describe('the corpus', () => {
  it('holds at least 300 expressions and 40 templates', () => {
    expect(cases.filter((one) => one.kind === 'expression').length).toBeGreaterThanOrEqual(300);
    expect(cases.filter((one) => one.kind !== 'expression').length).toBeGreaterThanOrEqual(40);
  });

  it('asks each thing once', () => {
    const keys = cases.map((one) => `${one.file} ${one.kind} ${one.text} ${repr(one.variables)} ${repr(one.options)}`);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it('has a case for each difference that is written down', () => {
    const texts = new Set(cases.map(({ text }) => text));
    expect([...differences.keys()].filter((text) => !texts.has(text))).toEqual([]);
  });
});

for (const engine of ['jinja2', 'ansible'] as const) {
  const asked = cases.filter((one) => one.engines.includes(engine));
  const verdicts = await askPython(engine, asked).catch((error: unknown) => String(error));
  if (typeof verdicts === 'string') describe.skip(`agrees with ${engine} (${verdicts})`, () => it('skipped'));
  else
    describe(`agrees with ${engine}`, () => {
      for (const [at, one] of asked.entries()) {
        const theirs = verdicts[at];
        it(`${one.file} ${one.kind} ${JSON.stringify(one.text)}`, () => compare(one, theirs, engine));
      }
    });
}

function compare(one: Case, theirs: Verdict | undefined, engine: Engine): void {
  const ours = evaluate(one, engine);
  const difference = differences.get(one.text);
  if (difference !== undefined) {
    expect(shown(ours)).toBe(difference);
    return;
  }
  expect(shown(ours)).toBe(shown(theirs));
}

/** A failure is one whatever its words. */
function shown(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'nothing';
  return 'repr' in verdict ? verdict.repr : `fails`;
}

function evaluate(one: Case, engine: Engine): Verdict {
  const outcome = outcomeOf(one, engine);
  if (outcome.kind === 'failed') return { error: outcome.error.message };
  if (outcome.kind === 'needs') return { error: `needs ${JSON.stringify(outcome.requests)}` };
  const { value } = outcome;
  const sorted = !one.ordered && isList(value) ? value.map(repr).toSorted() : undefined;
  return { repr: sorted === undefined ? repr(value) : `[${sorted.join(', ')}]` };
}

function outcomeOf(one: Case, engine: Engine): Outcome {
  const place = placeIn(one.text);
  const env = environment(one.variables, { files: one.files, env: { FROM_THE_ORACLE: 'here' }, now: Date.now() });
  if (one.kind === 'expression') {
    const compiled = compileExpression(one.text, place);
    return compiled.ok ? evaluateExpression(compiled.value, env) : refused(compiled.diagnostics[0]?.message);
  }
  const compiled = compileTemplate(one.text, place, {
    ...optionsOf(one),
    escapes: one.kind === 'file' || engine === 'jinja2',
    keepTrailingNewline: engine === 'ansible',
  });
  return compiled.ok
    ? evaluateTemplate(compiled.value, env, { native: one.kind === 'template' && engine === 'ansible' })
    : refused(compiled.diagnostics[0]?.message);
}

function refused(message = 'refused'): Outcome {
  return { kind: 'failed', error: { reason: 'syntax', message, at: placeIn('')(0, 0) } };
}

function optionsOf({ options }: Case): TemplateOptions {
  const flag = (name: string): boolean | undefined => {
    const value = options.get(name);
    return typeof value === 'boolean' ? value : undefined;
  };
  const trimBlocks = flag('trim_blocks');
  const lstripBlocks = flag('lstrip_blocks');
  return { ...(trimBlocks !== undefined && { trimBlocks }), ...(lstripBlocks !== undefined && { lstripBlocks }) };
}

/** Where we differ on purpose: what we give instead, and why. */
function readDifferences(): ReadonlyMap<string, string> {
  const entries = loadJson(readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8'));
  return new Map((isList(entries) ? entries : []).map((entry) => [field(entry, 'text'), field(entry, 'ours')]));
}

function field(entry: Value, name: string): string {
  const value = isMapping(entry) ? entry.get(name) : undefined;
  return typeof value === 'string' ? value : '';
}
