import type { Module } from '../../module/define.ts';
import type { Task } from '../tree.ts';
import { boolean, integer, listOf, mappingOf, type Type, text, unknown } from '../../expr/types/type.ts';
import { typeOfSchema } from './type.ts';

/** What every result may have beside the module's own fields. */
const common: Readonly<Record<string, Type>> = {
  changed: boolean,
  failed: boolean,
  skipped: boolean,
  unreachable: boolean,
  msg: unknown,
  skip_reason: text,
  skipped_reason: text,
  false_condition: unknown,
  exception: unknown,
  warnings: listOf(text),
  deprecations: unknown,
  diff: unknown,
  invocation: unknown,
  censored: text,
  ansible_facts: unknown,
  failed_when_result: unknown,
  changed_when_result: unknown,
  failed_when_suppressed_exception: unknown,
  // What a failing module adds, whatever it is.
  rc: integer,
  stdout: text,
  stdout_lines: listOf(text),
  stderr: text,
  stderr_lines: listOf(text),
  module_stdout: text,
  module_stderr: text,
};

const onLoop: Readonly<Record<string, Type>> = {
  item: unknown,
  ansible_loop_var: text,
  ansible_index_var: text,
  ansible_loop: unknown,
  _ansible_item_label: unknown,
};

const inBackground: Readonly<Record<string, Type>> = {
  ansible_job_id: text,
  started: unknown,
  finished: unknown,
  results_file: text,
  // Where the time to wait was over.
  async_result: unknown,
};

const known = new WeakMap<Module, Type>();

function returnedBy(module: Module): Type {
  const type = known.get(module) ?? typeOfSchema(module.returns);
  known.set(module, type);
  return type;
}

/** What `register` holds after a task: success, failure and skipping in one, since each field may be asked for. */
export function resultType(task: Task): Type {
  const returned = returnedBy(task.module);
  const own = returned.kind === 'mapping' ? returned.fields : new Map<string, Type>();
  const isOpen = returned.kind !== 'mapping' || returned.open;
  const fields = new Map<string, Type>([
    ...own,
    ...extraFields(task),
    ...Object.entries(common).filter(([name]) => !own.has(name)),
  ]);
  const one: Type = { kind: 'mapping', fields, open: isOpen };
  if (task.loop === undefined) return one;
  const control = task.loop.control;
  const loopNames: Record<string, Type> = { ...onLoop, [control.loopVar]: unknown };
  if (control.indexVar !== undefined) loopNames[control.indexVar] = integer;
  const item: Type = { kind: 'mapping', fields: new Map([...fields, ...Object.entries(loopNames)]), open: isOpen };
  const { rc: _rc, stdout: _out, stdout_lines: _outs, stderr: _err, stderr_lines: _errs, ...shared } = common;
  return mappingOf({ results: listOf(item), ...shared });
}

function extraFields(task: Task): readonly [string, Type][] {
  const attempts: [string, Type][] = task.until.length > 0 || task.retries !== undefined ? [['attempts', integer]] : [];
  return task.async === undefined ? attempts : [...attempts, ...Object.entries(inBackground)];
}

/** The fields of a result while `until`, `changed_when` and `failed_when` of the very task are asked: each item by itself. */
export function attemptType(task: Task): Type {
  const { loop: _, ...once } = task;
  const type = resultType(once);
  return type.kind === 'mapping' ? { ...type, fields: new Map([...type.fields, ['attempts', integer]]) } : type;
}
