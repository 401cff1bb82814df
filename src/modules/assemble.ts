import { posix } from 'node:path';
import { z } from 'zod';
import { compilePythonRegex } from '../core/python-regex.ts';
import { directory, file } from '../host/ask.ts';
import type { DirectoryQuery, FileQuery } from '../host/observation.ts';
import { attributesOf, attributeParams, attributeReturns, identityQueries } from '../module/attributes.ts';
import { contentOf, hashOf } from '../module/content.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { targetQuery } from '../module/destination.ts';
import type { Inputs, Need } from '../module/need.ts';
import { bool, optional, path, required, text, withDefault } from '../module/params.ts';
import { refuse } from '../module/plan.ts';
import { backupFields, type FileWish, fileFields, planFile } from '../module/put-file.ts';

const params = z
  .strictObject({
    src: required(path(), 'Directory with the fragments'),
    dest: required(path(), 'File that is made of them'),
    remote_src: withDefault(bool(), true, 'The fragments lie on the host; off: on the controller'),
    delimiter: optional(text(), 'What to put between two fragments; escapes such as \\n count'),
    regexp: optional(text(), "Python's regular expression that the name of a fragment must match"),
    ignore_hidden: withDefault(bool(), false, 'Leave out names that begin with a dot'),
    backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
    validate: optional(text(), 'Command that must accept the new file before it is put in place; %s stands for it'),
    ...attributeParams,
  })
  .superRefine((p, context) => {
    const regex = compilePythonRegex(p.regexp ?? '');
    if (!regex.ok) context.addIssue({ code: 'custom', message: regex.error, path: ['regexp'] });
  });

type Params = z.output<typeof params>;

const needOf = (p: Params): Need & { kind: 'tree' } => ({ kind: 'tree', src: p.src });
const listQuery = (p: Params): DirectoryQuery => directory(p.src, { depth: 1 });
const fragmentQuery = (p: Params, name: string): FileQuery =>
  file(posix.join(p.src, name), { follow: true, contentLimit: 16 * 1024 * 1024 });

function takes(p: Params, name: string): boolean {
  if (p.ignore_hidden && name.startsWith('.')) return false;
  const regex = compilePythonRegex(p.regexp ?? '');
  return regex.ok && regex.value.test(name);
}

function names(p: Params, seen: Seen): readonly string[] {
  const entries = seen.maybe(listQuery(p))?.entries ?? [];
  const files = entries.filter((entry) => entry.file.type === 'file' || entry.file.type === 'link');
  return files
    .map((entry) => entry.path)
    .filter((name) => takes(p, name))
    .sort();
}

/** The fragments' bytes, or what is in the way. */
function fragments(p: Params, seen: Seen, inputs: Inputs): readonly Uint8Array[] | string {
  if (p.remote_src) {
    return names(p, seen).flatMap((name) => {
      const fact = seen(fragmentQuery(p, name));
      return fact.exists && fact.content !== undefined ? [fact.content] : [];
    });
  }
  const tree = inputs(needOf(p));
  if (!tree.isDirectory) return `Source (${p.src}) is not a directory`;
  const taken = tree.files.filter((one) => !one.relative.includes('/') && takes(p, one.relative));
  const parts = taken.map((one) => one.content).flatMap((one) => (one.kind === 'bytes' ? [one.bytes] : []));
  return parts.length === taken.length
    ? parts
    : 'A fragment of the controller is too big; copy the directory to the host first';
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

function delimiterOf(p: Params): string {
  if (p.delimiter === undefined || p.delimiter === '') return '';
  const text = p.delimiter.replace(/\\([ntr\\'"])/g, (_, letter: string) => escapes[letter] ?? letter);
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** A fragment that does not end its last line gets a line end before what follows. */
function assembled(p: Params, parts: readonly Uint8Array[]): Uint8Array {
  const delimiter = Buffer.from(delimiterOf(p));
  const lineEnd = 0x0a;
  const pieces = parts.flatMap((part, index) => {
    const before = parts[index - 1];
    if (before === undefined) return [part];
    return [...(before.at(-1) === lineEnd ? [] : [Buffer.of(lineEnd)]), delimiter, part];
  });
  return Buffer.concat(pieces);
}

function wishOf(p: Params, parts: readonly Uint8Array[]): FileWish {
  const attributes = attributesOf(p);
  const { dest, backup, validate } = p;
  return {
    path: dest,
    content: contentOf(assembled(p, parts)),
    attributes,
    backup,
    validate,
    follow: false,
    force: true,
  };
}

/** One file, made of the files of a directory. */
export default defineModule({
  name: 'assemble',
  aliases: ['ansible.builtin.assemble', 'ansible.legacy.assemble'],
  summary: 'Makes one file of the fragments in a directory',
  examples: ['assemble:\n  src: /etc/haproxy/conf.d\n  dest: /etc/haproxy/haproxy.cfg\n  validate: haproxy -c -f %s'],
  params,
  returns: z.object({
    dest: z.string().meta({ description: 'Path of the file' }),
    src: z.string().meta({ description: 'The directory' }),
    checksum: z.string().optional().meta({ description: 'SHA-1 of the file' }),
    md5sum: z.string().optional().meta({ description: 'MD5 of the file' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
    msg: z.string().optional().meta({ description: '`OK`' }),
    ...attributeReturns,
  }),
  convergence: () => 'converges',
  needs: (p) => (p.remote_src ? [] : [needOf(p)]),
  observe: (p, seen) => [
    targetQuery(p.dest, false),
    ...identityQueries(p),
    ...(p.remote_src ? [listQuery(p), ...names(p, seen).map((name) => fragmentQuery(p, name))] : []),
  ],
  plan: (p, seen, inputs, context) => {
    if (p.remote_src && !seen(listQuery(p)).exists) return refuse(`Source (${p.src}) does not exist`);
    const parts = fragments(p, seen, inputs);
    if (typeof parts === 'string') return refuse(parts);
    return planFile(wishOf(p, parts), seen(targetQuery(p.dest, false)), seen, context, undefined);
  },
  result: (p, seen, _plan, done, inputs) => {
    const parts = fragments(p, seen, inputs);
    const fact = seen.maybe(targetQuery(p.dest, false));
    if (typeof parts === 'string' || fact === undefined) return { dest: p.dest, src: p.src };
    const bytes = assembled(p, parts);
    return {
      dest: p.dest,
      src: p.src,
      checksum: hashOf('sha1', bytes),
      md5sum: hashOf('md5', bytes),
      msg: 'OK',
      ...fileFields(wishOf(p, parts), fact, seen),
      ...backupFields(done),
    };
  },
  fuses: true,
});
