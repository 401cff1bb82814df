import type { CodeTable } from '../core/diagnostic.ts';
import { argsCodes } from './codes-args.ts';
import { checkCodes } from './codes-check.ts';

/** What diagnostics of playbooks and of the arguments in them stand for. */
export const playbookCodes = {
  ...argsCodes,
  ...checkCodes,
  'playbook/unknown-keyword': {
    title: 'A key is no keyword',
    explanation:
      'Plays, blocks, tasks and roles take the keywords of Ansible and no other keys; a task has besides them the name of one module. A misspelt keyword would otherwise do nothing, unseen.',
  },
  'playbook/misplaced-keyword': {
    title: 'A keyword stands where it has no meaning',
    explanation:
      'Some keywords belong to plays only (`serial`, `hosts`), some to tasks only (`register`, `until`), and include_tasks takes few, as it is replaced by what it includes. The help says where the keyword belongs; for what an include brings, use its `apply`.',
  },
  'playbook/refused-keyword': {
    title: 'A keyword of Ansible that hlb does not carry out',
    explanation:
      'hlb would rather refuse a playbook than run it with another meaning. The message says why the keyword is not supported; remove it.',
  },
  'playbook/computed-keyword': {
    title: 'A template where the value must be known beforehand',
    explanation:
      'Names of files that are imported, of roles, tags, strategy and the like shape the play itself, which is read and checked before any variable of a host is known. Write the value itself, or use include_tasks or include_role, which are read when their turn comes.',
  },
  'playbook/wrong-type': {
    title: 'A value of the wrong kind',
    explanation:
      'The keyword expects another kind of value, such as a list, a number or true and false. The message says which.',
  },
  'playbook/unknown-value': {
    title: 'A value that is none of those a keyword knows',
    explanation: 'The keyword takes one of a few words. The message lists them.',
  },
  'playbook/no-action': {
    title: 'A task without a module',
    explanation:
      'A task is a mapping with exactly one key that names a module, such as `command: ...`; the other keys are keywords. This one has keywords only. Often the line with the module was indented too far or deleted.',
  },
  'playbook/several-actions': {
    title: 'A task with more than one module',
    explanation:
      'A task does one thing. Two modules in one mapping are usually two tasks of which the second lost its dash. Begin it with "- ".',
  },
  'playbook/unknown-module': {
    title: 'A module that hlb does not have',
    explanation:
      'The key is neither a keyword nor a module of hlb. Names with a collection such as `ansible.builtin.copy` work for the modules that hlb has; for what it does not have, use command or shell. In a file that include_tasks or include_role brings under a condition it is a warning, and the task fails where a host comes to it.',
  },
  'playbook/misplaced-parameter': {
    title: 'A parameter stands beside its module',
    explanation:
      'Parameters of a module stand below its name, indented further. Here one has the indentation of the task.',
  },
  'playbook/not-a-task': {
    title: 'An entry of a list of tasks is no mapping',
    explanation: 'Each task begins with "- " and is a mapping of its module and its keywords.',
  },
  'playbook/no-block': {
    title: 'rescue or always without block',
    explanation:
      '`rescue` runs where the tasks of its `block` failed, `always` after them. Without `block` there is nothing to rescue.',
  },
  'playbook/block-as-handler': {
    title: 'A block stands deeper in handlers',
    explanation:
      'A list of handlers may hold blocks, whose keywords reach the handlers in them. A block inside of such a block, or in a file that import_tasks brings, is refused by Ansible and by hlb: a handler is notified by its name and is one task.',
  },
  'playbook/role-as-handler': {
    title: 'A role stands in handlers',
    explanation:
      'Roles cannot be handlers, in Ansible as in hlb. Use include_tasks or import_tasks with a file of handlers, or a module.',
  },
  'playbook/unreachable-handler': {
    title: 'A handler that nothing can notify',
    explanation: 'A handler is notified by its `name` or by a topic that it listens to. This one has neither.',
  },
  'playbook/no-hosts': {
    title: 'A play without hosts',
    explanation: 'Each play says with `hosts:` which hosts it is for: a name, a group, or a pattern such as `web:&eu`.',
  },
  'playbook/not-a-playbook': {
    title: 'The file is no playbook',
    explanation:
      'A playbook is a list of plays, each a mapping with `hosts:`. Files of tasks, as roles have them, are not playbooks by themselves: import them into a play.',
  },
  'playbook/empty-playbook': {
    title: 'A playbook without plays',
    explanation: 'The file is empty, or holds an empty list, so that there is nothing to run.',
  },
  'playbook/empty-play': {
    title: 'A play that does nothing',
    explanation:
      'The play has neither tasks nor roles, and gather_facts is off. A play without tasks that gathers facts is fine.',
  },
  'playbook/empty-file': {
    title: 'A file of tasks without tasks',
    explanation: 'The imported file is empty. Remove the import, or write the tasks.',
  },
  'playbook/file-not-found': {
    title: 'A file that is not there',
    explanation:
      'Files are searched as Ansible does: in the folder of their kind (`files/`, `templates/`, `vars/`, `tasks/`) of the role, beside the file that names them, and beside the playbook. Only files that are named literally are checked beforehand.',
  },
  'playbook/import-cycle': {
    title: 'A file imports itself',
    explanation:
      'Imports are read before the play runs, so that a file that imports itself, even through others, would have no end. include_tasks with a condition may do so.',
  },
  'playbook/role-cycle': {
    title: 'A role depends on itself',
    explanation: 'The dependencies in meta/main.yml lead back to the role. Move what both need into a role of its own.',
  },
  'playbook/unknown-role': {
    title: 'A role that is not there',
    explanation:
      'Roles are searched in `roles/` beside the playbook, in the usual folders such as ~/.ansible/roles, beside the role that names it, and beside the playbook. Roles of collections are searched in `collections/ansible_collections/` beside the playbook and in the configured folders.',
  },
  'playbook/no-role-name': {
    title: 'An entry of roles without a name',
    explanation: 'An entry is the name of a role, or a mapping with `role:` and what the role is given.',
  },
  'playbook/bad-variable-name': {
    title: 'A name that no expression could read',
    explanation:
      'register, loop_var and the like set a variable. Its name begins with a letter or "_", goes on with letters, digits and "_", and is no word of the language.',
  },
  'playbook/empty-condition': {
    title: 'A condition without an expression',
    explanation: '`when:` and its kin take an expression. Without one, hlb cannot know what was meant.',
  },
  'playbook/templated-condition': {
    title: 'Braces around a condition',
    explanation:
      'Conditions are expressions already: `when: a == b`, without braces. Ansible warns of this too, since a value that is text would be read as another expression.',
  },
  'playbook/template-in-condition': {
    title: 'Braces inside a condition',
    explanation:
      'Conditions are expressions, in which variables are named as they are: `when: x == "{{ y }}"` compares with a text that holds braces. Write `when: x == y`, and `~` to join texts.',
  },
  'playbook/several-loops': {
    title: 'A task with two loops',
    explanation:
      'A task has `loop` or one `with_...`. For a loop in a loop use `with_nested`, the filter `product`, or include_tasks with a loop.',
  },
  'playbook/unknown-loop': {
    title: 'A kind of loop that hlb does not have',
    explanation:
      'Of the older `with_...`, those of Ansible that take a plain list, mapping or files are there. Others can be written as `loop` with a filter.',
  },
  'playbook/loop-on-import': {
    title: 'A loop on import_tasks or import_role',
    explanation:
      'Imports are read before the play runs, when the list is not known. Use include_tasks or include_role, in Ansible as in hlb.',
  },
  'playbook/unused-control': {
    title: 'loop_control without a loop',
    explanation: 'loop_control names the variables of a loop, and the task has none.',
  },
  'playbook/unused-register': {
    title: 'register on an import',
    explanation:
      'import_tasks and import_role are replaced by what they import and have no result, so that nothing would be registered.',
  },
  'playbook/no-background': {
    title: 'async on a module that has none',
    explanation:
      'What the controller has a part in cannot go on without it, so that Ansible fails such a task when it runs: copy, template, script, fetch, set_fact, debug and the like.',
  },
  'playbook/unknown-default': {
    title: 'module_defaults names a module that hlb does not have',
    explanation: 'The defaults would never be used. Check the name, or remove the entry.',
  },
  'playbook/unknown-guard': {
    title: 'rolling names a guard that hlb does not have',
    explanation: 'Guards say before each batch whether it may be touched. The help lists those that there are.',
  },
  'playbook/bad-limit': {
    title: 'A limit of a roll that cannot be',
    explanation:
      'rolling.max_failed is a whole number of hosts from 0 on, or a percentage; rolling.pause is a time of 0 seconds or more.',
  },
  'playbook/bad-batch': {
    title: 'A batch of no hosts',
    explanation: 'serial and rolling.batch take numbers of hosts from 1 on, and percentages above 0.',
  },
  'playbook/serial-and-rolling': {
    title: 'A play with both serial and rolling',
    explanation:
      'Each of them says which hosts go together. rolling goes batch after batch of its own, so that serial would have no effect: say with rolling.batch how many hosts go at once.',
  },
} as const satisfies CodeTable;
