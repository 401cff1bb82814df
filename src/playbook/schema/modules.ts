import type { JsonObject } from '../../core/value.ts';
import type { Module } from '../../module/define.ts';
import { type JsonSchema, parametersOf } from '../../module/params-schema.ts';
import { type Key, roleInclusionKeys, tasksInclusionKeys } from '../structures.ts';
import { isOpen } from '../validate.ts';
import { anyOf, valueSchema, withTemplates } from './values.ts';

/** Arguments may also be a text, `name=value` or free, and may all stand in `args`. */
const otherForms: JsonSchema = { type: ['string', 'null'] };

export interface ActionSchemas {
  /** By the name of the module. */
  readonly definitions: JsonObject;
  /** What a task may have as its action, under every name. */
  readonly properties: JsonObject;
}

/**
 * No parameter is required here, though many are: `args` and `module_defaults` may hold them, which a schema of the task
 * cannot see. `hlb check` can.
 */
export function actionSchemas(modules: readonly Module[]): ActionSchemas {
  const definitions = Object.fromEntries(modules.map((module) => [`module_${module.name}`, argumentsSchema(module)]));
  const properties = modules.flatMap((module) =>
    [module.name, ...(module.aliases ?? [])].map((name): [string, JsonSchema] => [
      name,
      { $ref: `#/definitions/module_${module.name}` },
    ]),
  );
  const inclusions = Object.entries(inclusionSchemas).flatMap(([name, schema]) =>
    ['', 'ansible.builtin.', 'ansible.legacy.'].map((prefix): [string, JsonSchema] => [`${prefix}${name}`, schema]),
  );
  return { definitions, properties: Object.fromEntries([...properties, ...inclusions]) };
}

function argumentsSchema(module: Module): JsonSchema {
  const properties = parametersOf(module).flatMap(({ name, aliases, description, schema, default: fallback }) => {
    const whole = withTemplates({ description, ...schema, ...(fallback === undefined ? {} : { default: fallback }) });
    const same = { $ref: `#/definitions/module_${module.name}/anyOf/0/properties/${name}` };
    return [[name, whole] as const, ...aliases.map((alias) => [alias, same] as const)];
  });
  return {
    description: module.summary,
    anyOf: [
      { type: 'object', properties: Object.fromEntries(properties), additionalProperties: isOpen(module) },
      otherForms,
      ...(module.freeForm === undefined ? [] : [{ type: ['number', 'boolean'] }]),
    ],
  };
}

export function keysSchema(keys: readonly Key[]): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      keys.map(({ name, type, summary, values }) => [name, { description: summary, ...valueSchema(type, values) }]),
    ),
    additionalProperties: false,
  };
}

const tasksInclusion = anyOf(keysSchema(tasksInclusionKeys), otherForms);
const roleInclusion = anyOf(keysSchema(roleInclusionKeys), otherForms);
const inclusionSchemas: Readonly<Record<string, JsonSchema>> = {
  include_tasks: { description: 'Runs the tasks of a file, which is read when its turn comes', ...tasksInclusion },
  import_tasks: { description: 'Puts the tasks of a file here before the play runs', ...tasksInclusion },
  include_role: { description: 'Runs a role, which is read when its turn comes', ...roleInclusion },
  import_role: { description: 'Puts the tasks of a role here before the play runs', ...roleInclusion },
};
