import { z } from 'zod';
import { attributesOf, attributeParams, identityQueries } from '../module/attributes.ts';
import { defineModule } from '../module/define.ts';
import { type EditWish, editFields, editQuery, planEdit } from '../module/edit-file.ts';
import { editLine } from '../module/line-edit.ts';
import { bool, choice, optional, path, required, text, withDefault } from '../module/params.ts';
import { backupFields } from '../module/put-file.ts';

const params = z
  .strictObject({
    path: required(path(), 'File on the host', { aliases: ['dest', 'destfile', 'name'] }),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether the line shall be there'),
    line: optional(text(), 'The line', { aliases: ['value'] }),
    regexp: optional(text(), "Python's regular expression of the line to replace or remove; the last match counts", {
      aliases: ['regex'],
    }),
    search_string: optional(text(), 'Text within the line to replace or remove; the last match counts'),
    insertafter: optional(text(), 'Where a new line goes: behind the last match of this expression, or "EOF", "BOF"'),
    insertbefore: optional(text(), 'Where a new line goes: before the last match of this expression, or "BOF"'),
    backrefs: withDefault(bool(), false, 'Expand \\1 and \\g<name> in `line`; without a match nothing is done'),
    firstmatch: withDefault(bool(), false, 'The first match counts rather than the last'),
    create: withDefault(bool(), false, 'Make the file where it is missing'),
    backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
    validate: optional(text(), 'Command that must accept the new file before it is put in place; %s stands for it'),
    ...attributeParams,
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.insertafter !== undefined && p.insertbefore !== undefined)
      issue('Only one of "insertafter" and "insertbefore" can be given', 'insertbefore');
    if (p.regexp !== undefined && p.search_string !== undefined)
      issue('Only one of "regexp" and "search_string" can be given', 'search_string');
    if (p.backrefs && p.regexp === undefined) issue('"backrefs" needs "regexp"', 'backrefs');
    if (p.state === 'present' && p.line === undefined) issue('"line" is required with state "present"', 'line');
    if (p.state === 'absent' && p.line === undefined && p.regexp === undefined && p.search_string === undefined) {
      issue('One of "line", "regexp" and "search_string" is required with state "absent"', 'line');
    }
  });

type Params = z.output<typeof params>;

function wishOf(p: Params): EditWish {
  const attributes = attributesOf(p);
  const create = p.create || p.state === 'absent';
  const { path, backup, validate } = p;
  return { path, attributes, backup, validate, create, calledWhenMissing: 'Destination' };
}

/** One line of a text file. */
export default defineModule({
  name: 'lineinfile',
  aliases: ['ansible.builtin.lineinfile', 'ansible.legacy.lineinfile'],
  summary: 'Makes sure that a line stands in a text file, or that none does',
  examples: [
    'lineinfile:\n  path: /etc/hosts\n  line: 127.0.0.1 lb.cluster.local\n  regexp: \\slb\\.cluster\\.local$',
    'lineinfile:\n  path: /etc/ssh/sshd_config\n  regexp: ^#?PermitRootLogin\n  line: PermitRootLogin no\n  validate: sshd -t -f %s',
  ],
  params,
  returns: z.object({
    msg: z.string().optional().meta({ description: 'What was done: "line added", "line replaced", …' }),
    found: z.int().optional().meta({ description: 'How many lines were removed' }),
    backup: z.string().optional().meta({ description: 'Where the old file was kept; empty where it was not' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [editQuery(p.path), ...identityQueries(p)],
  plan: (p, seen, _inputs, context) => planEdit(wishOf(p), (old) => editLine(old, p), seen, context),
  result: (p, seen, _plan, done) => {
    const fields = editFields(wishOf(p), (old) => editLine(old, p), seen);
    const backup = backupFields(done).backup_file ?? '';
    if (p.state === 'present') return { ...fields, backup };
    const fact = seen.maybe(editQuery(p.path));
    if (fact?.exists === false) return { msg: 'file not present', found: 0 };
    return { ...fields, backup, found: Number.parseInt(fields.msg ?? '', 10) || 0 };
  },
  fuses: true,
});
