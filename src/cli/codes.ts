import type { CodeTable } from '../core/diagnostic.ts';

/** What the command line itself may complain about. */
export const cliCodes = {
  'cli/no-inventory': {
    title: 'No inventory was given',
    explanation:
      'Without -i hlb knows no host but localhost. Name the inventory with -i, or set HLB_INVENTORY to it (several paths are separated by ":").',
  },
  'cli/extra-vars': {
    title: 'An argument of -e is not understood',
    explanation:
      '-e takes "name=value" (one or more, separated by spaces), a mapping in YAML or JSON that begins with "{", or "@" and the name of a file with such a mapping.',
  },
  'cli/module-unreadable': {
    title: 'A module beside the playbook does not load',
    explanation:
      'Every file of modules/ (or library/) beside a playbook that ends in .ts, .mts, .js or .mjs is a module, but for tests and those whose name begins with "_". The message says what its loading ended with, and where.',
  },
  'cli/module-invalid': {
    title: 'A file of modules/ exports no module',
    explanation:
      'The default export must be what defineModule gives, with the name of the file: "export default defineModule({ name, summary, examples, params, returns, convergence, observe, plan, result })". The guide docs/guide/writing-a-module.md shows one.',
  },
  'cli/module-taken': {
    title: 'A module beside the playbook bears the name of another',
    explanation:
      'A name means the same in every playbook, so none of the built-in modules can be replaced. Give the module a name of its own.',
  },
  'cli/unreadable-file': {
    title: 'A file that an option names cannot be read',
    explanation: 'The message says which file and why.',
  },
  'cli/no-terminal': {
    title: 'There is nobody to ask for a password',
    explanation:
      'hlb asks for passwords on a terminal only. In CI give --become-password-file, or use keys and an agent for ssh.',
  },
  'cli/unknown-task': {
    title: '--start-at-task names a task that is not there',
    explanation:
      'The name must be that of a task, as --list-tasks prints it; "*" and "?" stand for any text and any character.',
  },
  'cli/unknown-host': {
    title: 'The inventory has no such host',
    explanation: '"hlb inventory --graph" shows all hosts and groups.',
  },
  'cli/unknown-group': {
    title: 'The inventory has no such group',
    explanation: '"hlb inventory --graph" shows all hosts and groups.',
  },
  'cli/unknown-code': {
    title: 'There is no such diagnostic',
    explanation: '"hlb explain" without a code lists all of them.',
  },
} as const satisfies CodeTable;

export type CliCode = keyof typeof cliCodes;
