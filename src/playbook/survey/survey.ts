import { basename, dirname } from 'node:path';
import type { Source } from '../../core/source.ts';
import { parseYaml } from '../../yaml/parse.ts';
import { scalarText } from '../values.ts';
import type { LoadOptions } from '../loading.ts';
import { kindOfFile, pluginKind } from './kinds.ts';
import type { Reason } from './reason.ts';
import { readingOnce } from './reading-once.ts';
import { playbookUnit, roleUnit, tasksUnit, type Unit, unitOf } from './unit.ts';

/** What of a tree hlb would run as it is, and why not the rest. */
export interface Survey {
  readonly units: readonly Unit[];
  /** What stands beside playbooks and roles and would not be used. */
  readonly beside: readonly Reason[];
}

/** Reads every playbook, role and file of tasks among some files. Nothing is run, and nothing is asked of any host. */
export function surveyFiles(paths: readonly string[], given: LoadOptions): Survey {
  const options = readingOnce(given);
  const kinds = new Map(paths.map((path) => [path, kindOf(path, options)]));
  const of = (kind: string): readonly string[] => paths.filter((path) => kinds.get(path) === kind);
  const beside = [
    ...of('plugin').flatMap(pluginReason),
    ...of('settings').flatMap((path) => settingReasons(path, options)),
    ...of('requirements').flatMap((path) => requirementReasons(path, options)),
    ...of('collection').map((path) =>
      besideReason(
        'collection',
        `The collection in ${dirname(path)}/: its roles and playbooks are read as such, its plugins are not`,
        path,
      ),
    ),
  ];
  const playbooks = of('playbook').map((path) => guarded('playbook', path, () => playbookUnit(path, options)));
  const roles = rolesAmong(paths).map((path) => guarded('role', path, () => roleUnit(path, options)));
  const read = new Set([...playbooks, ...roles].flatMap((unit) => [...unit.files]));
  const tasks = of('tasks')
    .filter((path) => !read.has(path))
    .map((path) => guarded('tasks', path, () => tasksUnit(path, options)));
  return { units: [...playbooks, ...roles, ...tasks], beside };
}

function kindOf(path: string, options: LoadOptions): string {
  if (pluginKind(path) !== undefined) return 'plugin';
  const isText = /\.(ya?ml|cfg)$/.test(path);
  const text = isText ? options.readFile(path) : undefined;
  return text === undefined || text.includes('\0')
    ? 'other'
    : kindOfFile({ path, text }, options.parse ?? parseYaml, (name) => options.registry.find(name) !== undefined);
}

/** A file that hlb cannot get through is a row of its own and never the end of the survey. */
function guarded(kind: Unit['kind'], path: string, make: () => Unit): Unit {
  try {
    return make();
  } catch (error) {
    const message = `hlb failed on it: ${error instanceof Error ? error.message : String(error)}`;
    return unitOf(kind, path, [
      { code: 'cli/internal-error', severity: 'error', message, help: 'This is a bug of hlb' },
    ]);
  }
}

/** Folders with tasks/main.yml, or below roles/ with any part of a role. */
function rolesAmong(paths: readonly string[]): readonly string[] {
  const found = paths.flatMap((path) => {
    const folder = dirname(path);
    const role = dirname(folder);
    if (basename(folder) === 'tasks' && /^main\.ya?ml$/.test(basename(path))) return [role];
    const isPart = ['tasks', 'handlers', 'defaults', 'vars', 'meta'].includes(basename(folder));
    return isPart && basename(dirname(role)) === 'roles' && /\.ya?ml$/.test(path) ? [role] : [];
  });
  return [...new Set(found)];
}

function besideReason(kind: Reason['kind'], subject: string, path: string): Reason {
  const source: Source = { path, text: '' };
  return { kind, subject, at: { source, start: 0, end: 0 } };
}

function pluginReason(path: string): readonly Reason[] {
  const kind = pluginKind(path);
  return kind === undefined
    ? []
    : [besideReason('plugin', `${kind} ${basename(path, '.py')}, written in Python`, path)];
}

/** Settings of ansible.cfg that would change what a playbook does, and that hlb does not read. */
const settings =
  /^(hash_behaviour|jinja2_extensions|jinja2_native|strategy|strategy_plugins|transport|executable|error_on_undefined_vars|invalid_task_attribute_failed|force_handlers|gather_subset|any_errors_fatal|max_fail_percentage|become_method|become_exe|become_flags)\s*[=:]\s*([^\n#;]+)/gm;

function settingReasons(path: string, options: LoadOptions): readonly Reason[] {
  const text = options.readFile(path) ?? '';
  return [...text.matchAll(settings)]
    .filter(([, name, value = '']) => !(name === 'transport' && /^(smart|ssh)\s*$/.test(value)))
    .map(([, name, value = '']) => besideReason('setting', `${name} = ${value.trim()} of ansible.cfg`, path));
}

/** Collections and roles that would be fetched before a run. */
function requirementReasons(path: string, options: LoadOptions): readonly Reason[] {
  const source: Source = { path, text: options.readFile(path) ?? '' };
  const { root } = parseYaml(source);
  if (root?.kind !== 'mapping') return [];
  const collections = root.entries.find(({ key }) => scalarText(key) === 'collections')?.value;
  if (collections?.kind !== 'sequence') return [];
  return collections.items.flatMap((item) => {
    const name = item.kind === 'mapping' ? item.entries.find(({ key }) => scalarText(key) === 'name')?.value : item;
    if (name?.kind !== 'scalar') return [];
    return [{ kind: 'collection' as const, subject: `${scalarText(name)}, which hlb does not install`, at: name.at }];
  });
}
