import { z } from 'zod';
import { file, mounts } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import { run } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { type Context, defineModule, type Plan, type Seen } from '../module/define.ts';
import { type Edited, type EditWish, editQuery, planEdit } from '../module/edit-file.ts';
import { type FstabEntry, withEntry, withoutEntry } from '../module/fstab.ts';
import { bool, choice, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';
import { backupFields } from '../module/put-file.ts';

const params = z
  .strictObject({
    path: required(path(), 'Where it is mounted', { aliases: ['name'] }),
    state: required(
      choice(['absent', 'absent_from_fstab', 'mounted', 'present', 'unmounted', 'remounted', 'ephemeral']),
      'mounted: now and in fstab; present: in fstab; unmounted: not now; absent: neither, and the directory goes; ephemeral: now alone; remounted: mounted anew',
    ),
    src: optional(text(), 'Device, or what else is mounted'),
    fstype: optional(text(), 'Type of the file system'),
    opts: optional(text(), 'Options; "defaults" when left out'),
    dump: withDefault(text(), '0', 'Whether dump looks at it'),
    passno: withDefault(text(), '0', 'When fsck looks at it'),
    boot: withDefault(bool(), true, 'Mount it at boot; off adds the option noauto'),
    fstab: withDefault(path(), '/etc/fstab', 'The file'),
    backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
  })
  .superRefine((p, context) => {
    const needsSource = p.state === 'mounted' || p.state === 'present' || p.state === 'ephemeral';
    for (const field of ['src', 'fstype'] as const) {
      if (needsSource && p[field] === undefined) {
        context.addIssue({ code: 'custom', message: `"${field}" is required with state "${p.state}"`, path: [field] });
      }
    }
  });

type Params = z.output<typeof params>;

function entryOf(p: Params): FstabEntry {
  const asked = p.opts ?? 'defaults';
  const opts = p.boot || asked.split(',').includes('noauto') ? asked : `${asked},noauto`;
  return { src: p.src ?? '', path: p.path, fstype: p.fstype ?? '', opts, dump: p.dump, passno: p.passno };
}

function wishOf(p: Params): EditWish {
  const attributes = { mode: undefined, owner: undefined, group: undefined };
  return { path: p.fstab, attributes, backup: p.backup, validate: undefined, create: true };
}

function edited(p: Params, old: string): Edited {
  const isKept = p.state === 'mounted' || p.state === 'present';
  const text = isKept ? withEntry(old, entryOf(p)) : withoutEntry(old, p.path, p.src);
  return { text, msg: text === old ? '' : 'changed' };
}

/** Where mount reads the table from. */
const tableWords = (p: Params): readonly string[] => (p.fstab === '/etc/fstab' ? [] : ['-T', p.fstab]);

const touchesTable = (p: Params): boolean => ['mounted', 'present', 'absent', 'absent_from_fstab'].includes(p.state);

function mountWords(p: Params): readonly string[] {
  const { src, fstype, opts } = entryOf(p);
  if (p.state !== 'ephemeral') return ['mount', ...tableWords(p), p.path];
  return ['mount', '-t', fstype, '-o', opts, src, p.path];
}

/** With options that were asked for; others are those of the table. */
function remountWords(p: Params): readonly string[] {
  const opts = entryOf(p).opts;
  const asked = p.state === 'remounted' && opts === 'defaults' ? 'remount' : `remount,${opts}`;
  return ['mount', ...tableWords(p), '-o', asked, p.path];
}

/** What is mounted there, last one on top. */
function mountedAt(p: Params, seen: Seen): { readonly source: string } | undefined {
  const at = p.path.replace(/(.)\/+$/, '$1');
  return seen(mounts()).mounts.findLast((one) => one.target === at);
}

/** A table with an entry that cannot be mounted stops the next boot: it is put back where mounting fails. */
function orBack(p: Params, seen: Seen, tableChanges: boolean, words: readonly string[]): Change {
  const mounting = run(words, { touches: ['mounts', `file:${p.path}`] });
  const hasDirectory = seen(file(p.path, { follow: true })).exists;
  const undo: readonly Change[] = [
    ...(tableChanges ? [oldTable(p.fstab, seen)] : []),
    ...(hasDirectory ? [] : [run(['rmdir', '--', p.path], { touches: [`file:${p.path}`] })]),
  ];
  if (undo.length === 0) return mounting;
  return { kind: 'transaction', summary: words.join(' '), do: [mounting], verify: [], undo };
}

function oldTable(path: string, seen: Seen): Change {
  const fact = seen(editQuery(path));
  // Ansible leaves an empty table where there was none.
  const content = (fact.exists ? fact.content : undefined) ?? new Uint8Array();
  return { kind: 'write-file', path, content: contentOf(content), backup: false, follow: true };
}

function mountChanges(p: Params, seen: Seen, tableChanges: boolean): readonly Change[] | string {
  const current = mountedAt(p, seen);
  const touches = ['mounts', `file:${p.path}`];
  const directory: readonly Change[] = seen(file(p.path, { follow: true })).exists
    ? []
    : [{ kind: 'make-directory', path: p.path, parents: true }];
  switch (p.state) {
    case 'mounted':
      if (current === undefined) return [...directory, orBack(p, seen, tableChanges, mountWords(p))];
      return tableChanges ? [orBack(p, seen, tableChanges, remountWords(p))] : [];
    case 'ephemeral':
      if (current === undefined) return [...directory, orBack(p, seen, false, mountWords(p))];
      if (current.source !== p.src)
        return `Ephemeral mount point is already mounted with a different source: ${current.source}`;
      return [run(['mount', '-o', `remount,${entryOf(p).opts}`, p.path], { touches })];
    case 'remounted':
      return current === undefined ? `"${p.path}" is not mounted` : [run(remountWords(p), { touches })];
    case 'unmounted':
      return current === undefined ? [] : [run(['umount', p.path], { touches })];
    case 'absent':
      // What the table does not have is left alone, as in Ansible.
      return current === undefined || !tableChanges ? [] : [run(['umount', p.path], { touches })];
    case 'present':
    case 'absent_from_fstab':
    default:
      return [];
  }
}

function planMount(p: Params, seen: Seen, context: Context): Plan {
  const table = touchesTable(p) ? planEdit(wishOf(p), (old) => edited(p, old), seen, context) : plan([]);
  if (table.kind === 'refuse') return table;
  const mounting = mountChanges(p, seen, table.changes.length > 0);
  if (typeof mounting === 'string') return refuse(mounting);
  const removal: readonly Change[] =
    p.state === 'absent' && table.changes.length > 0 && seen(file(p.path, { follow: true })).exists
      ? [run(['rmdir', '--', p.path], { touches: [`file:${p.path}`] })]
      : [];
  const changes = [...table.changes, ...mounting, ...removal];
  return plan(changes, changes.length === 0 ? { why: `the mount is ${p.state} already` } : {});
}

/** Mounts, now and at boot. */
export default defineModule({
  name: 'mount',
  aliases: ['ansible.posix.mount'],
  summary: 'Mounts file systems, now and at boot',
  examples: ['mount:\n  path: /var/lib/etcd\n  src: LABEL=etcd\n  fstype: ext4\n  opts: noatime\n  state: mounted'],
  params,
  returns: z.object({
    name: z.string().meta({ description: 'Where it is mounted' }),
    src: z.string().optional().meta({ description: 'What is mounted' }),
    fstype: z.string().optional().meta({ description: 'Type of the file system' }),
    opts: z.string().optional().meta({ description: 'Options' }),
    dump: z.string().meta({ description: 'Whether dump looks at it' }),
    passno: z.string().meta({ description: 'When fsck looks at it' }),
    fstab: z.string().meta({ description: 'The file' }),
    boot: z.string().meta({ description: '"yes" or "no"' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
  }),
  convergence: (p) => (p.state === 'remounted' || p.state === 'ephemeral' ? 'always' : 'converges'),
  observe: (p) => [mounts(), file(p.path, { follow: true }), ...(touchesTable(p) ? [editQuery(p.fstab)] : [])],
  plan: (p, seen, _inputs, context) => planMount(p, seen, context),
  result: (p, _seen, _plan, done) => ({
    name: p.path,
    ...(p.src === undefined ? {} : { src: p.src }),
    ...(p.fstype === undefined ? {} : { fstype: p.fstype }),
    opts: entryOf(p).opts,
    dump: p.dump,
    passno: p.passno,
    fstab: p.fstab,
    boot: p.boot ? 'yes' : 'no',
    ...backupFields(done),
    ...(done.some((outcome) => outcome.status === 'failed') && touchesTable(p) ? { changed: false } : {}),
  }),
});
