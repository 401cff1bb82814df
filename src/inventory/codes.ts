import type { CodeTable } from '../core/diagnostic.ts';

/** What the diagnostics of inventories and host patterns stand for. */
export const inventoryCodes = {
  'inventory/not-found': {
    title: 'An inventory that is not there',
    explanation:
      'Each -i names a file, a folder of files, or a list of hosts with a comma in it, such as "host1,host2" or "host1,". Ansible warns and goes on without the hosts; hlb stops, since a play on too few hosts is worse than none.',
  },
  'inventory/unreadable': {
    title: 'A file of the inventory cannot be read',
    explanation: 'The operating system refused to open it. The message says why.',
  },
  'inventory/encrypted': {
    title: 'A file of the inventory is encrypted and cannot be opened',
    explanation:
      'The file begins with $ANSIBLE_VAULT, and no password was given that opens it. Give one with --vault-password-file or --ask-vault-pass.',
  },
  'inventory/plugin': {
    title: 'A configuration of an inventory plugin',
    explanation:
      'A YAML file with "plugin:" at its top asks for one of Ansible\'s inventory plugins, which are Python and do not run in hlb. Let a program print the hosts instead: an executable file that answers --list with JSON, for example one that calls "ansible-inventory -i this-file --list".',
  },
  'inventory/not-a-mapping': {
    title: 'An inventory, group or host is not a mapping',
    explanation:
      'In a YAML inventory the file is a mapping of groups, a group is a mapping of "hosts", "children" and "vars", each of these is a mapping, and a host holds a mapping of variables or nothing.',
  },
  'inventory/unknown-key': {
    title: 'A key that groups do not have',
    explanation:
      'A group has "hosts", "children" and "vars". A host stands below "hosts", a group inside a group below "children". Ansible skips other keys with a warning, and the hosts in them; hlb stops.',
  },
  'inventory/documents': {
    title: 'Several YAML documents in one file',
    explanation: 'An inventory or a file of variables is one YAML document. Split the file where the "---" stands.',
  },
  'inventory/group-name': {
    title: 'A group with a name that is no variable name',
    explanation:
      'Names of groups are best made of letters, digits and "_": then groups.name works in templates, and no character in them has a meaning in host patterns. Others work, as in Ansible, which warns too.',
  },
  'inventory/host-name': {
    title: 'A host without a proper name',
    explanation:
      'A host is named by a text: a name, an address, a pattern with ranges such as node[01:10], each with a port after a colon if need be. Numbers need quotes in YAML.',
  },
  'inventory/range': {
    title: 'A range of hosts that cannot be counted out',
    explanation:
      'A range is [begin:end] or [begin:end:step] with two numbers or two letters, both ends included. Zeros in front keep their width and must be there at both ends: [01:10]. A range that ends before it begins stands for no hosts in Ansible and is an error here.',
  },
  'inventory/section': {
    title: 'A line in brackets that is no section',
    explanation:
      'A section of an INI inventory is [group], [group:children] or [group:vars], without blanks inside of the brackets.',
  },
  'inventory/undefined-group': {
    title: 'A group that is used and nowhere declared',
    explanation:
      'A line below [parent:children] names a group, and [group:vars] belongs to one; the group itself is declared by a section [group] or [group:children], which may be empty.',
  },
  'inventory/group-cycle': {
    title: 'Groups that contain each other',
    explanation: 'A group cannot be below itself, neither directly nor through others.',
  },
  'inventory/group-priority': {
    title: 'A group priority that is not a number',
    explanation:
      'ansible_group_priority decides between groups of the same depth: the higher one wins. It is a whole number, 1 where nothing is said.',
  },
  'inventory/host-line': {
    title: 'A line of an INI inventory that cannot be read',
    explanation:
      'Below [group] each line is a host and then variables as name=value. A value with blanks stands in quotes, and "#" begins a comment anywhere outside of quotes. Below [group:vars] each line is one name=value, below [group:children] the name of a group.',
  },
  'inventory/name-clash': {
    title: 'A host and a group have the same name',
    explanation:
      'A pattern with that name means the host alone and never the group, which surprises sooner or later. Rename one of them.',
  },
  'inventory/not-executable': {
    title: 'An inventory program that may not be executed',
    explanation:
      'The file begins with "#!", so it is a program that prints an inventory, but it lacks the permission to run. Use chmod +x.',
  },
  'inventory/program-failed': {
    title: 'An inventory program failed',
    explanation:
      'The program was called with --list (or --host NAME) and could not be started or ended with another exit code than 0. What it wrote to its error output is in the message.',
  },
  'inventory/program-warned': {
    title: 'An inventory program wrote to its error output',
    explanation: 'It ended well all the same, and its hosts are used. What it wrote is in the message.',
  },
  'inventory/program-output': {
    title: 'An inventory program printed something else than an inventory',
    explanation:
      'With --list it prints a JSON object of groups: {"web": {"hosts": ["a"], "vars": {}, "children": []}, "_meta": {"hostvars": {"a": {}}}}. Without "_meta" it is asked for each host with --host NAME and prints its variables as a JSON object.',
  },
  'inventory/vars-folder': {
    title: 'group_vars or host_vars is not a folder',
    explanation:
      'Variables beside an inventory or playbook are files in folders of these names; a file of that name is ignored.',
  },
  'inventory/unused-vars': {
    title: 'A file of variables that belongs to no host or group',
    explanation:
      'The name of a file in group_vars is a group, in host_vars a host. This one matches none, while a name close to it exists. Rename it, unless add_host or group_by make its host or group later.',
  },
  'inventory/no-hosts': {
    title: 'An inventory without hosts',
    explanation: 'It could be read, and holds no host. Plays on localhost still run.',
  },
  'inventory/no-match': {
    title: 'A host pattern that matches nothing',
    explanation:
      'A pattern is the name of a host or group, one with "*", "?" or [abc] in it, or "~" and a regular expression. In a play a part that matches nothing is skipped with a warning, as in Ansible; in --limit it is an error, since then fewer hosts would be left than was asked for.',
  },
  'inventory/pattern': {
    title: 'A host pattern that cannot be read',
    explanation:
      'A pattern that begins with "~" is a regular expression, which must be complete; @file names a file with one pattern a line.',
  },
  'inventory/pattern-subscript': {
    title: 'A position in a host pattern',
    explanation:
      'web[0] is the first host of the group, web[-1] the last, web[0:2] the first three, web[2:] all from the third. web[0-2] is an older form of web[0:2].',
  },
} as const satisfies CodeTable;

export type InventoryCode = keyof typeof inventoryCodes;
