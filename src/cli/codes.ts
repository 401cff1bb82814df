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
  'cli/unwritable-file': {
    title: 'A file cannot be written',
    explanation:
      'The message says which file and why. Files are replaced in one step, so one that was there is as it was.',
  },
  'cli/vault-password': {
    title: 'A vault password cannot be had',
    explanation:
      'A vault password is the content of a file, what an executable file prints, or what is typed. It cannot be empty, a program must end with exit code 0, and a new password is typed twice. A program whose name ends with "-client" is called with "--vault-id" and the label.',
  },
  'cli/vault-id': {
    title: 'A label of vault passwords is wrong',
    explanation:
      '--vault-id takes "label@source", where the source is a file, a program or "prompt". Where several passwords are given, --encrypt-vault-id says by its label which one encrypts. A label cannot hold ";".',
  },
  'cli/vault-locked': {
    title: 'No vault password opens a file',
    explanation:
      'Give its password by --vault-id, --vault-password-file, --ask-vault-pass, or HLB_VAULT_PASSWORD_FILE in the environment. A vault that was cut or changed by hand cannot be opened at all.',
  },
  'cli/not-a-vault': {
    title: 'A file is not what the vault command needs',
    explanation:
      'decrypt, view, edit and rekey need a file that is encrypted as a whole: its first line begins with "$ANSIBLE_VAULT;". encrypt needs one that is not.',
  },
  'cli/vault-text': {
    title: 'There is no text to encrypt',
    explanation: 'An empty text was given on the command line, on stdin or at the prompt.',
  },
  'cli/editor': {
    title: 'The editor failed',
    explanation:
      'hlb vault edit starts the program that EDITOR (or VISUAL) names, else vi. Where it ends with another exit code than 0 the file stays as it was.',
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
  'cli/what-if': {
    title: 'An argument of --what-if is not understood',
    explanation: '--what-if takes the name of a host and what is supposed of it: "cp2=down" or "cp2=up".',
  },
  'cli/no-roll': {
    title: 'The playbook has no roll to plan',
    explanation:
      'hlb plan shows what "rolling:" of a play, role or block would do, batch by batch. What is only included while the play runs is not seen by it.',
  },
  'cli/no-plan': {
    title: 'A roll cannot be put on paper',
    explanation: 'Something that the roll needs before its first batch cannot be evaluated. The message says what.',
  },
  'cli/nothing-to-ask': {
    title: 'The inventory has no host to ask',
    explanation: '"hlb inventory --graph" shows all hosts and groups.',
  },
  'cli/unknown-play': {
    title: 'No play of a playbook is for a host',
    explanation:
      'hlb vars with --playbook shows the variables of a host in the first play that it is in. No pattern of "hosts:" takes this one.',
  },
  'cli/several-places': {
    title: 'Several plays or tasks could be meant',
    explanation:
      'hlb vars shows the variables at one place of a playbook. The message says at which, and where the other places are; --task names one.',
  },
  'cli/unknown-variable': {
    title: 'Nothing defines a variable for a host',
    explanation:
      'hlb vars knows what an inventory, the files of variables beside it and -e define; --playbook adds those of a playbook, its roles and the files beside it. Facts and results are known when a play runs.',
  },
  'cli/unknown-name': {
    title: 'The reference does not know a name',
    explanation: '"hlb doc" without a name lists all modules, keywords, filters, tests, lookups and functions.',
  },
  'cli/no-folder': {
    title: 'There is no such folder',
    explanation: 'check --explain-unsupported takes a folder with playbooks, roles and inventories in it.',
  },
  'cli/unknown-code': {
    title: 'There is no such diagnostic',
    explanation: '"hlb explain" without a code lists all of them.',
  },
} as const satisfies CodeTable;

export type CliCode = keyof typeof cliCodes;
