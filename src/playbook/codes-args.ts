import type { CodeTable } from '../core/diagnostic.ts';

/** What is wrong with the arguments of a module. */
export const argsCodes = {
  'args/unknown-parameter': {
    title: 'A parameter that the module does not have',
    explanation: 'Modules refuse parameters that they do not know, since a misspelt one would silently do nothing.',
  },
  'args/missing-parameter': {
    title: 'A parameter that must be given is missing',
    explanation: 'The module cannot do anything without it, and neither the task nor module_defaults gives it.',
  },
  'args/duplicate-parameter': {
    title: 'A parameter is given twice',
    explanation:
      'Some parameters have several names, such as `dest` and `path`. Both stand there, and only one can count. Keep one.',
  },
  'args/bad-value': {
    title: 'A value that the module cannot take',
    explanation:
      'The literal value of a parameter, or the parameters together, are not what the module takes. What is computed is checked as soon as it is known, in the run.',
  },
  'args/yaml11-boolean': {
    title: 'A boolean written as YAML 1.1 has it',
    explanation:
      'hlb reads YAML 1.2, in which yes, no, on and off are texts. Where a boolean is expected hlb takes them for one, as Ansible does, and warns. Write true or false.',
  },
  'args/not-a-mapping': {
    title: 'Arguments that are no mapping',
    explanation:
      'A module takes its arguments as `name: value` below it, as `name=value` behind it, or as a template that yields a mapping.',
  },
  'args/bad-text': {
    title: 'Text where name=value is expected',
    explanation:
      'Behind the name of a module stand `name=value` pairs. Only command, shell and a few others take free text. A value with blanks needs quotes.',
  },
  'args/mixed-forms': {
    title: 'Arguments come from a template and from a mapping',
    explanation: 'Which of them wins would depend on what the template yields. Write all arguments in one mapping.',
  },
} as const satisfies CodeTable;
