import type { KeywordType } from './keywords.ts';

/** A key of a mapping that stands behind a keyword. */
export interface Key {
  readonly name: string;
  readonly type: KeywordType;
  readonly summary: string;
  /** Only these texts. */
  readonly values?: readonly string[];
}

function key(name: string, type: KeywordType, summary: string, values?: readonly string[]): Key {
  return { name, type, summary, ...(values === undefined ? {} : { values }) };
}

export function namesOf(keys: readonly Key[]): readonly string[] {
  return keys.map(({ name }) => name);
}

export const loopControlKeys: readonly Key[] = [
  key('loop_var', 'literal-text', 'The variable that holds the element; item by default.'),
  key('index_var', 'literal-text', 'A variable that counts the elements from 0.'),
  key('label', 'anything', 'What is shown of an element.'),
  key('pause', 'number', 'Seconds between two elements.'),
  key('extended', 'literal-boolean', 'Whether ansible_loop tells first, last, length and neighbors.'),
  key('extended_allitems', 'literal-boolean', 'Whether ansible_loop then holds the whole list; on by default.'),
  key('break_when', 'conditions', 'Ends the loop after the element for which this holds.'),
];

export const rollingKeys: readonly Key[] = [
  key('batch', 'list', 'How many hosts make a batch: a number, a percentage, or a list of them.'),
  key('spread', 'text', 'A variable of which no two hosts of a batch have the same value, such as zone.'),
  key('max_failed', 'percentage', 'How many hosts of the whole roll may fail; 0 by default.'),
  key('guard', 'list', 'Guards that are asked before each batch.'),
  key('pause', 'anything', 'How long to wait between batches: seconds, or a text such as 5s or 2m.'),
  key('on_failure', 'literal-text', 'Whether the batch that failed is left as it is or put back; stop by default.', [
    'stop',
    'rollback',
  ]),
];

export const promptKeys: readonly Key[] = [
  key('name', 'literal-text', 'The variable.'),
  key('prompt', 'text', 'The question.'),
  key('default', 'anything', 'What an empty answer means.'),
  key('private', 'literal-boolean', 'Whether the answer is hidden while it is typed; on by default.'),
  key('confirm', 'literal-boolean', 'Whether it is asked for twice.'),
  key('unsafe', 'literal-boolean', 'Accepted for compatibility: an answer is never a template.'),
];

export const tasksInclusionKeys: readonly Key[] = [
  key('file', 'text', 'The file of tasks.'),
  key('apply', 'mapping', 'Keywords for each of its tasks; include_tasks only.'),
];

export const roleInclusionKeys: readonly Key[] = [
  key('name', 'text', 'The role.'),
  key('role', 'text', 'The same as name.'),
  key('tasks_from', 'text', 'The file of tasks; main by default.'),
  key('vars_from', 'text', 'The file of variables; main by default.'),
  key('defaults_from', 'text', 'The file of defaults; main by default.'),
  key('handlers_from', 'text', 'The file of handlers; main by default.'),
  key('apply', 'mapping', 'Keywords for each of its tasks; include_role only.'),
  key('public', 'literal-boolean', 'Whether the rest of the play sees variables and defaults of the role.'),
  key('allow_duplicates', 'literal-boolean', 'Whether it runs again with the same parameters; on by default.'),
  key('rolespec_validate', 'literal-boolean', 'Whether arguments are held against the role; they always are.'),
];
