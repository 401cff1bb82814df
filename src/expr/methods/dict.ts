import { asDict, asItems } from '../runtime/coerce.ts';
import { dictGet, dictOf, keyIn } from '../runtime/dict.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { keywords, optional, required } from '../runtime/signature.ts';
import { repr } from '../runtime/text.ts';
import { type Dict, isDict, isList, or, type Runtime, tuple, type Val } from '../runtime/value.ts';
import { type Methods, methods } from './method.ts';

/** Told apart by identity: any value may be a default. */
const noDefault: Val = new Map();

/** What `dict` can do in a template. */
export const dictMethods: Methods<Dict> = methods<Dict>({
  keys: [[], (self) => [...self.keys()]],
  values: [[], (self) => [...self.values()]],
  items: [[], (self) => [...self].map((pair) => tuple(pair))],
  get: [
    [required('key'), optional('default')],
    (self, [key, fallback]) => or(dictGet(self, key ?? null), () => fallback ?? null),
  ],
  copy: [[], (self) => new Map(self)],
  fromkeys: [
    [required('iterable'), optional('value')],
    (_, [keys, value], rt) => dictOf(asItems(keys, rt).map((key) => [key, value ?? null])),
  ],
  clear: [
    [],
    (self, _, rt) => {
      changed(self, rt).clear();
      return null;
    },
  ],
  pop: [
    [required('key'), optional('default', noDefault)],
    (self, [key, fallback], rt) => {
      const found = dictGet(self, key ?? null);
      if (found === undefined) return fallback === noDefault || fallback === undefined ? noKey(key ?? null) : fallback;
      changed(self, rt).delete(keyIn(self, key ?? null));
      return found;
    },
  ],
  popitem: [
    [],
    (self, _, rt) => {
      const last = [...self].at(-1);
      if (last === undefined) return fail('value', 'The dict is empty');
      changed(self, rt).delete(last[0]);
      return tuple(last);
    },
  ],
  setdefault: [
    [required('key'), optional('default')],
    (self, [key, fallback], rt) => {
      const found = dictGet(self, key ?? null);
      if (found !== undefined) return found;
      changed(self, rt).set(keyIn(self, key ?? null), fallback ?? null);
      return fallback ?? null;
    },
  ],
  update: [
    [optional('other', new Map()), keywords('kwargs')],
    (self, [other, named], rt) => {
      const owned = changed(self, rt);
      for (const [key, item] of [...pairs(other ?? null, rt), ...asDict(named, 'The named arguments')])
        owned.set(keyIn(owned, key), item);
      return null;
    },
  ],
});

function noKey(key: Val): never {
  return fail('value', `The dict has no key ${repr(key)}`);
}

/** The entries of a dict, or of a list of pairs. */
export function pairs(given: Val, rt: Runtime): (readonly [Val, Val])[] {
  const value = known(given);
  if (isDict(value)) return [...value];
  return asItems(value, rt).map((one) => {
    const pair = known(one);
    const [key, item] = isList(pair) ? pair : asItems(pair, rt);
    if (key === undefined || item === undefined) return fail('type', 'Expected pairs of a key and a value');
    return [key, item];
  });
}

function changed(dict: Dict, rt: Runtime): Map<Val, Val> {
  rt.change();
  rt.reserve(1);
  return isOwned(dict) ? dict : new Map();
}

/** Since `change` was called, every dict that a template can reach was made by this evaluation. */
function isOwned(dict: Dict): dict is Map<Val, Val> {
  return dict instanceof Map;
}
