import { posix } from 'node:path';
import { z } from 'zod';
import type { Content } from '../host/change.ts';
import {
  type AttributeParams,
  attributesOf,
  attributeParamsOfCopies,
  attributeReturns,
  identityQueries,
  newAttributes,
  newDirectoryMode,
} from '../module/attributes.ts';
import { contentOf, hashOf } from '../module/content.ts';
import { type HostCopy, hostCopyFields, hostCopyQueries, planHostCopy } from '../module/copy-on-host.ts';
import { planTree, type TreeWish, treeQueries } from '../module/copy-tree.ts';
import { defineModule } from '../module/define.ts';
import { type Destination, destinationPath, destinationQueries, targetQuery } from '../module/destination.ts';
import { jsonText } from '../module/json-text.ts';
import type { Inputs, Need } from '../module/need.ts';
import { bool, json, mode, optional, path, required, text, withDefault } from '../module/params.ts';
import { refuse } from '../module/plan.ts';
import { backupFields, type FileWish, fileFields, planFile } from '../module/put-file.ts';

const params = z
  .strictObject({
    src: optional(
      path(),
      'File or folder of the controller (of the host with `remote_src`); a folder with a slash at its end stands for what is in it',
    ),
    content: optional(json(), 'What the file shall hold, instead of `src`; a mapping or list is written as JSON'),
    dest: required(
      path(),
      'Where it goes; with a slash at its end, or where a directory is, the file keeps its name below it',
    ),
    backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
    force: withDefault(bool(), true, 'Off: a file that is there is left alone', { aliases: ['thirsty'] }),
    validate: optional(text(), 'Command that must accept the new file before it is put in place; %s stands for it'),
    directory_mode: optional(mode({ preserve: true }), 'Permission bits of the directories that are made'),
    remote_src: withDefault(bool(), false, 'The source lies on the host'),
    follow: withDefault(bool(), false, 'Write through a symlink at `dest` rather than replace it'),
    local_follow: withDefault(bool(), true, 'Follow symlinks in the source folder of the controller'),
    checksum: optional(text(), 'SHA-1 that the source must have'),
    decrypt: withDefault(bool(), true, 'Decrypt a source that is an Ansible Vault file'),
    ...attributeParamsOfCopies,
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.src === undefined && p.content === undefined) issue('Either "src" or "content" is required', 'src');
    if (p.src !== undefined && p.content !== undefined)
      issue('Only one of "src" and "content" can be given', 'content');
    if (p.content !== undefined && p.dest.endsWith('/'))
      issue('"content" needs a file, and "dest" is a directory', 'dest');
    if (p.remote_src && (p.follow || p.validate !== undefined)) {
      issue('"follow" and "validate" are not supported with "remote_src"', p.follow ? 'follow' : 'validate');
    }
    if (p.content !== undefined && p.remote_src) issue('"remote_src" needs "src"', 'remote_src');
  });

type Params = z.output<typeof params>;

function textOfContent(content: NonNullable<Params['content']>): string {
  if (typeof content === 'boolean') return content ? 'True' : 'False';
  return typeof content === 'object' ? jsonText(content) : String(content);
}

function needOf(p: Params): Need & { kind: 'tree' } {
  return {
    kind: 'tree',
    src: p.src ?? '',
    ...(p.decrypt ? {} : { decrypt: false }),
    ...(p.local_follow ? {} : { followLinks: false }),
  };
}

/** `mode` is the files' alone. */
function directoryAttributes(p: Params): AttributeParams {
  return { ...attributesOf(p), mode: p.directory_mode };
}

/** What is to be done, by where the source comes from. */
type Work =
  | { readonly kind: 'file'; readonly to: Destination; readonly source: Source }
  | { readonly kind: 'tree'; readonly wish: TreeWish }
  | { readonly kind: 'host'; readonly copy: HostCopy };

interface Source {
  readonly content: Content;
  readonly mode?: number;
  readonly sha1: string;
  readonly md5: string;
  readonly path?: string;
}

