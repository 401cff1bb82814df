import { pythonText } from '../core/python-text.ts';
import type { Json, JsonObject } from '../core/value.ts';

/** Checks values against an argument spec of Ansible's. Gives every problem in Ansible's words and order. */
export function argumentProblems(spec: JsonObject, given: JsonObject): readonly string[] {
  const unsupported: Unsupported = { names: [], supported: '' };
  const problems = levelProblems(spec, given, [], unsupported);
  if (unsupported.names.length === 0) return problems;
  const names = unsupported.names.sort().join(', ');
  return [...problems, `${names}. Supported parameters include: ${unsupported.supported}.`];
}

/** Names that no spec has, of all levels; Ansible tells what the last of these levels has. */
interface Unsupported {
  readonly names: string[];
  supported: string;
}

/** `path`: the options around, outermost first. */
function levelProblems(
  spec: JsonObject,
  written: JsonObject,
  path: readonly string[],
  unsupported: Unsupported,
): readonly string[] {
  const rules = Object.entries(spec).map(([name, rule]) => ({ name, rule: objectOf(rule) ?? {} }));
  const given = new Map(Object.entries(written));
  for (const { name, rule } of rules) {
    for (const alias of aliasesOf(rule)) {
      const value = given.get(alias);
      if (value !== undefined) given.set(name, value);
    }
  }
  const legal = new Set(rules.flatMap(({ name, rule }) => [name, ...aliasesOf(rule)]));
  for (const name of given.keys()) {
    if (legal.has(name)) continue;
    unsupported.names.push([...path, name].join('.'));
    unsupported.supported = supportedText(rules);
  }
  const found = path.length === 0 ? '' : ` found in ${path.join(' -> ')}`;
  const missing = rules.filter(({ name, rule }) => rule['required'] === true && !given.has(name));
  const names = missing.map(({ name }) => name).sort();
  return [
    ...(names.length === 0 ? [] : [`missing required arguments: ${names.join(', ')}${found}`]),
    ...rules.flatMap(({ name, rule }) => typeProblems(name, rule, given.get(name), path)),
    ...rules.flatMap(({ name, rule }) => choiceProblem(name, rule, given.get(name))).map((one) => one + found),
    ...rules.flatMap(({ name, rule }) => innerProblems(name, rule, given.get(name), path, unsupported)),
  ];
}

function supportedText(rules: readonly { readonly name: string; readonly rule: JsonObject }[]): string {
  const names = rules.map(({ name }) => name).sort();
  const aliases = rules.flatMap(({ rule }) => aliasesOf(rule)).sort();
  return names.join(', ') + (aliases.length === 0 ? '' : ` (${aliases.join(', ')})`);
}

function typeProblems(
  name: string,
  rule: JsonObject,
  value: Json | undefined,
  path: readonly string[],
): readonly string[] {
  if (value === undefined || (value === null && rule['required'] !== true)) return [];
  const type = typeOf(rule);
  const place = path.length === 0 ? '' : ` found in '${path.join(' -> ')}'`;
  const why = whyNot(type, value);
  if (why !== undefined) {
    const where = place === '' ? '' : `${place}.`;
    return [`argument '${name}' is of type ${kindOf(value)}${where} and we were unable to convert to ${type}: ${why}`];
  }
  const { elements } = rule;
  if (type !== 'list' || typeof elements !== 'string') return [];
  return asList(value).flatMap((one) => {
    const wrong = whyNot(elements, one);
    return wrong === undefined
      ? []
      : [
          `Elements value for option '${name}'${place} is of type ${kindOf(one)} and we were unable to convert to ${elements}: ${wrong}`,
        ];
  });
}

function choiceProblem(name: string, rule: JsonObject, value: Json | undefined): readonly string[] {
  const choices = listOf(rule['choices']).map(pythonText);
  if (choices.length === 0 || value === undefined) return [];
  const text = choices.join(', ');
  if (typeOf(rule) !== 'list')
    return choices.includes(pythonText(value))
      ? []
      : [`value of ${name} must be one of: ${text}, got: ${pythonText(value)}`];
  const wrong = asList(value)
    .map(pythonText)
    .filter((one) => !choices.includes(one));
  return wrong.length === 0
    ? []
    : [`value of ${name} must be one or more of: ${text}. Got no match for: ${wrong.join(', ')}`];
}

