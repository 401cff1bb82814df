import type { Json, JsonObject } from '../core/value.ts';

/** Checks values against an argument spec of Ansible's. Gives every problem, with its place. */
export function argumentProblems(spec: JsonObject, given: JsonObject, place = ''): readonly string[] {
  const problems: string[] = [];
  const known = new Set<string>();
  for (const [name, rules] of Object.entries(spec)) {
    const rule = objectOf(rules) ?? {};
    const names = [name, ...listOf(rule['aliases']).map(textOf)];
    for (const one of names) known.add(one);
    const written = names.find((one) => given[one] !== undefined && given[one] !== null);
    const where = place === '' ? name : `${place}.${name}`;
    const value = written === undefined ? undefined : given[written];
    if (value !== undefined) problems.push(...valueProblems(rule, value, where));
    else if (rule['required'] === true) problems.push(`missing required arguments: ${where}`);
  }
  const unknown = place === '' ? [] : Object.keys(given).filter((name) => !known.has(name));
  return [...problems, ...unknown.map((name) => `Unsupported parameter: ${place}.${name}`)];
}

function valueProblems(rule: JsonObject, value: Json, where: string): readonly string[] {
  const type = typeof rule['type'] === 'string' ? rule['type'] : 'str';
  if (!isOfType(type, value))
    return [`argument '${where}' is of type ${kindOf(value)} and we were unable to convert to ${type}`];
  const choices = listOf(rule['choices']);
  const members = type === 'list' ? asList(value) : [value];
  const wrong =
    choices.length === 0 ? [] : members.filter((one) => !choices.some((choice) => textOf(choice) === textOf(one)));
  const options = objectOf(rule['options']);
  const elements = typeof rule['elements'] === 'string' ? rule['elements'] : undefined;
  return [
    ...wrong.map((one) => `value of ${where} must be one of: ${choices.map(textOf).join(', ')}, got: ${textOf(one)}`),
    ...(type === 'list' && elements !== undefined
      ? members.flatMap((one, index) =>
          isOfType(elements, one)
            ? []
            : [
                `Elements value for option '${where}' is of type ${kindOf(one)} and we were unable to convert to ${elements} (item ${index + 1})`,
              ],
        )
      : []),
    ...(options === undefined ? [] : members.flatMap((one) => argumentProblems(options, objectOf(one) ?? {}, where))),
  ];
}

function isOfType(type: string, value: Json): boolean {
  switch (type) {
    case 'str':
    case 'path':
      return typeof value !== 'object' || value === null;
    case 'int':
      return /^[+-]?\d+$/.test(textOf(value));
    case 'float':
      return value !== '' && Number.isFinite(Number(textOf(value)));
    case 'bool':
      return /^(true|false|yes|no|on|off|y|n|t|f|1|0|1\.0|0\.0)$/i.test(textOf(value));
    case 'list':
      return Array.isArray(value) || typeof value !== 'object';
    case 'dict':
      return objectOf(value) !== undefined || (typeof value === 'string' && /^\s*\{|=/.test(value));
    default:
      return true;
  }
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

function textOf(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'list';
  if (value === null) return 'null';
  return typeof value === 'object'
    ? 'dict'
    : typeof value === 'string'
      ? 'str'
      : typeof value === 'boolean'
        ? 'bool'
        : 'number';
}
