import type { JsonObject } from '../../core/value.ts';
import { type ConnectionVariable, connectionVariables } from '../../engine/connection-variables.ts';
import type { JsonSchema } from '../../module/params-schema.ts';
import { draft } from '../../playbook/schema/playbook.ts';

/** An inventory in YAML. */
export function inventorySchema(): JsonSchema {
  const group: JsonSchema = { $ref: '#/definitions/group' };
  const section = (description: string, member: JsonSchema): JsonSchema => ({
    description,
    type: ['object', 'string', 'null'],
    additionalProperties: member,
  });
  return {
    $schema: draft,
    title: 'An inventory of hlb',
    type: ['object', 'null'],
    // The key would make it one of Ansible's inventory plugins.
    properties: { plugin: { not: {} } },
    additionalProperties: group,
    definitions: {
      group: {
        type: ['object', 'string', 'null'],
        properties: {
          hosts: section('Names of hosts, each with its variables or nothing', { $ref: '#/definitions/variables' }),
          children: section('Groups that belong to this one', group),
          vars: { description: 'Variables of every host of the group', $ref: '#/definitions/variables' },
        },
        additionalProperties: false,
      },
      variables: variables(),
    },
  };
}

/** A file of variables, such as one below group_vars. */
export function variablesSchema(): JsonSchema {
  return { $schema: draft, title: 'Variables of hlb', ...variables() };
}

function variables(): JsonSchema {
  return { type: ['object', 'null'], properties: connectionProperties() };
}

function connectionProperties(): JsonObject {
  const all: readonly ConnectionVariable[] = Object.values(connectionVariables);
  return Object.fromEntries(
    all.flatMap(({ names, summary }) => {
      const [first, ...others] = names;
      return [
        [first, { description: summary }],
        ...others.map((name) => [name, { description: `The same as ${first}` }]),
      ];
    }),
  );
}
