import { posix } from 'node:path';
import { z } from 'zod';
import { attributesOf, attributeParamsOfCopies, attributeReturns, identityQueries } from '../module/attributes.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { type Destination, destinationPath, destinationQueries, targetQuery } from '../module/destination.ts';
import type { Inputs, Need, TemplateOptions } from '../module/need.ts';
import { bool, choice, filledText, optional, path, required, text, withDefault } from '../module/params.ts';
import { backupFields, type FileWish, fileFields, planFile } from '../module/put-file.ts';

const params = z.strictObject({
  src: required(path(), 'Template on the controller, searched in `templates/` of the role or playbook'),
  dest: required(path(), 'Where it goes; in a directory it keeps its name'),
  backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
  force: withDefault(bool(), true, 'Off: a file that is there is left alone'),
  validate: optional(text(), 'Command that must accept the new file before it is put in place; %s stands for it'),
  follow: withDefault(bool(), false, 'Write through a symlink at `dest` rather than replace it'),
  trim_blocks: withDefault(bool(), true, 'Remove the line end after a block tag'),
  lstrip_blocks: withDefault(bool(), false, 'Remove blanks from the line start to a block tag'),
  newline_sequence: withDefault(
    choice(['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n']),
    '\n',
    'What ends a line of the file',
  ),
  variable_start_string: withDefault(filledText(), '{{', 'What begins an expression'),
  variable_end_string: withDefault(filledText(), '}}', 'What ends an expression'),
  block_start_string: withDefault(filledText(), '{%', 'What begins a block'),
  block_end_string: withDefault(filledText(), '%}', 'What ends a block'),
  comment_start_string: withDefault(filledText(), '{#', 'What begins a comment'),
  comment_end_string: withDefault(filledText(), '#}', 'What ends a comment'),
  output_encoding: withDefault(choice(['utf-8', 'UTF-8', 'utf8']), 'utf-8', 'Encoding of the file; UTF-8 alone'),
  ...attributeParamsOfCopies,
});

type Params = z.output<typeof params>;

function needOf(p: Params): Need & { kind: 'template' } {
  const end = p.newline_sequence.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
  return {
    kind: 'template',
    src: p.src,
    options: {
      trimBlocks: p.trim_blocks,
      lstripBlocks: p.lstrip_blocks,
      newlineSequence: end === '\r' || end === '\r\n' ? end : '\n',
      ...delimitersOf(p),
    },
  };
}

function delimitersOf(p: Params): Pick<TemplateOptions, 'delimiters'> {
  const given = [
    p.variable_start_string,
    p.variable_end_string,
    p.block_start_string,
    p.block_end_string,
    p.comment_start_string,
    p.comment_end_string,
  ];
  if (given.join(' ') === '{{ }} {% %} {# #}') return {};
  return {
    delimiters: {
      variable: [p.variable_start_string, p.variable_end_string],
      block: [p.block_start_string, p.block_end_string],
      comment: [p.comment_start_string, p.comment_end_string],
    },
  };
}

function destination(p: Params): Destination {
  return { dest: p.dest, name: posix.basename(p.src), follow: p.follow };
}

function wishOf(p: Params, inputs: Inputs, seen: Seen): FileWish {
  const { content, mode } = inputs(needOf(p));
  const attributes = attributesOf(p);
  const { backup, validate, follow, force } = p;
  const path = destinationPath(destination(p), seen);
  return { path, content, attributes, sourceMode: mode, backup, validate, follow, force };
}

/** A rendered template as a file of the host. */
export default defineModule({
  name: 'template',
  aliases: ['ansible.builtin.template', 'ansible.legacy.template'],
  summary: 'Renders a template of the controller into a file of the host',
  examples: [
    'template:\n  src: haproxy.cfg.j2\n  dest: /etc/haproxy/haproxy.cfg\n  mode: "0644"\n  validate: haproxy -c -f %s',
  ],
  params,
  returns: z.object({
    dest: z.string().meta({ description: 'Path of the file' }),
    src: z.string().optional().meta({ description: 'Path of the template' }),
    checksum: z.string().optional().meta({ description: 'SHA-1 of the file' }),
    md5sum: z.string().optional().meta({ description: 'MD5 of the file' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
    ...attributeReturns,
  }),
  convergence: () => 'converges',
  needs: (p) => [needOf(p)],
  observe: (p, seen) => [...destinationQueries(destination(p), seen), ...identityQueries(p)],
  plan: (p, seen, inputs, context) => {
    const wish = wishOf(p, inputs, seen);
    const fact = seen(targetQuery(wish.path, p.follow));
    return planFile(wish, fact, seen, context, p.dest.endsWith('/') ? {} : undefined);
  },
  result: (p, seen, _plan, done, inputs) => {
    const wish = wishOf(p, inputs, seen);
    const fact = seen.maybe(targetQuery(wish.path, p.follow));
    if (fact === undefined) return { dest: wish.path };
    const { path, sha1, md5 } = inputs(needOf(p));
    return {
      dest: wish.path,
      src: path,
      checksum: sha1,
      md5sum: md5,
      ...fileFields(wish, fact, seen),
      ...backupFields(done),
    };
  },
  fuses: true,
});
