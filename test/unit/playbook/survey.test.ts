import { describe, expect, it } from 'vitest';
import { surveyJson } from '../../../src/cli/survey/json.ts';
import { surveyText } from '../../../src/cli/survey/text.ts';
import { type Survey, surveyFiles } from '../../../src/playbook/survey/survey.ts';
import { optionsOf } from './harness.ts';

function surveyOf(files: Readonly<Record<string, string>>): Survey {
  return surveyFiles(Object.keys(files), optionsOf({ files }));
}

/** `playbook site.yml unchanged` of each part. */
function verdicts({ units }: Survey): readonly string[] {
  return units.map(({ kind, path, verdict }) => `${kind} ${path} ${verdict}`);
}

describe('A survey of an Ansible tree', () => {
  it('tells what would run unchanged from what would not', () => {
    const survey = surveyOf({
      'site.yml': '- hosts: all\n  roles: [web]\n',
      'other.yml':
        '- hosts: all\n  tasks:\n    - community.general.ufw: {rule: allow}\n    - debug: {msg: "{{ a | json_query(1) }}"}\n',
      'galaxy-roles.yml': '- hosts: all\n  roles: [geerlingguy.nginx]\n',
      'roles/web/tasks/main.yml': '- apt: {name: nginx}\n  notify: Restart\n',
      'roles/web/handlers/main.yml': '- name: Restart\n  service: {name: nginx, state: restarted}\n',
      'tasks/loose.yml': '- ping:\n',
      'notes.yml': 'anything: [1]\n',
    });
    expect(verdicts(survey)).toEqual([
      'playbook site.yml unchanged',
      'playbook other.yml refused',
      'playbook galaxy-roles.yml incomplete',
      'role roles/web unchanged',
      'tasks tasks/loose.yml unchanged',
    ]);
    expect(survey.units.flatMap((unit) => unit.reasons.map(({ kind, subject }) => `${kind} ${subject}`))).toEqual([
      'module community.general.ufw',
      'filter json_query',
      'missing There is no role "geerlingguy.nginx"',
    ]);
  });

  it('reads files of a role that main does not name, and leaves to its users what they know', () => {
    const survey = surveyOf({
      'roles/web/tasks/main.yml':
        '- include_tasks: "{{ ansible_os_family }}.yml"\n- debug: {var: of_the_user}\n  notify: Theirs\n',
      'roles/web/tasks/Debian.yml': '- apt: {name: nginx}\n',
      'roles/web/tasks/RedHat.yml': '- zypper: {name: nginx}\n',
    });
    expect(verdicts(survey)).toEqual(['role roles/web conditional']);
    expect(survey.units[0]?.reasons.map((reason) => reason.subject)).toContain('zypper');
  });

  it('tells what only a condition leads to from what is refused', () => {
    const survey = surveyOf({
      'site.yml': '- hosts: all\n  roles: [web]\n',
      'static.yml': '- hosts: all\n  tasks:\n    - import_tasks: tasks/theirs.yml\n      when: x is defined\n',
      'always.yml': '- hosts: all\n  tasks:\n    - include_tasks: tasks/theirs.yml\n',
      'broken.yml': '- hosts: all\n  tasks:\n    - include_tasks: tasks/broken.yml\n      when: x is defined\n',
      'roles/web/tasks/main.yml': '- include_tasks: RedHat.yml\n  when: ansible_os_family == "RedHat"\n',
      'roles/web/tasks/RedHat.yml': '- yum_repository: {name: a}\n- dnf: {name: a, installroot: /x}\n',
      'tasks/theirs.yml': '- zypper: {name: nginx}\n',
      'tasks/broken.yml': '- aptt: {name: nginx}\n- templat: {src: a}\n',
    });
    expect(verdicts(survey)).toEqual([
      'playbook site.yml conditional',
      'playbook static.yml refused',
      'playbook always.yml refused',
      'playbook broken.yml refused',
      'role roles/web conditional',
    ]);
    expect(survey.units[0]?.reasons.map(({ kind }) => kind)).toEqual(['module', 'parameter']);
    expect(surveyText(survey)).toContain(
      'Playbooks: 0 of 4 unchanged\n  site.yml    runs, and fails a host that a condition leads to: 1 module, 1 parameter\n',
    );
  });

  it('reads tasks below a role as part of it, and no lists of other tools', () => {
    const survey = surveyOf({
      'roles/web/tasks/main.yml': '- debug: {msg: x}\n',
      'roles/web/tasks/deep/setup.yml': '- import_tasks: "deep/{{ role_name }}.yml"\n',
      'roles/web/tasks/deep/web.yml': '- debug: {msg: x}\n',
      'jobs/backup.yml': '- group: Backup\n  name: x\n  uuid: 1\n  schedule: daily\n  sequence: {}\n',
      'tasks/slip.yml': '- name: x\n  group: {name: a}\n  wehn: x\n',
    });
    expect(verdicts(survey)).toEqual([
      'role roles/web unchanged',
      'tasks roles/web/tasks/deep/setup.yml unchanged',
      'tasks roles/web/tasks/deep/web.yml unchanged',
      'tasks tasks/slip.yml refused',
    ]);
  });

  it('goes on where a file is broken', () => {
    const survey = surveyOf({
      'site.yml': '- hosts: all\n  tasks: [\n    {{ x }\n',
      'binary.yml': '- hosts: \0\0',
      'loop.yml': '- import_playbook: loop.yml\n',
      'roles/a/meta/main.yml': 'dependencies: [b]\n',
      'roles/b/meta/main.yml': 'dependencies: [a]\n',
    });
    expect(verdicts(survey)).toEqual([
      'playbook site.yml refused',
      'playbook loop.yml refused',
      'role roles/a refused',
      'role roles/b refused',
    ]);
  });

  it('names what stands beside and is not used', () => {
    const { beside } = surveyOf({
      'library/kube.py': '',
      'filter_plugins/mine.py': '',
      'roles/a/library/own.py': '',
      'plugins/lookup/x.py': '',
      'src/library_of_mine.py': '',
      'ansible.cfg': '[defaults]\nroles_path = roles\nhash_behaviour = merge\nforks = 9\n',
      'requirements.yml':
        'collections:\n  - name: community.general\n  - ansible.posix\nroles:\n  - geerlingguy.nginx\n',
    });
    expect(beside.map((reason) => `${reason.kind} ${reason.subject}`)).toEqual([
      'plugin module kube, written in Python',
      'plugin filter plugin mine, written in Python',
      'plugin module own, written in Python',
      'plugin lookup plugin x, written in Python',
      'setting hash_behaviour = merge of ansible.cfg',
      'collection community.general, which hlb does not install',
      'collection ansible.posix, which hlb does not install',
    ]);
  });

  it('reads a file once, however many parts of the tree use it', () => {
    const given = optionsOf({
      files: {
        'a.yml': '- hosts: all\n  roles: [web]\n',
        'b.yml': '- hosts: all\n  roles: [web]\n',
        'roles/web/tasks/main.yml': '- debug: {msg: "{{ x }}"}\n',
        'roles/web/defaults/main.yml': 'x: 1\n',
        'roles/web/tasks/other.yml': '- ping:\n',
      },
    });
    const read: string[] = [];
    const readFile = (path: string): string | undefined => {
      read.push(path);
      return given.readFile(path);
    };
    const paths = ['a.yml', 'b.yml', 'roles/web/tasks/main.yml', 'roles/web/tasks/other.yml'];
    expect(verdicts(surveyFiles(paths, { ...given, readFile }))).toEqual([
      'playbook a.yml unchanged',
      'playbook b.yml unchanged',
      'role roles/web unchanged',
    ]);
    expect(read).toEqual([...new Set(read)]);
  });

  it('is a table for people and JSON for programs', () => {
    const survey = surveyOf({
      'a.yml': '- hosts: all\n  tasks: [{zypper: {name: a}}, {zypper: {name: b}}]\n',
      'b.yml': '- hosts: all\n  tasks: [{ping: }]\n',
    });
    const text = surveyText(survey);
    expect(text).toContain(
      'Playbooks: 1 of 2 unchanged\n  a.yml  would be refused: 1 module\n  b.yml  runs unchanged\n',
    );
    expect(text).toContain('What hlb does not have\n  module zypper (2 times)\n      a.yml:2:12, a.yml:2:33\n');
    expect(JSON.parse(surveyJson(survey))).toMatchObject({
      units: [
        {
          kind: 'playbook',
          path: 'a.yml',
          verdict: 'refused',
          reasons: [{ kind: 'module', subject: 'zypper', count: 2 }],
        },
        { kind: 'playbook', path: 'b.yml', verdict: 'unchanged', reasons: [] },
      ],
      reasons: [{ kind: 'module', subject: 'zypper', count: 2, places: [{ path: 'a.yml', line: 2 }, { line: 2 }] }],
    });
  });
});
