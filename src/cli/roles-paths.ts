import { dirname, join, normalize } from 'node:path';
import type { Files } from '../playbook/files.ts';

/** What the search for roles depends on. */
export interface RolesPlace {
  /** Where an ansible.cfg may lie; relative to the working directory or absolute. */
  readonly folder: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: Files['readFile'];
}

/**
 * Folders that are searched for roles after `roles/` beside the playbook: `ANSIBLE_ROLES_PATH`, else `roles_path` of the
 * ansible.cfg that Ansible would read, else Ansible's usual ones. Nothing else of that file changes what a playbook means.
 */
export function rolesPaths(place: RolesPlace): readonly string[] {
  return (
    pathsOf(place, ['ANSIBLE_ROLES_PATH'], /^roles_path$/) ?? [
      join(place.home, '.ansible/roles'),
      '/usr/share/ansible/roles',
      '/etc/ansible/roles',
    ]
  );
}

/** Folders that an environment variable names, or a setting; absent where neither does. */
function pathsOf(
  { folder, home, env, readFile }: RolesPlace,
  variables: readonly string[],
  setting: RegExp,
): readonly string[] | undefined {
  const expand = (path: string, from: string): string => {
    const full = path
      .replace(
        /\$\{(\w+)\}|\$(\w+)/g,
        (_, braced: string | undefined, plain: string | undefined) => env[braced ?? plain ?? ''] ?? '',
      )
      .replace(/^~(?=\/|$)/, home)
      .replace(/\{\{\s*CWD\s*\}\}/g, '.');
    return full.startsWith('/') ? normalize(full) : normalize(join(from, full));
  };
  const split = (paths: string, from: string): readonly string[] =>
    paths.split(':').flatMap((path) => (path.trim() === '' ? [] : [expand(path.trim(), from)]));
  const given = variables.map((name) => env[name]).find((value) => value !== undefined && value !== '');
  if (given !== undefined) return split(given, '.');
  const config = ansibleConfig({ folder, home, env, readFile });
  const configured = config === undefined ? undefined : settingIn(config.text, setting);
  return config === undefined || configured === undefined ? undefined : split(configured, dirname(config.path));
}

/** Folders that are searched for collections after `collections/` beside the playbook, found the same way. */
export function collectionsPaths(place: RolesPlace): readonly string[] {
  return (
    pathsOf(place, ['ANSIBLE_COLLECTIONS_PATH', 'ANSIBLE_COLLECTIONS_PATHS'], /^collections_paths?$/) ?? [
      join(place.home, '.ansible/collections'),
      '/usr/share/ansible/collections',
    ]
  );
}

/** The ansible.cfg that counts: the first that is there. */
export function ansibleConfig({
  folder,
  home,
  env,
  readFile,
}: RolesPlace): { readonly path: string; readonly text: string } | undefined {
  for (const path of [
    env['ANSIBLE_CONFIG'],
    join(folder, 'ansible.cfg'),
    join(home, '.ansible.cfg'),
    '/etc/ansible/ansible.cfg',
  ]) {
    const text = path === undefined ? undefined : readFile(path);
    if (path !== undefined && text !== undefined) return { path, text };
  }
  return undefined;
}

/** A setting below `[defaults]`; a value goes on in lines that are indented. */
function settingIn(config: string, setting: RegExp): string | undefined {
  const section = /^\[defaults\][^\n]*\n([^]*?)(?=^\[|(?![^]))/m.exec(config)?.[1] ?? '';
  for (const [, name = '', value = ''] of section.matchAll(/^(\w+)[ \t]*[=:][ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)/gm)) {
    if (setting.test(name)) return value.replace(/\s+[;#][^\n]*/g, '').replace(/\n\s*/g, '');
  }
  return undefined;
}
