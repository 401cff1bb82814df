import type { CodeTable } from '../core/diagnostic.ts';

/** What is found by holding the parts of a playbook against each other. */
export const checkCodes = {
  'playbook/undefined-variable': {
    title: 'A variable that nothing defines',
    explanation:
      'No play, role, inventory, file of variables, earlier task, fact or -e defines the name, on any path that leads to this place, so that the task would fail on every host. Names under `default`, `is defined` or a condition that asks for them are left alone, and so is everything after a construct whose names are only known when it runs.',
  },
  'playbook/unread-variable': {
    title: 'A variable that nothing reads, nearly named as another',
    explanation:
      'A play, a role or the inventory sets the variable, and no file of the playbook speaks of it, while another has nearly the same name: an override that was misspelt does nothing, unseen. Correct the name, or remove the variable.',
  },
  'playbook/unknown-field': {
    title: 'A field that a value never has',
    explanation:
      'It is known what a registered result holds, as every module says what it returns, and what a variable holds that is written out in one place. The field is in none of the values that could be there.',
  },
  'playbook/unknown-handler': {
    title: 'notify names a handler that is not there',
    explanation:
      'A task notifies a handler by its name, by `role : name`, or by a topic it listens to. No handler of the play, of its roles or of what it includes has this one.',
  },
  'playbook/unknown-host-pattern': {
    title: 'hosts names what the inventory does not have',
    explanation:
      'The pattern is neither a host nor a group of the inventory, and no task before could have added it: the play would run on no host. Behind "!" it is only a warning, as there is nothing to leave out.',
  },
  'playbook/unknown-group': {
    title: 'A group that the inventory does not have',
    explanation:
      'The expression reads `groups.name` of a group that is not there. Where it may be missing, add `| default([])`.',
  },
  'playbook/unknown-host': {
    title: 'A host that the inventory does not have',
    explanation: 'The expression reads `hostvars` of a host that is not there.',
  },
  'playbook/type-mismatch': {
    title: 'An operator or a filter that cannot take such values',
    explanation:
      'Whatever values the variables come to have, those of these types cannot be joined, compared or filtered so: text and a number are joined with "~", compared behind "| int", and merged mappings need "combine".',
  },
  'playbook/loop-not-list': {
    title: 'A loop over what is no list',
    explanation:
      '`loop` takes a list. A mapping becomes one with `dict2items`, text with `split`; the lines of a result are in `stdout_lines`.',
  },
  'playbook/constant-condition': {
    title: 'A condition that is always true',
    explanation:
      'A whole mapping, such as the result of a task, always counts as true. Ask for what you mean: `result is changed`, `result.rc == 0`.',
  },
  'playbook/no-boolean': {
    title: 'A condition that is no boolean',
    explanation:
      'A text, a number or a list stands where true or false is asked for. hlb asks whether it is empty or 0, as Ansible did up to 2.18; Ansible 2.19 fails the task. Compare it: `result.stdout | length > 0`, `count != 0`. What `-e name=value` gives is a text too: `name | bool`.',
  },
  'playbook/never-runs': {
    title: 'Something that can never run',
    explanation:
      'The condition is false whatever the variables are, or the task before always ends the host or the play. A plain `when: false` is taken as meant.',
  },
} as const satisfies CodeTable;
