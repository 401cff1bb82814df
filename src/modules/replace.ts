import { z } from 'zod';
import { attributesOf, attributeParams, identityQueries } from '../module/attributes.ts';
import { defineModule } from '../module/define.ts';
import { type EditWish, editFields, editQuery, planEdit } from '../module/edit-file.ts';
import { bool, choice, optional, path, required, text, withDefault } from '../module/params.ts';
import { backupFields } from '../module/put-file.ts';
import { editMatches } from '../module/replace-edit.ts';

const params = z.strictObject({
  path: required(path(), 'File on the host', { aliases: ['dest', 'destfile', 'name'] }),
  regexp: required(text(), "Python's regular expression of what to replace; ^ and $ match at every line"),
  replace: withDefault(text(), '', 'What to put in its place, with \\1 and \\g<name> of the match'),
  after: optional(text(), 'Only behind what this expression matches'),
  before: optional(text(), 'Only before what this expression matches'),
  backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
  validate: optional(text(), 'Command that must accept the new file before it is put in place; %s stands for it'),
  encoding: withDefault(choice(['utf-8', 'UTF-8', 'utf8']), 'utf-8', 'Encoding of the file; UTF-8 alone'),
  ...attributeParams,
});

type Params = z.output<typeof params>;

function wishOf(p: Params): EditWish {
  const attributes = attributesOf(p);
  return { path: p.path, attributes, backup: p.backup, validate: p.validate, create: false };
}

/** Every match of a pattern in a text file. */
export default defineModule({
  name: 'replace',
  aliases: ['ansible.builtin.replace', 'ansible.legacy.replace'],
  summary: 'Replaces every match of a pattern in a text file',
  examples: [
    'replace:\n  path: /etc/containerd/config.toml\n  regexp: SystemdCgroup = false\n  replace: SystemdCgroup = true',
  ],
  params,
  returns: z.object({
    msg: z.string().optional().meta({ description: 'How many replacements were made' }),
    rc: z.int().optional().meta({ description: '0' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [editQuery(p.path), ...identityQueries(p)],
  plan: (p, seen, _inputs, context) => planEdit(wishOf(p), (old) => editMatches(old, p), seen, context),
  result: (p, seen, _plan, done) => ({
    ...editFields(wishOf(p), (old) => editMatches(old, p), seen),
    rc: 0,
    ...backupFields(done),
  }),
  fuses: true,
});
