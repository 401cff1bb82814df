import { basename, dirname, normalize } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { loadPlaybooks } from '../load.ts';
import type { LoadOptions } from '../loading.ts';
import { type Reason, type ReasonKind, reasonOf } from './reason.ts';

/** A part of a tree that is run by itself or named by others. */
export interface Unit {
  readonly kind: 'playbook' | 'role' | 'tasks' | 'inventory';
  readonly path: string;
  /**
   * `conditional`: what hlb does not have stands only where a condition leads, and a host that comes there fails.
   * `incomplete`: nothing but files and roles that are not in the tree stands against it.
   */
  readonly verdict: 'unchanged' | 'conditional' | 'incomplete' | 'refused';
  readonly reasons: readonly Reason[];
  /** The files that were read for it. */
  readonly files: ReadonlySet<string>;
}

const lacking: ReadonlySet<ReasonKind> = new Set(['module', 'filter', 'test', 'lookup', 'function', 'loop', 'keyword']);

export function unitOf(
  kind: Unit['kind'],
  path: string,
  diagnostics: readonly Diagnostic[],
  files: ReadonlySet<string> = new Set(),
): Unit {
  const found = diagnostics
    .map((diagnostic) => ({ diagnostic, reason: reasonOf(diagnostic) }))
    // In a file that a computed name or a condition may bring, what hlb does not have is only a warning before the run.
    .filter(
      ({ diagnostic: { severity, conditional }, reason }) =>
        severity === 'error' || conditional === true || lacking.has(reason.kind),
    );
  const certain = found.filter(({ diagnostic }) => diagnostic.severity === 'error');
  const isMissing = certain.every(({ reason }) => reason.kind === 'missing');
  const verdict =
    certain.length > 0 ? (isMissing ? 'incomplete' : 'refused') : found.length > 0 ? 'conditional' : 'unchanged';
  return { kind, path, verdict, reasons: found.map(({ reason }) => reason), files };
}

/** A playbook with all that it brings. */
export function playbookUnit(path: string, options: LoadOptions): Unit {
  const { files, recording } = recorded(options);
  return unitOf('playbook', path, loadPlaybooks([path], recording).diagnostics, files);
}

/** What depends on who uses a role or a file of tasks, which is not known here. */
const ofTheUser = new Set([
  'playbook/undefined-variable',
  'playbook/unknown-handler',
  'playbook/unknown-group',
  'playbook/unknown-host',
  'args/missing-parameter',
]);

/** A role as if a play used it, with every file of its tasks. */
export function roleUnit(path: string, options: LoadOptions): Unit {
  const { files, recording } = recorded(options);
  const first = loadAs(`- hosts: all\n  roles: [${JSON.stringify(basename(path))}]\n`, dirname(path), recording);
  const others = options
    .list(`${path}/tasks`)
    .filter((name) => /\.ya?ml$/.test(name) && !files.has(normalize(`${path}/tasks/${name}`)));
  const rest = others.map((name) => playOf(partOfRole(path, name)));
  const second = rest.length === 0 ? [] : loadAs(rest.join(''), dirname(path), recording);
  const found = [...first, ...second].filter(({ code, message }) => !ofTheUser.has(code) || isOfTask(code, message));
  return unitOf('role', path, found, files);
}

/** A file of tasks that nothing else has read. */
export function tasksUnit(path: string, options: LoadOptions): Unit {
  const { files, recording } = recorded(options);
  const [, role, name] = /^(.+)\/tasks\/(.+)$/.exec(path) ?? [];
  const isOfRole = role !== undefined && options.exists(`${role}/tasks/main.yml`);
  const whole = `import_tasks: ${JSON.stringify(path.startsWith('/') ? path : `./${path}`)}`;
  const diagnostics = isOfRole
    ? loadAs(playOf(partOfRole(role, name ?? '')), dirname(role), recording)
    : loadAs(playOf(whole), '.', recording);
  const found = diagnostics.filter(({ code, message }) => !ofTheUser.has(code) || isOfTask(code, message));
  return unitOf('tasks', path, found, files);
}

/** A parameter that a module needs is missing whoever uses the task. */
function isOfTask(code: string, message: string): boolean {
  return code === 'args/missing-parameter' && !message.startsWith('The role ');
}

function partOfRole(role: string, file: string): string {
  return `include_role: {name: ${JSON.stringify(basename(role))}, tasks_from: ${JSON.stringify(file)}}`;
}

function playOf(task: string): string {
  return `- hosts: all\n  tasks:\n    - ${task}\n`;
}

/** A playbook that stands in a folder; a role of that folder goes before those of the same name elsewhere. */
function loadAs(text: string, folder: string, options: LoadOptions): readonly Diagnostic[] {
  const path = `${folder}/.hlb-survey.yml`;
  const readFile = (one: string): string | undefined => (one === path ? text : options.readFile(one));
  return loadPlaybooks([path], { ...options, readFile, rolesPaths: [folder, ...options.rolesPaths] }).diagnostics;
}

function recorded(options: LoadOptions): { readonly files: Set<string>; readonly recording: LoadOptions } {
  const files = new Set<string>();
  const readFile = (path: string): string | undefined => {
    const text = options.readFile(path);
    if (text !== undefined) files.add(normalize(path));
    return text;
  };
  return { files, recording: { ...options, readFile } };
}
