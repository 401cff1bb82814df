import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { defineModule } from '../module/define.ts';
import type { Need, VarsFolder } from '../module/need.ts';
import { bool, choice, int, list, optional, path, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z
  .strictObject({
    file: optional(path(), 'YAML or JSON file of the controller, searched in `vars/` of the role or playbook'),
    dir: optional(path(), 'Folder whose files are all read, in the order of their names'),
    name: optional(text(), 'Put the variables below this one rather than set each'),
    depth: withDefault(int({ min: 0 }), 0, 'How deep to go into a folder; 0 has no limit'),
    files_matching: optional(text(), "Python's regular expression of the names to read"),
    ignore_files: withDefault(list(text()), [], "Python's regular expressions of names to pass over"),
    extensions: withDefault(list(text()), ['yaml', 'yml', 'json'], 'Which files of a folder hold variables'),
    ignore_unknown_extensions: withDefault(bool(), false, 'Pass over files of other extensions rather than fail'),
    hash_behaviour: withDefault(
      choice(['replace', 'merge']),
      'replace',
      'What becomes of a mapping that two files have',
    ),
  })
  .superRefine((p, context) => {
    if ((p.file === undefined) === (p.dir === undefined)) {
      context.addIssue({ code: 'custom', message: 'Exactly one of "file" and "dir" is required', path: ['file'] });
    }
  });

type Params = z.output<typeof params>;

function needOf(p: Params): Need & { kind: 'vars' } {
  if (p.dir === undefined) return { kind: 'vars', src: p.file ?? '' };
  const folder: VarsFolder = {
    depth: p.depth,
    extensions: p.extensions.map((extension) => extension.replace(/^\./, '')),
    ignoreUnknown: p.ignore_unknown_extensions,
    ignoreFiles: p.ignore_files,
    merge: p.hash_behaviour === 'merge',
    ...(p.files_matching === undefined ? {} : { filesMatching: p.files_matching }),
  };
  return { kind: 'vars', src: p.dir, folder };
}

function named(p: Params, vars: JsonObject): JsonObject {
  return p.name === undefined ? vars : { [p.name]: vars };
}

/** Variables out of a file, while the play runs. */
export default defineModule({
  name: 'include_vars',
  aliases: ['ansible.builtin.include_vars', 'ansible.legacy.include_vars'],
  summary: 'Reads variables from a file of the controller',
  examples: ['include_vars: "{{ ansible_distribution }}.yml"', 'include_vars:\n  dir: vars/lab\n  name: lab'],
  params,
  freeForm: 'file',
  returns: z.object({
    ansible_facts: z.looseObject({}).meta({ description: 'The variables' }),
    ansible_included_var_files: z.array(z.string()).meta({ description: 'Files that were read' }),
  }),
  convergence: () => 'reads',
  needs: (p) => [needOf(p)],
  observe: () => [],
  plan: (p, _seen, inputs) =>
    plan([], {
      effects: [{ kind: 'set-facts', facts: named(p, inputs(needOf(p)).vars), as: 'include_vars' }],
      why: 'a variable of the controller changes nothing on the host',
    }),
  result: (p, _seen, _plan, _done, inputs) => {
    const { vars, path: found, files } = inputs(needOf(p));
    return { ansible_facts: named(p, vars), ansible_included_var_files: [...(files ?? [found])] };
  },
});
