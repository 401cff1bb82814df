/** A level of variables, and the text that defines variables there; each line is `name: value`. */
interface Level {
  readonly name: string;
  readonly file: string;
  /** How the lines stand in their file; absent: as they are. */
  readonly form?: (names: readonly string[], level: string) => string;
}

const indented =
  (by: number, head: string, lead = '') =>
  (names: readonly string[], level: string): string =>
    `${head}${names.map((name) => `${' '.repeat(by)}${lead}${name}: ${level}\n`).join('')}`;
const ini = (section: string) => (names: readonly string[], level: string) =>
  `${section}\n${names.map((name) => `${name}=${level}\n`).join('')}`;

/** All that Ansible's documentation orders, with the group that is nearer to the host. */
const levels: readonly Level[] = [
  { name: 'role_defaults', file: 'plays/roles/r/defaults/main.yml' },
  { name: 'inventory_all', file: 'inventory', form: ini('[all:vars]') },
  { name: 'inventory_group_vars_all', file: 'group_vars/all.yml' },
  { name: 'playbook_group_vars_all', file: 'plays/group_vars/all.yml' },
  { name: 'inventory_parent', file: 'inventory', form: ini('[parent:vars]') },
  { name: 'inventory_group_vars_parent', file: 'group_vars/parent.yml' },
  { name: 'playbook_group_vars_parent', file: 'plays/group_vars/parent.yml' },
  { name: 'inventory_child', file: 'inventory', form: ini('[child:vars]') },
  { name: 'inventory_group_vars_child', file: 'group_vars/child.yml' },
  { name: 'playbook_group_vars_child', file: 'plays/group_vars/child.yml' },
  {
    name: 'inventory_host',
    file: 'inventory',
    form: (names, level) => `[child]\nh1 ${names.map((name) => `${name}=${level}`).join(' ')}\n`,
  },
  { name: 'inventory_host_vars', file: 'host_vars/h1.yml' },
  { name: 'playbook_host_vars', file: 'plays/host_vars/h1.yml' },
  { name: 'play_vars', file: 'plays/site.yml', form: indented(4, '  vars:\n') },
  { name: 'vars_files', file: 'plays/of-play.yml' },
  { name: 'role_vars', file: 'plays/roles/r/vars/main.yml' },
  { name: 'role_entry_vars', file: 'plays/site.yml', form: indented(8, '      vars:\n') },
  { name: 'block_vars', file: 'plays/roles/r/tasks/inner.yml', form: indented(4, '- vars:\n') },
  { name: 'task_vars', file: 'plays/roles/r/tasks/inner.yml', form: indented(8, '      vars:\n') },
  { name: 'include_vars', file: 'plays/included.yml' },
  { name: 'set_fact', file: 'plays/site.yml', form: indented(8, '    - set_fact:\n') },
  { name: 'role_params', file: 'plays/site.yml', form: indented(6, '') },
  { name: 'include_params', file: 'plays/roles/r/tasks/main.yml', form: indented(4, '  vars:\n') },
  { name: 'extra', file: 'plays/extra.yml' },
];

/** One play that reads, for each two levels, a variable that only those two define. */
export function precedenceCase(): Record<string, unknown> {
  const pairs = levels.flatMap((one, index) => levels.slice(index + 1).map((other) => [one, other] as const));
  const nameOf = (pair: (typeof pairs)[number]): string => `${pair[0].name}__${pair[1].name}`;
  const of = (name: string): string => {
    const level = levels.find((one) => one.name === name);
    if (level === undefined) throw new Error(`There is no level "${name}"`);
    const names = pairs.filter((pair) => pair.includes(level)).map(nameOf);
    return (level.form ?? indented(0, ''))(names, name);
  };
  const files = Object.fromEntries(
    levels.filter((one) => one.form === undefined).map((one) => [one.file, of(one.name)]),
  );
  const shown = pairs.map((pair) => `          ${nameOf(pair)}: "{{ ${nameOf(pair)} }}"\n`).join('');
  return {
    name: `each two of ${levels.length} levels of variables, one over the other`,
    args: ['-e', '@DIR/plays/extra.yml'],
    playbooks: ['plays/site.yml'],
    inventory: [
      of('inventory_host'),
      '[parent:children]\nchild\n',
      of('inventory_child'),
      of('inventory_parent'),
      of('inventory_all'),
    ].join('\n'),
    files: {
      ...files,
      'plays/site.yml': [
        '- hosts: h1\n  gather_facts: false\n  vars_files: [of-play.yml]\n',
        of('play_vars'),
        '  pre_tasks:\n    - include_vars: included.yml\n',
        of('set_fact'),
        '  roles:\n    - role: r\n',
        of('role_params'),
        of('role_entry_vars'),
      ].join(''),
      'plays/roles/r/tasks/main.yml': `- include_tasks: inner.yml\n${of('include_params')}`,
      'plays/roles/r/tasks/inner.yml': [
        of('block_vars'),
        '  block:\n    - debug:\n        msg:\n',
        shown,
        of('task_vars'),
      ].join(''),
    },
  };
}