function workOf(p: Params, inputs: Inputs): Work {
  if (p.content !== undefined) {
    const content = textOfContent(p.content);
    const source = { content: contentOf(content), sha1: hashOf('sha1', content), md5: hashOf('md5', content) };
    return { kind: 'file', to: { dest: p.dest, name: undefined, follow: p.follow }, source };
  }
  const src = p.src ?? '';
  const attributes = attributesOf(p);
  const directory = directoryAttributes(p);
  if (p.remote_src) {
    const { dest, backup, force, checksum } = p;
    return { kind: 'host', copy: { src, dest, attributes, directory, backup, force, checksum } };
  }
  const tree = inputs(needOf(p));
  const single = tree.isDirectory ? undefined : tree.files[0];
  if (single !== undefined) {
    return { kind: 'file', to: { dest: p.dest, name: posix.basename(src), follow: p.follow }, source: single };
  }
  const root = src.endsWith('/') ? p.dest : posix.join(p.dest, posix.basename(src));
  const { backup, validate, follow, force } = p;
  return { kind: 'tree', wish: { tree, root, attributes, directory, file: { backup, validate, follow, force } } };
}

function wishOf(p: Params, source: Source, path: string): FileWish {
  const attributes = attributesOf(p);
  const { backup, validate, follow, force } = p;
  return { path, content: source.content, attributes, sourceMode: source.mode, backup, validate, follow, force };
}

/** Puts a file, a folder or a text onto the host. */
export default defineModule({
  name: 'copy',
  aliases: ['ansible.builtin.copy', 'ansible.legacy.copy'],
  summary: 'Puts a file, a folder or a text of the controller onto the host',
  examples: [
    'copy:\n  src: haproxy.cfg\n  dest: /etc/haproxy/haproxy.cfg\n  mode: "0644"\n  validate: haproxy -c -f %s',
    'copy:\n  content: |\n    br_netfilter\n    overlay\n  dest: /etc/modules-load.d/kubernetes.conf',
    'copy:\n  src: /etc/kubernetes/admin.conf\n  dest: /root/.kube/config\n  remote_src: true\n  mode: "0600"',
  ],
  params,
  returns: z.object({
    dest: z.string().meta({ description: 'Path of the file, or of the directory that stands for the folder' }),
    src: z.string().optional().meta({ description: 'Path of the source' }),
    checksum: z.string().optional().meta({ description: 'SHA-1 of the file' }),
    md5sum: z.string().optional().meta({ description: 'MD5 of the file' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
    ...attributeReturns,
  }),
  convergence: () => 'converges',
  needs: (p) => (p.src === undefined || p.remote_src ? [] : [needOf(p)]),
  observe: (p, seen, inputs) => {
    const work = workOf(p, inputs);
    const identities = identityQueries(p);
    switch (work.kind) {
      case 'file':
        return [...destinationQueries(work.to, seen), ...identities];
      case 'tree':
        return [...treeQueries(work.wish), ...identities];
      case 'host':
      default:
        return [...hostCopyQueries(work.copy, seen), ...identities];
    }
  },
  plan: (p, seen, inputs, context) => {
    const work = workOf(p, inputs);
    if (work.kind === 'tree') return planTree(work.wish, seen, context);
    if (work.kind === 'host') return planHostCopy(work.copy, seen, context);
    if (p.checksum !== undefined && p.checksum !== work.source.sha1) {
      return refuse(`The source has the checksum ${work.source.sha1}, expected ${p.checksum}`);
    }
    const path = destinationPath(work.to, seen);
    const fact = seen(targetQuery(path, p.follow));
    const above = newAttributes(directoryAttributes(p), newDirectoryMode(seen), true);
    const parents = p.dest.endsWith('/') ? above : undefined;
    return planFile(wishOf(p, work.source, path), fact, seen, context, parents);
  },
  result: (p, seen, _plan, done, inputs) => {
    const work = workOf(p, inputs);
    if (work.kind === 'tree')
      return { dest: `${p.dest.replace(/\/$/, '')}/`, src: work.wish.tree.path, state: 'directory' };
    if (work.kind === 'host') return hostCopyFields(work.copy, seen);
    const path = destinationPath(work.to, seen);
    const fact = seen.maybe(targetQuery(path, p.follow));
    if (fact === undefined) return { dest: path };
    return {
      dest: path,
      ...(work.source.path === undefined ? {} : { src: work.source.path }),
      checksum: work.source.sha1,
      md5sum: work.source.md5,
      ...fileFields(wishOf(p, work.source, path), fact, seen),
      ...backupFields(done),
    };
  },
  fuses: true,
});
