import { isObject, type JsonSchema } from '../../module/params-schema.ts';
import { builtinModules } from '../../modules/registry.ts';
import { handlersSchema, playbookSchema, tasksSchema } from '../../playbook/schema/playbook.ts';
import type { schemaNames } from '../schema-names.ts';
import { inventorySchema, variablesSchema } from './inventory.ts';

/** Every JSON Schema that hlb has, by the kind of file that it is for. */
export const schemas = {
  playbook: () => playbookSchema(builtinModules),
  tasks: () => tasksSchema(builtinModules),
  handlers: () => handlersSchema(builtinModules),
  inventory: inventorySchema,
  vars: variablesSchema,
} as const satisfies Readonly<Record<SchemaName, () => JsonSchema>>;

export type SchemaName = (typeof schemaNames)[number];

/** One line a definition, so that a change of one module is a change of one line. */
export function schemaText(name: SchemaName): string {
  return `${objectText(schemas[name]())}\n`;
}

function objectText(schema: JsonSchema): string {
  const lines = Object.entries(schema).map(([key, value]) => {
    const text = key === 'definitions' && isObject(value) ? objectText(value) : JSON.stringify(value);
    return `${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${lines.join(',\n')}\n}`;
}
