import type { Context } from '../../module/define.ts';
import type { Need } from '../../module/need.ts';
import { unknownText } from '../cases.ts';
import { findFile, meant, similarFile } from '../search.ts';
import type { Task } from '../tree.ts';
import { possibleParams } from './literal-arguments.ts';
import type { World } from './world.ts';

/** A file of the controller that a task will certainly read. */
export interface NeededFile {
  readonly need: Need;
  readonly path: string;
}

const context: Context = { host: 'localhost', check: false, diff: false, verbosity: 0, now: 0 };

/** The files that a task needs in every way it may turn out; those that are not there are reported. */
export function checkFiles({ loading, writesHere }: World, task: Task, baseDir: string): readonly NeededFile[] {
  const { module } = task;
  if (module.needs === undefined) return [];
  const cases = possibleParams(task).map((params) => needsOf(task, params));
  const all = new Map(cases.flat().map((need) => [keyOf(need), need]));
  const certain =
    task.loop === undefined || task.loop.kind === 'first_found' || task.loop.kind === 'random_choice'
      ? [...all].filter(([key]) => cases.every((one) => one.some((need) => keyOf(need) === key)))
      : [...all];
  return certain.flatMap(([, need]) => {
    // What is no template of the language stands as written, and was reported.
    if (need.src.includes(unknownText) || /\{\{|\{%/.test(need.src)) return [];
    const from = { file: task.file, role: task.role, baseDir };
    const kind = need.kind === 'template' ? 'templates' : need.kind === 'vars' ? 'vars' : 'files';
    const path = findFile(loading.options, from, kind, need.src);
    if (path !== undefined) return [{ need, path }];
    const similar = similarFile(loading.options, from, kind, need.src);
    const message = `There is no file "${need.src}" in ${kind}/ or beside the playbook`;
    // A condition may leave out the item that names it; a task before may bring it, unless another file was meant.
    const isLeftOut = task.loop !== undefined && task.keywords.when.length > 0;
    const severity = isLeftOut || (writesHere && similar === undefined) ? 'warning' : 'error';
    loading.report[severity]('playbook/file-not-found', placeOf(task, need.src), message, meant(similar));
    return [];
  });
}

function needsOf(task: Task, params: unknown): readonly Need[] {
  try {
    return task.module.needs?.(params, context) ?? [];
  } catch {
    // What stands for the unknown may not make sense to the module; then nothing is said.
    return [];
  }
}

function keyOf(need: Need): string {
  return `${need.kind} ${need.src}`;
}

/** The argument that names a file. */
function placeOf(task: Task, src: string) {
  if (task.args.kind === 'dynamic') return task.at;
  const terms = [...task.args.entries.values()];
  const literal = terms.find((term) => term.kind === 'constant' && term.value === src);
  const computed = task.args.entries.get('src') ?? task.args.entries.get('file');
  return (literal ?? computed)?.at ?? task.at;
}
