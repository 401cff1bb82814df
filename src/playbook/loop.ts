import { didYouMean } from '../core/suggest.ts';
import type { YamlEntry, YamlNode } from '../yaml/node.ts';
import { checkNames, type Fields, fieldsOf } from './fields.ts';
import type { Loading } from './loading.ts';
import { loopControlKeys, namesOf } from './structures.ts';
import { isNothing, isTemplated, readTerm } from './text.ts';
import type { Loop } from './tree.ts';
import { conditions, kindOf, literalBoolean, numberTerm, scalarText, wrongType } from './values.ts';
import { readVariableName } from './variables.ts';

/** What Ansible had before `loop`, by name. */
export const olderLoops: ReadonlyMap<string, Loop['kind']> = new Map([
  ['with_items', 'items'],
  ['with_list', 'list'],
  ['with_dict', 'dict'],
  ['with_fileglob', 'fileglob'],
  ['with_sequence', 'sequence'],
  ['with_subelements', 'subelements'],
  ['with_nested', 'nested'],
  ['with_cartesian', 'nested'],
  ['with_together', 'together'],
  ['with_indexed_items', 'indexed_items'],
  ['with_flattened', 'flattened'],
  ['with_file', 'file'],
  ['with_template', 'template'],
  ['with_pipe', 'pipe'],
  ['with_varnames', 'varnames'],
  ['with_first_found', 'first_found'],
  ['with_random_choice', 'random_choice'],
  ['with_lines', 'lines'],
  ['with_inventory_hostnames', 'inventory_hostnames'],
  ['with_env', 'env'],
  ['with_vars', 'vars'],
]);

/** `loop` or one of the older `with_*`, with its control. */
export function readLoop(loading: Loading, fields: Fields): Loop | undefined {
  const older = [...fields.entries].filter(([name]) => name.startsWith('with_'));
  const loop = fields.entries.get('loop');
  const all = [...(loop === undefined ? [] : [loop]), ...older.map(([, entry]) => entry)];
  const control = readControl(loading, fields.get('loop_control'));
  const [first, second] = all;
  if (first === undefined) {
    const node = fields.entries.get('loop_control');
    if (node !== undefined && !isNothing(node.value))
      loading.report.warning('playbook/unused-control', node.key.at, 'loop_control stands without a loop');
    return undefined;
  }
  if (second !== undefined) {
    loading.report.error(
      'playbook/several-loops',
      second.key.at,
      'A task has one loop, this one has several',
      'Keep one of them',
      [{ message: 'The first one', at: first.key.at }],
    );
  }
  const kind = kindOfLoop(loading, first);
  if (kind === undefined || isNothing(first.value)) {
    if (kind !== undefined) wrongType(loading, first.value, scalarText(first.key), 'a list');
    loading.excused.add(control.loopVar);
    return undefined;
  }
  checkLiteral(loading, kind, first);
  return { kind, term: readTerm(loading, first.value), control, at: first.value.at };
}

function kindOfLoop(loading: Loading, entry: YamlEntry): Loop['kind'] | undefined {
  const name = scalarText(entry.key);
  if (name === 'loop') return 'loop';
  const kind = olderLoops.get(
    name.replace(/^with_(ansible\.builtin\.|ansible\.legacy\.|community\.general\.)?/, 'with_'),
  );
  if (kind !== undefined) return kind;
  loading.report.error(
    'playbook/unknown-loop',
    entry.key.at,
    `Unknown kind of loop "${name}"`,
    didYouMean(name, olderLoops.keys()) ?? 'Use loop with a list',
  );
  return undefined;
}

/** What is no list, and can become none. */
function checkLiteral(loading: Loading, kind: Loop['kind'], entry: YamlEntry): void {
  const { value } = entry;
  const name = scalarText(entry.key);
  if (kind === 'loop' && (value.kind === 'mapping' || (value.kind === 'scalar' && !isTemplated(value)))) {
    loading.report.error(
      'playbook/loop-not-list',
      value.at,
      `loop expects a list, found ${kindOf(value)}`,
      value.kind === 'mapping'
        ? 'Write loop: "{{ mapping | dict2items }}"'
        : `Write a list below loop, or loop: "{{ ${scalarText(value)} }}" where a variable is meant`,
    );
  }
  // A list of mappings is taken too.
  const wrong = value.kind === 'sequence' ? value.items.find(isNoMapping) : isNoMapping(value) ? value : undefined;
  if (kind === 'dict' && wrong !== undefined)
    loading.report.error('playbook/loop-not-list', wrong.at, `${name} expects a mapping, found ${kindOf(wrong)}`);
}

function isNoMapping(node: YamlNode): boolean {
  return node.kind === 'sequence' || (node.kind === 'scalar' && !isTemplated(node));
}

function readControl(loading: Loading, node: YamlNode | undefined): Loop['control'] {
  const none = { loopVar: 'item', extended: false, allItems: true, breakWhen: [] };
  if (node === undefined || isNothing(node)) return none;
  if (node.kind !== 'mapping') {
    wrongType(loading, node, 'loop_control', 'a mapping');
    return none;
  }
  const fields = fieldsOf(node);
  checkNames(loading, fields, 'loop_control', namesOf(loopControlKeys));
  const get = <T>(name: string, read: (found: YamlNode) => T): T | undefined => {
    const found = fields.get(name);
    return found === undefined || isNothing(found) ? undefined : read(found);
  };
  const indexVar = get('index_var', (found) => readVariableName(loading, found, 'index_var'));
  const label = get('label', (found) => readTerm(loading, found));
  const pause = get('pause', (found) => numberTerm(loading, found, 'pause', 'number'));
  return {
    loopVar: get('loop_var', (found) => readVariableName(loading, found, 'loop_var')) ?? 'item',
    ...(indexVar === undefined ? {} : { indexVar }),
    ...(label === undefined ? {} : { label }),
    ...(pause === undefined ? {} : { pause }),
    extended: get('extended', (found) => literalBoolean(loading, found, 'extended')) ?? false,
    allItems: get('extended_allitems', (found) => literalBoolean(loading, found, 'extended_allitems')) ?? true,
    breakWhen: get('break_when', (found) => conditions(loading, found, 'break_when')) ?? [],
  };
}
