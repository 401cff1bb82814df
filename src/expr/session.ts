import { didYouMean } from '../core/suggest.ts';
import type { Environment, Request } from './api.ts';
import { call } from './build/call.ts';
import { resultOf } from './build/concat.ts';
import type { Engine, Frame } from './build/frame.ts';
import { isProgram } from './compile.ts';
import { filters } from './filters/registry.ts';
import { globalNames, globalValue } from './globals.ts';
import { runLookup } from './lookups/run.ts';
import { attribute, item } from './runtime/access.ts';
import { fail, NeedsAnswer, NeedsCopies } from './runtime/failure.ts';
import { known, recover, recoverPart } from './runtime/force.ts';
import { limits } from './runtime/limits.ts';
import { owned } from './runtime/owned.ts';
import { bindValues } from './runtime/signature.ts';
import { isUndefined, or, PENDING, type Runtime, type Val } from './runtime/value.ts';
import { tests } from './tests/registry.ts';

/** One evaluation in progress. */
export interface Session {
  readonly frame: Frame;
  /** What it would have to know, each request once. */
  readonly requests: () => readonly Request[];
  readonly note: (requests: readonly Request[]) => void;
}

/** `copies`: variables are copied before they are used, so that the template may change them in place. */
export function begin(env: Environment, copies: boolean): Session {
  const requests = new Map<string, Request>();
  const values = new Map<string, Val>();
  let steps: number = limits.steps;
  let size: number = limits.size;
  let depth = 0;

  const note = (wanted: readonly Request[]): void => {
    for (const one of wanted) requests.set(JSON.stringify(one), one);
  };

  const resolve = (name: string): Val | undefined => {
    try {
      const value = recoverPart(() => env.resolve(name));
      if (!copies || value === undefined) return value;
      const copy = or(values.get(name), () => owned(value));
      values.set(name, copy);
      return copy;
    } catch (error) {
      if (!(error instanceof NeedsAnswer)) throw error;
      note(error.requests);
      return PENDING;
    }
  };

  const rt: Runtime = {
    env,
    spend(count) {
      steps -= count;
      if (steps < 0) fail('fuel', `The template takes more than ${limits.steps} steps`, 'Look for a loop that grows');
    },
    reserve(wanted) {
      size -= wanted;
      if (!(size >= 0)) fail('fuel', 'The template makes more text and items than any file needs');
    },
    ask(request) {
      const answer = env.answer(request);
      if (answer !== undefined) return answer;
      note([request]);
      return PENDING;
    },
    attribute,
    item,
    call: (callee, args, named) => call(callee, args, named, rt),
    filter(name, value, args, named) {
      const definition = filters.get(name);
      if (definition === undefined) return fail('value', `Unknown filter "${name}"`, didYouMean(name, filters.names));
      rt.spend(1);
      if (isUndefined(value) && !definition.takesUndefined) return value;
      return recover(() => definition.run(value, bindValues(definition.params, args, named, `filter "${name}"`), rt));
    },
    test(name, value, args, named) {
      const definition = tests.get(name);
      if (definition === undefined) return fail('value', `Unknown test "${name}"`, didYouMean(name, tests.names));
      rt.spend(1);
      if (!definition.takesUndefined) known(value);
      return definition.run(value, bindValues(definition.params, args, named, `test "${name}"`), rt);
    },
    render: (template, further) =>
      engine.nested(() => {
        const out: Val[] = [];
        const program = engine.programOf(template);
        program.run({ ...frame, vars: new Map(), free: (name) => or(further.get(name), () => free(name)) }, out);
        return resultOf(out, program);
      }),
    lookup: (name, terms, named) => runLookup(name, terms, named, rt),
    change() {
      if (!copies) throw new NeedsCopies();
    },
    hasFilter: (name) => filters.get(name) !== undefined,
    hasTest: (name) => tests.get(name) !== undefined,
  };

  const engine: Engine = {
    copies,
    nested(run) {
      if (depth >= limits.depth) fail('fuel', `Macros and includes go more than ${limits.depth} levels deep`);
      depth++;
      try {
        return run();
      } finally {
        depth--;
      }
    },
    globals: globalValue,
    programOf: ({ body }) => (isProgram(body) ? body : fail('value', 'The template was not compiled here')),
    waits: ({ requests: wanted }) => note(wanted),
    names: function* names() {
      yield* env.names();
      yield* globalNames;
    },
  };

  const free = (name: string): Val | undefined => or(resolve(name), () => globalValue(name));
  const frame: Frame = { rt, engine, vars: new Map(), parent: undefined, free };
  return {
    frame,
    requests: () => [...requests.values()],
    note,
  };
}
