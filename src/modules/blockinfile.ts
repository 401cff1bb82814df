import { z } from 'zod';
import { attributesOf, attributeParams, identityQueries } from '../module/attributes.ts';
import { editBlock } from '../module/block-edit.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { type Edited, type EditWish, editFields, editQuery, planEdit } from '../module/edit-file.ts';
import { bool, choice, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';
import { backupFields } from '../module/put-file.ts';

const params = z
  .strictObject({
    path: required(path(), 'File on the host', { aliases: ['dest', 'destfile', 'name'] }),
    block: withDefault(text(), '', 'The lines; none takes the block away', { aliases: ['content'] }),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether the block shall be there'),
    marker: withDefault(
      text(),
      '# {mark} ANSIBLE MANAGED BLOCK',
      'Line around the block; {mark} stands for begin and end',
    ),
    marker_begin: withDefault(text(), 'BEGIN', 'What {mark} is at the beginning'),
    marker_end: withDefault(text(), 'END', 'What {mark} is at the end'),
    insertafter: optional(text(), 'Where a new block goes: behind the last match of this expression, or "EOF"'),
    insertbefore: optional(text(), 'Where a new block goes: before the last match of this expression, or "BOF"'),
    prepend_newline: withDefault(
      bool(),
      false,
      'Put a blank line before the block, unless there is one or it is first',
    ),
    append_newline: withDefault(bool(), false, 'Put a blank line behind the block, unless there is one or it is last'),
    create: withDefault(bool(), false, 'Make the file where it is missing'),
    backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
    validate: optional(text(), 'Command that must accept the new file before it is put in place; %s stands for it'),
    ...attributeParams,
  })
  .superRefine((p, context) => {
    if (p.insertafter !== undefined && p.insertbefore !== undefined) {
      const message = 'Only one of "insertafter" and "insertbefore" can be given';
      context.addIssue({ code: 'custom', message, path: ['insertbefore'] });
    }
  });

type Params = z.output<typeof params>;

function wishOf(p: Params): EditWish {
  const attributes = attributesOf(p);
  return { path: p.path, attributes, backup: p.backup, validate: p.validate, create: p.create };
}

function edit(p: Params, old: string, seen: Seen): Edited | string {
  const isNew = !seen(editQuery(p.path)).exists;
  return editBlock(old, { ...p, block: p.state === 'absent' ? '' : p.block }, isNew);
}

/** A block of lines between two markers. */
export default defineModule({
  name: 'blockinfile',
  aliases: ['ansible.builtin.blockinfile', 'ansible.legacy.blockinfile'],
  summary: 'Makes sure that a block of lines stands between two markers in a text file',
  examples: [
    'blockinfile:\n  path: /etc/hosts\n  marker: "# {mark} control planes"\n  block: |\n    {% for host in groups["control_plane"] %}\n    {{ hostvars[host].ansible_host }} {{ host }}\n    {% endfor %}',
    'blockinfile:\n  path: /etc/hosts\n  marker: "# {mark} control planes"\n  state: absent',
  ],
  params,
  returns: z.object({
    msg: z
      .string()
      .optional()
      .meta({ description: 'What was done: "Block inserted", "Block removed", "File created"' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [editQuery(p.path), ...identityQueries(p)],
  plan: (p, seen, _inputs, context) => {
    if (p.state === 'absent' && p.create && !seen(editQuery(p.path)).exists)
      return plan([], { why: 'there is no such file' });
    return planEdit(wishOf(p), (old) => edit(p, old, seen), seen, context);
  },
  result: (p, seen, _plan, done) => {
    if (p.state === 'absent' && seen.maybe(editQuery(p.path))?.exists === false)
      return { msg: `File ${p.path} not present` };
    return { ...editFields(wishOf(p), (old) => edit(p, old, seen), seen), ...backupFields(done) };
  },
  fuses: true,
});
