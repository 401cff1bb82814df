import { OMIT } from './api.ts';
import { pairs } from './methods/dict.ts';
import { localMoment, utcMoment } from './python/clock.ts';
import { strftime } from './python/strftime.ts';
import { undefinedBecause } from './runtime/access.ts';
import { asCountOrNone, asFlag, asTextOrNone } from './runtime/coerce.ts';
import { dictOf } from './runtime/dict.ts';
import { fail } from './runtime/failure.ts';
import { known } from './runtime/force.ts';
import { bindValues, keywords, optional, required, rest } from './runtime/signature.ts';
import { toText } from './runtime/text.ts';
import { type Callable, isDict, isList, type Named, type Params, type Runtime, type Val } from './runtime/value.ts';

/** A function that every template can call. */
interface GlobalFunction {
  readonly name: string;
  readonly summary: string;
  readonly params: Params;
  readonly takesUndefined: boolean;
  readonly run: (args: readonly Val[], rt: Runtime) => Val;
}

function define(spec: Omit<GlobalFunction, 'takesUndefined'> & { readonly takesUndefined?: boolean }): GlobalFunction {
  return { takesUndefined: false, ...spec };
}

export const functions: readonly GlobalFunction[] = [
  define({
    name: 'range',
    summary: 'Counts from a start, 0 unless given, up to but without the stop',
    params: [required('start'), optional('stop'), optional('step', 1n)],
    run: ([first, second, by]) => {
      const start = integer(first);
      const stop = known(second) === null ? undefined : integer(second);
      return range(stop === undefined ? 0n : start, stop ?? start, integer(by));
    },
  }),
  define({
    name: 'dict',
    summary: 'Makes a dict of named arguments, of a dict, or of a list of pairs',
    params: [optional('mapping', []), keywords()],
    run: ([mapping, named], rt) => dictOf([...pairs(mapping ?? null, rt), ...(isDict(named) ? named : [])]),
  }),
  define({
    name: 'namespace',
    summary: 'Makes an object whose fields {% set %} can change from inside a loop',
    params: [optional('mapping', []), keywords()],
    run: ([mapping, named], rt) => ({
      kind: 'namespace',
      fields: new Map(
        [...pairs(mapping ?? null, rt), ...(isDict(named) ? named : [])].map(([key, value]) => [toText(key), value]),
      ),
    }),
  }),
  define({
    name: 'cycler',
    summary: 'Gives one of its arguments after the other, with next(), reset() and current',
    params: [rest('items')],
    run: ([items]) =>
      isList(items) && items.length > 0
        ? { kind: 'cycler', items, position: 0 }
        : fail('type', 'A cycler needs at least one item'),
  }),
  define({
    name: 'joiner',
    summary: 'Gives nothing when first called, and its separator ever after',
    params: [optional('sep', ', ')],
    run: ([separator]) => {
      let used = false;
      return callable('joiner', () => {
        const text = used ? (separator ?? '') : '';
        used = true;
        return text;
      });
    },
  }),
  define({
    name: 'now',
    summary: 'Gives the time of the controller, or its text in a strftime format',
    params: [optional('utc', false), optional('fmt')],
    run: ([utc, format], rt) => {
      const ms = rt.env.now();
      const moment = asFlag(utc) ? utcMoment(ms) : localMoment(ms);
      const text = asTextOrNone(format, 'The format');
      return text === undefined || text === '' ? moment : strftime(moment, text);
    },
  }),
  define({
    name: 'undef',
    summary: 'Gives an undefined value, to demand that a variable be overridden',
    params: [optional('hint')],
    run: ([hint]) => {
      const text = asTextOrNone(hint, 'The hint') ?? '';
      const message = text === '' ? 'A mandatory variable has not been overridden' : text;
      return undefinedBecause(
        () => message,
        () => undefined,
        undefined,
      );
    },
  }),
  define({
    name: 'lipsum',
    summary: 'Is not offered: its text is random',
    params: [rest(), keywords()],
    run: () => fail('value', 'The function "lipsum" is not offered', 'Write the text yourself'),
  }),
  lookupFunction('lookup', 'Asks a lookup; several texts are joined with commas, one item stands alone'),
  lookupFunction('query', 'Asks a lookup and gives a list'),
  lookupFunction('q', 'Asks a lookup and gives a list; short for query'),
];

function lookupFunction(name: string, summary: string): GlobalFunction {
  return define({
    name,
    summary,
    params: [required('plugin'), rest('terms'), keywords('options')],
    run: ([plugin, terms, options], rt) => {
      const named = new Map([...(isDict(options) ? options : [])].map(([key, value]) => [toText(key), value]));
      if (name !== 'lookup') named.set('wantlist', true);
      return rt.lookup(toText(plugin ?? null), isList(terms) ? terms : [], named);
    },
  });
}

const byName: ReadonlyMap<string, Val> = new Map<string, Val>([
  ...functions.map(({ name, params, takesUndefined, run }): [string, Val] => [
    name,
    {
      kind: 'callable',
      name,
      type: 'function',
      takesUndefined,
      params,
      call: (args, named, rt) => run(bindValues(params, args, named, `function "${name}"`), rt),
    },
  ]),
  ['omit', OMIT],
]);

/** A function or constant that is there without any variable; weaker than a variable of the same name. */
export function globalValue(name: string): Val | undefined {
  return byName.get(name);
}

export const globalNames: readonly string[] = [...byName.keys()];

function callable(name: string, run: (args: readonly Val[], named: Named) => Val): Callable {
  return { kind: 'callable', name, type: 'function', takesUndefined: false, call: run };
}

function integer(value: Val | undefined): bigint {
  return BigInt(
    asCountOrNone(value, 'Each bound of a range') ?? fail('type', 'Each bound of a range must be an integer, not none'),
  );
}

export function range(start: bigint, stop: bigint, step: bigint): Val {
  if (step === 0n) fail('value', 'The step of a range cannot be zero');
  const span = step > 0n ? stop - start : start - stop;
  const by = step > 0n ? step : -step;
  const length = span <= 0n ? 0 : Number((span + by - 1n) / by);
  return { kind: 'range', start, stop, step, length };
}
