import type { Source } from '../../src/core/source.ts';
import { isList, isMapping, type Mapping, type Value } from '../../src/core/value.ts';
import type { Answer, Deferred, Environment, Place, Request } from '../../src/expr/api.ts';
import { compileTemplate, hasTemplate } from '../../src/expr/compile.ts';
import { evaluateTemplate, valueOf } from '../../src/expr/evaluate.ts';

/** Places in a text that is its own source. */
export function placeIn(text: string, path = 'text'): Place {
  const source: Source = { path, text };
  return (start, end) => ({ source, start, end });
}

/** What the controller would answer in a test. */
export interface World {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly pipes?: Readonly<Record<string, string>>;
  readonly now?: number;
}

/** Variables that may hold templates themselves, evaluated part by part when they are used. */
export function environment(variables: Mapping, world: World = {}): Environment {
  const env: Environment = {
    resolve: (name) => {
      const value = variables.get(name);
      return value === undefined ? undefined : lazy(value, env);
    },
    names: () => [...variables.keys()].filter((name) => typeof name === 'string'),
    answer: (request) => answer(request, world),
    now: () => world.now ?? 0,
    random: () => 0.5,
  };
  return env;
}

function lazy(value: Value, env: Environment): Value | Deferred {
  if (typeof value === 'string') return hasTemplate(value) ? lazyText(value, env) : value;
  if (isMapping(value))
    return {
      kind: 'deferred',
      force: () => new Map([...value].map(([key, item]) => [key, whole(lazy(item, env))])),
      part: (key) => {
        const item = value.get(key);
        return item === undefined ? undefined : lazy(item, env);
      },
      keys: () => [...value.keys()],
    };
  if (isList(value))
    return {
      kind: 'deferred',
      force: () => value.map((item) => whole(lazy(item, env))),
      part: (key) => {
        const item = typeof key === 'bigint' ? value.at(Number(key)) : undefined;
        return item === undefined || (typeof key === 'bigint' && key >= BigInt(value.length))
          ? undefined
          : lazy(item, env);
      },
      keys: () => undefined,
    };
  return value;
}

/** Its parts can only be known by evaluating the whole of it. */
function lazyText(text: string, env: Environment): Deferred {
  const force = (): Value => valueOf(evaluated(text, env));
  return {
    kind: 'deferred',
    force,
    part: (key) => {
      const value = force();
      if (isMapping(value)) return value.get(key);
      return isList(value) && typeof key === 'bigint' ? value.at(Number(key)) : undefined;
    },
    keys: () => {
      const value = force();
      return isMapping(value) ? [...value.keys()] : undefined;
    },
  };
}

function whole(value: Value | Deferred): Value {
  return isDeferred(value) ? value.force() : value;
}

function isDeferred(value: Value | Deferred): value is Deferred {
  return typeof value === 'object' && value !== null && 'force' in value;
}

function evaluated(text: string, env: Environment): ReturnType<typeof evaluateTemplate> {
  const compiled = compileTemplate(text, placeIn(text));
  if (!compiled.ok) throw new Error(compiled.diagnostics[0]?.message ?? 'A variable is no template');
  return evaluateTemplate(compiled.value, env, { native: true });
}

function answer(request: Request, { files = {}, env = {}, pipes = {} }: World): Answer | undefined {
  switch (request.kind) {
    case 'password':
      return { kind: 'text', text: request.initial ?? 'secret' };
    case 'hosts':
      return { kind: 'list', items: [request.pattern] };
    case 'env': {
      const text = env[request.name];
      return text === undefined ? { kind: 'error', message: 'not set' } : { kind: 'text', text };
    }
    case 'file': {
      const text = files[request.path];
      return text === undefined
        ? { kind: 'error', message: `"${request.path}" was not found` }
        : { kind: 'text', text, path: request.path };
    }
    case 'template': {
      const text = files[request.path];
      if (text === undefined) return { kind: 'error', message: `"${request.path}" was not found` };
      const compiled = compileTemplate(text, placeIn(text, request.path), { escapes: true });
      return compiled.ok
        ? { kind: 'template', template: compiled.value }
        : { kind: 'error', message: compiled.diagnostics[0]?.message ?? '' };
    }
    case 'pipe': {
      const text = pipes[request.command];
      return text === undefined ? undefined : { kind: 'text', text };
    }
    case 'path': {
      const target = { type: 'file', identity: request.path, isMount: false } as const;
      const there = request.path in files ? { target } : {};
      return { kind: 'path', path: { real: request.path, isLink: false, ...there } };
    }
    case 'glob':
      return {
        kind: 'list',
        items: Object.keys(files).filter((name) =>
          name.endsWith(request.pattern.slice(request.pattern.lastIndexOf('*') + 1)),
        ),
      };
    default:
      return undefined;
  }
}
