import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isList, isMapping, type Mapping, type Value } from '../../src/core/value.ts';
import { dumpJson } from '../../src/expr/python/json-dump.ts';
import { loadJson } from '../../src/expr/python/json-load.ts';
import { ansibleCore } from './ansible-core.ts';
import { debianPython } from './python.ts';

export type Engine = 'jinja2' | 'ansible';

/** One text of a corpus, with what it is evaluated in. */
export interface Case {
  readonly file: string;
  readonly kind: 'expression' | 'template' | 'file';
  readonly text: string;
  readonly variables: Mapping;
  readonly files: Readonly<Record<string, string>>;
  /** As jinja2 names them. */
  readonly options: Mapping;
  /** Whether the order of a list that comes out counts. */
  readonly ordered: boolean;
  readonly engines: readonly Engine[];
}

export type Verdict = { readonly repr: string } | { readonly error: string };

/**
 * The cases of a folder of JSON files, each `{engines, kind, variables, files, cases}`; a case is a text, or an object
 * with `text` and what differs for it.
 */
export function corpus(folder: string): readonly Case[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .flatMap((name) => {
      const shared = mapping(loadJson(readFileSync(join(folder, name), 'utf8')));
      const cases = shared.get('cases');
      return isList(cases ?? null) ? list(cases).map((one) => caseOf(name, shared, one)) : [];
    });
}

function caseOf(file: string, shared: Mapping, given: Value): Case {
  const own = typeof given === 'string' ? new Map<Value, Value>([['text', given]]) : mapping(given);
  const pick = (name: string): Value => own.get(name) ?? shared.get(name) ?? null;
  const kind = pick('kind');
  return {
    file,
    kind: kind === 'template' || kind === 'file' ? kind : 'expression',
    text: text(own.get('text') ?? null),
    variables: new Map([...mapping(shared.get('variables') ?? null), ...mapping(own.get('variables') ?? null)]),
    files: Object.fromEntries([...mapping(pick('files'))].map(([name, content]) => [text(name), text(content)])),
    options: mapping(pick('options')),
    ordered: pick('ordered') !== false,
    engines: list(pick('engines')).map((engine) => (engine === 'jinja2' ? 'jinja2' : 'ansible')),
  };
}

/** What Python makes of the cases, in one process, in their order. */
export async function askPython(engine: Engine, cases: readonly Case[]): Promise<readonly Verdict[]> {
  const { python, env } =
    engine === 'ansible' ? await ansibleCore() : { python: await debianPython(['jinja2']), env: {} };
  const child = spawn(python, [join(import.meta.dirname, 'oracle.py'), engine], {
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      TZ: 'UTC',
      ANSIBLE_DEPRECATION_WARNINGS: 'false',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const version: unknown = (await lines.next()).value;
  if (version === undefined)
    throw new Error(`The ${engine} oracle did not start: ${complaints.trim().split('\n').at(-1)}`);
  for (const one of cases) child.stdin.write(`${line(one)}\n`);
  child.stdin.end();
  const verdicts: Verdict[] = [];
  for await (const answer of { [Symbol.asyncIterator]: () => lines }) verdicts.push(verdictOf(JSON.parse(answer)));
  if (child.exitCode === null) await once(child, 'exit');
  if (verdicts.length !== cases.length)
    throw new Error(`The ${engine} oracle answered ${verdicts.length} of ${cases.length} cases: ${complaints}`);
  return verdicts;
}

function verdictOf(answer: unknown): Verdict {
  if (typeof answer === 'object' && answer !== null) {
    if ('repr' in answer && typeof answer.repr === 'string') return { repr: answer.repr };
    if ('error' in answer && typeof answer.error === 'string') return { error: answer.error };
  }
  throw new Error(`The oracle gave an answer that is none: ${JSON.stringify(answer)}`);
}

/** Floats keep their point, so that Python reads them as floats. */
function line({ kind, text, variables, files, options, ordered }: Case): string {
  const fields = new Map<Value, Value>([
    ['kind', kind],
    ['text', text],
    ['variables', variables],
    ['files', new Map(Object.entries(files))],
    ['options', options],
    ['ordered', ordered],
  ]);
  return dumpJson(fields, { indent: undefined, sortKeys: false, ascii: true, itemSeparator: ',', keySeparator: ':' });
}

function mapping(value: Value): Mapping {
  return isMapping(value) ? value : new Map();
}
function list(value: Value | undefined): readonly Value[] {
  return isList(value) ? value : [];
}
function text(value: Value): string {
  return typeof value === 'string' ? value : '';
}
