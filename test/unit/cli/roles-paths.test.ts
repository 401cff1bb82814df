import { describe, expect, it } from 'vitest';
import { rolesPaths } from '../../../src/cli/roles-paths.ts';

function pathsWith(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): readonly string[] {
  return rolesPaths({ folder: '.', home: '/home/me', env, readFile: (path) => files[path] });
}

const usual = ['/home/me/.ansible/roles', '/usr/share/ansible/roles', '/etc/ansible/roles'];

describe('Folders of roles', () => {
  it('are the usual ones where nothing says otherwise', () => {
    expect(pathsWith({})).toEqual(usual);
    expect(pathsWith({ 'ansible.cfg': '[defaults]\nforks = 5\n[roles]\nroles_path = no\n' })).toEqual(usual);
  });

  it('stand in the ansible.cfg of the working directory, relative to it, with ~ and variables', () => {
    const text =
      '[ssh_connection]\npipelining=True\n[defaults]\n# where\nroles_path = roles:~/mine:$VENV/share/roles:/opt/roles ; more\n';
    expect(pathsWith({ 'ansible.cfg': text }, { VENV: '/venv' })).toEqual([
      'roles',
      '/home/me/mine',
      '/venv/share/roles',
      '/opt/roles',
    ]);
  });

  it('stand in the first ansible.cfg that is there', () => {
    const files = { '/etc/own.cfg': '[defaults]\nroles_path=a:\n  b\n', 'ansible.cfg': '[defaults]\nroles_path=c\n' };
    expect(pathsWith(files, { ANSIBLE_CONFIG: '/etc/own.cfg' })).toEqual(['/etc/a', '/etc/b']);
    expect(pathsWith(files)).toEqual(['c']);
    expect(pathsWith({ '/home/me/.ansible.cfg': '[defaults]\nroles_path=c\n' })).toEqual(['/home/me/c']);
  });

  it('are those of ANSIBLE_ROLES_PATH before all others', () => {
    expect(pathsWith({ 'ansible.cfg': '[defaults]\nroles_path=c\n' }, { ANSIBLE_ROLES_PATH: '/x:y' })).toEqual([
      '/x',
      'y',
    ]);
  });
});
