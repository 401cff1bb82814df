import type { JsonObject } from '../../core/value.ts';
import type { Module } from '../../module/define.ts';
import { isObject, type JsonSchema } from '../../module/params-schema.ts';
import { findKeyword, type Holder, type Keyword, keywordsOf } from '../keywords.ts';
import { olderLoops } from '../loop.ts';
import { loopControlKeys, promptKeys, rollingKeys } from '../structures.ts';
import { strategies } from '../tree.ts';
import { actionSchemas, keysSchema } from './modules.ts';
import { anyOf, batch, nothing, oneOrList, template, valueSchema } from './values.ts';

export const draft = 'http://json-schema.org/draft-07/schema#';

/** A playbook: a list of plays. */
export function playbookSchema(modules: readonly Module[]): JsonSchema {
  return root('A playbook of hlb', { type: 'array', minItems: 1, items: reference('play_or_import') }, modules);
}

/** A file of tasks. */
export function tasksSchema(modules: readonly Module[]): JsonSchema {
  return root('Tasks of hlb', listOf('entry'), modules);
}

/** A file of handlers. */
export function handlersSchema(modules: readonly Module[]): JsonSchema {
  return root('Handlers of hlb', listOf('handler_entry'), modules);
}

function reference(definition: string): JsonSchema {
  return { $ref: `#/definitions/${definition}` };
}

function listOf(definition: string): JsonSchema {
  return anyOf({ type: 'array', items: reference(definition) }, nothing);
}

function root(title: string, schema: JsonSchema, modules: readonly Module[]): JsonSchema {
  return { $schema: draft, title, ...schema, definitions: definitions(modules) };
}

const importNames = ['import_playbook', 'ansible.builtin.import_playbook', 'ansible.legacy.import_playbook'];
const blockNames = ['block', 'rescue', 'always'];

function definitions(modules: readonly Module[]): JsonObject {
  const actions = actionSchemas(modules);
  const task = (holder: 'task' | 'handler'): JsonSchema => ({
    type: 'object',
    minProperties: 1,
    properties: { ...keywordProperties([holder, 'include', 'import']), ...actions.properties },
    patternProperties: { [olderLoopPattern()]: { description: 'An older form of loop.' } },
    additionalProperties: false,
  });
  const all = (names: readonly string[], schema: JsonSchema): JsonObject =>
    Object.fromEntries(names.map((name) => [name, schema]));
  return {
    play_or_import: either(importNames, 'import_playbook', 'play'),
    import_playbook: holderSchema('import_playbook', [], all(importNames, { type: 'string' })),
    play: holderSchema('play', ['hosts'], { hosts: hosts() }),
    role: anyOf(
      { type: 'string' },
      {
        type: 'object',
        properties: { ...keywordProperties(['role']), name: { type: ['string', 'number'] } },
        anyOf: [{ required: ['role'] }, { required: ['name'] }],
      },
    ),
    entry: either(blockNames, 'block', 'task'),
    handler_entry: either(blockNames, 'handler_block', 'handler'),
    block: holderSchema('block', ['block'], {}),
    handler_block: holderSchema('block', ['block'], all(blockNames, listOf('handler_entry'))),
    task: task('task'),
    handler: task('handler'),
    ...actions.definitions,
  };
}

function olderLoopPattern(): string {
  const names = [...olderLoops.keys()].map((name) => name.replace('with_', ''));
  return `^with_(ansible\\.builtin\\.)?(${names.join('|')})$`;
}

/** The first where one of the names is there, so that an editor speaks of what is meant. */
function either(names: readonly string[], yes: string, no: string): JsonSchema {
  return {
    type: 'object',
    if: { anyOf: names.map((name) => ({ required: [name] })) },
    then: reference(yes),
    else: reference(no),
  };
}

function holderSchema(holder: Holder, required: readonly string[], more: JsonObject): JsonSchema {
  return {
    type: 'object',
    properties: { ...keywordProperties([holder]), ...more },
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function keywordProperties(holders: readonly Holder[]): JsonObject {
  const names = new Set(holders.flatMap((holder) => keywordsOf(holder)));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const keyword = findKeyword(name);
      return keyword === undefined ? [] : [[name, { description: keyword.summary, ...keywordSchema(keyword) }]];
    }),
  );
}

/** Of keywords whose type does not tell what is inside. */
const structures: Readonly<Record<string, JsonSchema>> = {
  handlers: listOf('handler_entry'),
  roles: listOf('role'),
  serial: batch,
  loop: anyOf({ type: 'array' }, template),
  loop_control: anyOf(keysSchema(loopControlKeys), nothing),
  rolling: withBatch(keysSchema(rollingKeys)),
  vars_prompt: anyOf({ type: 'array', items: { ...keysSchema(promptKeys), required: ['name'] } }, nothing),
  module_defaults: anyOf(oneOrList({ type: ['object', 'null'] })),
  strategy: { enum: [...strategies, ...strategies.map((name) => `ansible.builtin.${name}`), null] },
};

function keywordSchema({ name, type, values }: Keyword): JsonSchema {
  return structures[name] ?? valueSchema(type, values);
}

function withBatch(schema: JsonSchema): JsonSchema {
  const { properties } = schema;
  return { ...schema, properties: { ...(isObject(properties) ? properties : {}), batch } };
}

function hosts(): JsonSchema {
  const text: JsonSchema = { type: ['string', 'number'], minLength: 1 };
  const description = findKeyword('hosts')?.summary ?? '';
  return { description, ...anyOf(text, { type: 'array', minItems: 1, items: text }) };
}
