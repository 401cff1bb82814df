import type { CodeTable } from '../core/diagnostic.ts';

/** What the diagnostics of variables stand for. */
export const varsCodes: CodeTable = {
  'vars/invalid-name': {
    title: 'A variable has a name that no expression can use',
    explanation:
      'A variable begins with a letter or "_", goes on with letters, digits and "_" (all ASCII), and is none of the words of Python such as "class" or "not": otherwise {{ name }} would mean something else, as {{ a-b }} means a minus b. In the files of an inventory it is a warning, since Ansible reads such names there and they can still be had as hostvars[host]["a-b"]. Rename it.',
  },
  'vars/magic-name': {
    title: 'A variable has the name of one that hlb sets',
    explanation:
      'Variables such as inventory_hostname, groups and hostvars describe the run itself and are stronger than all others, so the value given here is never read. Take another name.',
  },
  'vars/reserved-name': {
    title: 'A variable has the name of a keyword',
    explanation:
      'Keywords of plays and tasks, such as "tags", "port" or "environment", may also be names of variables, and Ansible warns of it as hlb does: one indentation too few or too many turns one into the other unseen. Take another name.',
  },
  'vars/yaml11-boolean': {
    title: 'A word that YAML 1.1 takes for true or false',
    explanation:
      'Ansible reads YAML 1.1, where yes, no, on and off without quotes are booleans (in the three cases yes, Yes and YES); YAML 1.2, which hlb reads otherwise, has them as texts. In variables hlb does as Ansible does, so that an inventory keeps its meaning, and warns. Write true or false where a boolean is meant, and quotes where a text is meant, as in country: "no".',
  },
  'vars/yaml11-number': {
    title: 'A number that YAML 1.1 reads in another way',
    explanation:
      'Ansible reads YAML 1.1, where 0644 is octal (420), 1_000 is 1000, 1:30 counts in sixties (90), while 1e3 and 0o17 are texts. In variables hlb does as Ansible does, so that an inventory keeps its meaning, and warns wherever YAML 1.2 reads something else. (A date such as 2001-12-14 is a text in hlb, with and without quotes.) Write file modes in quotes, as in mode: "0644", and numbers in plain decimal.',
  },
  'vars/not-a-mapping': {
    title: 'Variables that are not a mapping',
    explanation:
      'A file or a "vars" keyword holds variables as "name: value", one below the other. Something else was found.',
  },
  'vars/vault-locked': {
    title: 'A vault that cannot be opened',
    explanation:
      'A value tagged !vault, or a file that begins with $ANSIBLE_VAULT, is encrypted, and no password was given that opens it. Give one with --vault-password-file or --ask-vault-pass.',
  },
};