function innerProblems(
  name: string,
  rule: JsonObject,
  value: Json | undefined,
  path: readonly string[],
  unsupported: Unsupported,
): readonly string[] {
  const options = objectOf(rule['options']);
  if (options === undefined || value === undefined || value === null) return [];
  const isList = typeOf(rule) === 'list' && rule['elements'] === 'dict';
  if (!isList && typeOf(rule) !== 'dict') return [];
  const members = Array.isArray(value) ? listOf(value) : [value];
  return members.flatMap((one) => {
    const inner = dictOf(one);
    return inner === undefined
      ? [`value of '${name}' must be of type dict or list of dicts`]
      : levelProblems(options, inner, [...path, name], unsupported);
  });
}

/** Why a value cannot become one of a type; absent where it can. */
function whyNot(type: string, value: Json): string | undefined {
  const isScalar = value !== null && typeof value !== 'object';
  const never = (what: string): string => `<class '${kindOf(value)}'> cannot be converted to a ${what}`;
  switch (type) {
    case 'int':
      return isScalar && /^\s*[+-]?\d+(\.0*)?\s*$|^(true|false)$/.test(String(value))
        ? undefined
        : `"${typeof value === 'string' ? reprOf(value) : pythonText(value)}" cannot be converted to an int`;
    case 'float':
      return isScalar && value !== '' && Number.isFinite(Number(value)) ? undefined : never('float');
    case 'bool':
      if (!isScalar) return never('bool');
      return /^(true|false|yes|no|on|off|y|n|t|f|1|0|1\.0|0\.0)$/i.test(String(value).trim())
        ? undefined
        : `The value '${String(value)}' is not a valid boolean`;
    case 'list':
      return Array.isArray(value) || isScalar ? undefined : never('list');
    case 'dict':
      if (objectOf(value) !== undefined) return undefined;
      if (typeof value !== 'string') return never('dict');
      if (dictOf(value) !== undefined) return undefined;
      return value.startsWith('{')
        ? 'unable to evaluate string as dictionary'
        : 'dictionary requested, could not parse JSON or key=value';
    case 'bytes':
      return isSize(value, 'B') ? undefined : never('Byte value');
    case 'bits':
      return isSize(value, 'b') ? undefined : never('Bit value');
    case 'jsonarg':
    case 'json':
      return typeof value === 'string' || (value !== null && typeof value === 'object')
        ? undefined
        : never('json string');
    default:
      return undefined;
  }
}

/** `10M`, `1.5 GB`: whole or broken numbers with one of the units. */
function isSize(value: Json, unit: 'B' | 'b'): boolean {
  if (typeof value === 'number') return true;
  const [, rest = ''] = /^\s*\d+(?:\.\d*)?\s*([A-Za-z]*)\s*$/.exec(typeof value === 'string' ? value : '-') ?? [];
  return (
    typeof value === 'string' &&
    /^\s*\d/.test(value) &&
    new RegExp(`^([YZEPTGMKBb]|[YZEPTGMK]${unit})?$`, 'i').test(rest)
  );
}

/** A mapping, or a text that stands for one. */
function dictOf(value: Json): JsonObject | undefined {
  const object = objectOf(value);
  if (object !== undefined || typeof value !== 'string') return object;
  if (value.startsWith('{')) {
    try {
      const parsed: Json = JSON.parse(value);
      return objectOf(parsed);
    } catch {
      return undefined;
    }
  }
  const pairs = value.split(/[,\s]+/).filter((part) => part !== '');
  if (pairs.length === 0 || !pairs.every((pair) => pair.includes('='))) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

function typeOf(rule: JsonObject): string {
  return typeof rule['type'] === 'string' ? rule['type'] : 'str';
}

function aliasesOf(rule: JsonObject): readonly string[] {
  return listOf(rule['aliases']).map(pythonText);
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function asList(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
}

/** A text as Python prints it inside of others. */
function reprOf(text: string): string {
  return pythonText([text]).slice(1, -1);
}

/** Python's name of a type. */
function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'list';
  if (value === null) return 'NoneType';
  if (typeof value === 'object') return 'dict';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  return Number.isInteger(value) ? 'int' : 'float';
}
