import { followPath } from './path.ts';
import { elementOf, float, integer, listOf, mappingOf, type Type, text, typeName, unionOf, unknown } from './type.ts';

/** A filter as it is called: the types of what it is given. */
export interface FilterUse {
  readonly name: string;
  readonly input: Type;
  readonly args: readonly Type[];
  /** The attribute that it names by text, such as that of selectattr. */
  readonly attribute: string | undefined;
  readonly hasNamed: boolean;
}

const keeping = new Set([
  'list',
  'sort',
  'unique',
  'reverse',
  'shuffle',
  'select',
  'reject',
  'selectattr',
  'rejectattr',
]);
const choosing = new Set(['first', 'last', 'random', 'min', 'max']);
const counting = new Set(['length', 'count', 'wordcount', 'int']);
const writing = new Set(
  (
    'b64decode b64encode basename capitalize center checksum comment dirname format hash indent join lower md5 ' +
    'password_hash quote regex_escape regex_replace replace sha1 strftime string title to_json to_nice_json ' +
    'to_nice_yaml to_uuid to_yaml tojson trim truncate type_debug upper urlencode wordwrap'
  ).split(' '),
);
/** What gives lists of unknown things. */
const listing = new Set(['map', 'regex_findall', 'splitlines', 'flatten', 'zip', 'dictsort', 'subelements']);

/** What a filter gives. */
export function typeOfFilter({ name, input, args, attribute, hasNamed }: FilterUse): Type {
  if (keeping.has(name)) return listed(input, name);
  if (choosing.has(name)) return input.kind === 'list' ? elementOf(input) : unknown;
  if (name === 'default' || name === 'd') return withDefault(input, args[0]);
  if (name === 'dict2items' && args.length === 0 && !hasNamed) return itemsOf(input);
  if (name === 'map' && attribute !== undefined) {
    const found = followPath(elementOf(input), attribute.split('.'));
    return listOf(found.ok ? found.type : unknown);
  }
  if (counting.has(name)) return integer;
  if (name === 'float') return float;
  if (name === 'split') return listOf(text);
  if (name === 'items2dict') return mappingOf({}, true);
  if (name === 'combine') return args.length === 0 ? unknown : combined([input, ...args]);
  if (writing.has(name)) return text;
  return listing.has(name) ? listOf(unknown) : unknown;
}

/** An empty list or mapping stands for none of what is usually there. */
function withDefault(input: Type, fallback: Type | undefined): Type {
  if (fallback === undefined) return unknown;
  const isEmpty =
    (fallback.kind === 'list' && fallback.items?.length === 0) ||
    (fallback.kind === 'mapping' && fallback.fields.size === 0 && !fallback.open);
  return isEmpty ? input : unionOf([input, fallback]);
}

function listed(input: Type, name: string): Type {
  if (input.kind === 'list') return listOf(input.item);
  return input.kind === 'text' && name === 'list' ? listOf(text) : unknown;
}

/** What several mappings have together. How those inside of them are merged is for the run. */
function combined(types: readonly Type[]): Type {
  const fields = new Map<string, Type>();
  let open = false;
  for (const type of types) {
    if (type.kind !== 'mapping') {
      open = true;
      continue;
    }
    open ||= type.open;
    for (const [name, field] of type.fields) {
      const before = fields.get(name);
      fields.set(name, before === undefined ? field : mixed(before, field));
    }
  }
  return { kind: 'mapping', fields, open };
}

function mixed(one: Type, other: Type): Type {
  return one.kind === 'mapping' || one.kind === 'list' || other.kind === 'mapping' || other.kind === 'list'
    ? unknown
    : unionOf([one, other]);
}

function itemsOf(type: Type): Type {
  const value = type.kind === 'mapping' && !type.open ? unionOf([...type.fields.values()]) : unknown;
  const key = type.kind === 'mapping' && !type.open ? text : unknown;
  return listOf(mappingOf({ key, value }));
}

type Kind = Type['kind'];
const noItems: readonly Kind[] = ['none', 'boolean', 'integer', 'float'];
const noMapping: readonly Kind[] = [...noItems, 'text', 'list'];

/** Kinds of input of which a filter takes no value at all. */
export const refusedInputs: ReadonlyMap<string, readonly Kind[]> = new Map([
  ...['length', 'count', 'sort', 'unique', 'join', 'first', 'last', 'min', 'max', 'list', 'sum'].map(
    (name): [string, readonly Kind[]] => [name, noItems],
  ),
  ...['dict2items', 'dictsort'].map((name): [string, readonly Kind[]] => [name, noMapping]),
  ['items2dict', noItems],
  ['combine', ['boolean', 'integer', 'float', 'text']],
  ['flatten', noItems],
  ['abs', ['none', 'text', 'list', 'mapping']],
  ['round', ['none', 'text', 'list', 'mapping']],
]);

/** Why a filter can take nothing of what it is given. */
export function refusesUse({ name, input, args, hasNamed }: FilterUse): string | undefined {
  const kinds = refusedInputs.get(name);
  if (kinds === undefined) return undefined;
  if (refuses(kinds, input) && (name !== 'combine' || args.length > 0))
    return `The filter "${name}" cannot take ${typeName(input)}`;
  if (name !== 'combine' || hasNamed) return undefined;
  const wrong = args.flatMap((type) => (type.kind === 'list' ? (type.items ?? []) : [type])).find(isNoMapping);
  return wrong === undefined ? undefined : `The filter "combine" merges mappings, not ${typeName(wrong)}`;
}

function refuses(kinds: readonly Kind[], type: Type): boolean {
  return type.kind === 'union' ? type.of.every((one) => refuses(kinds, one)) : kinds.includes(type.kind);
}

function isNoMapping(type: Type): boolean {
  if (type.kind === 'union') return type.of.every(isNoMapping);
  return ['boolean', 'integer', 'float', 'text'].includes(type.kind);
}
