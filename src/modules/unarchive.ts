import { posix } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { file, glob, identity } from '../host/ask.ts';
import type { Change, Unpack } from '../host/change.ts';
import type { FileQuery, Observation } from '../host/observation.ts';
import {
  type ArchiveSelection,
  compareQuery,
  handlerName,
  isZip,
  listQuery,
  tarDiffers,
  zipEntries,
} from '../module/archive.ts';
import {
  attributeFields,
  attributeParams,
  attributeReturns,
  differingAttributes,
  identityProblem,
  identityQueries,
  isEmpty,
  newAttributes,
} from '../module/attributes.ts';
import { removePath, writeFile } from '../module/change.ts';
import { hashOf } from '../module/content.ts';
import { defineModule, type Plan, type Seen } from '../module/define.ts';
import type { Inputs, Need } from '../module/need.ts';
import { bool, list, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse, staged } from '../module/plan.ts';
import { setAttributes } from '../module/put-file.ts';

const params = z
  .strictObject({
    src: required(path(), 'Archive of the controller; with `remote_src` of the host, or the URL of one'),
    dest: required(path(), 'Directory of the host to unpack it into'),
    remote_src: withDefault(bool(), false, 'The archive lies on the host, or the host fetches it'),
    copy: optional(bool(), 'Older word for the opposite of `remote_src`'),
    creates: optional(path(), 'Path; where it is there, nothing is unpacked'),
    list_files: withDefault(bool(), false, 'Return the names in the archive as `files`'),
    keep_newer: withDefault(bool(), false, 'Leave files alone that are newer than those in the archive'),
    exclude: withDefault(list(text()), [], 'Patterns of what not to unpack'),
    include: withDefault(list(text()), [], 'Paths to unpack; all when left out'),
    extra_opts: withDefault(list(text()), [], 'Options for tar or unzip'),
    validate_certs: withDefault(bool(), true, 'Verify the certificate of the server'),
    decrypt: withDefault(bool(), true, 'Decrypt a source that is an Ansible Vault file'),
    ...attributeParams,
  })
  .superRefine((p, context) => {
    if (p.exclude.length > 0 && p.include.length > 0) {
      context.addIssue({
        code: 'custom',
        message: 'Only one of "include" and "exclude" can be given',
        path: ['include'],
      });
    }
  });

type Params = z.output<typeof params>;

function isRemote(p: Params): boolean {
  return p.copy === undefined ? p.remote_src : !p.copy;
}

const isUrl = (src: string): boolean => src.includes('://');
const needOf = (p: Params): Need & { kind: 'file' } => ({
  kind: 'file',
  src: p.src,
  ...(p.decrypt ? {} : { decrypt: false }),
});

/** Where the archive lies on the host; what has to be brought there goes below /var/tmp. */
function archiveOf(p: Params, inputs: Inputs): string {
  if (isRemote(p) && !isUrl(p.src)) return p.src;
  const key = isRemote(p) ? hashOf('sha256', p.src) : inputs(needOf(p)).content.sha256;
  const name = posix.basename(isRemote(p) ? new URL(p.src).pathname : p.src);
  return `/var/tmp/.hlb-${key.slice(0, 16)}-${name}`;
}

function selectionOf(p: Params): ArchiveSelection {
  const newer = p.keep_newer && !isZip(p.src) ? ['--keep-newer-files'] : [];
  return { exclude: p.exclude, include: p.include, extra_opts: [...p.extra_opts, ...newer] };
}

const destQuery = (p: Params): FileQuery => file(p.dest, { follow: true });
const archiveQuery = (archive: string): FileQuery => file(archive, { follow: true });

/** What is asked once the archive is there. */
function archiveQueries(p: Params, archive: string, seen: Seen): readonly Observation[] {
  const comparison = compareQuery(archive, p.dest, selectionOf(p));
  const entries = isZip(archive) ? zipEntries(seen.maybe(comparison)?.stdout ?? '') : [];
  return [
    archiveQuery(archive),
    comparison,
    ...entries.map((entry) => file(posix.join(p.dest, entry.path))),
    ...(p.list_files || dresses(p) ? [listQuery(archive, selectionOf(p))] : []),
    ...(dresses(p) ? namesIn(p, archive, seen).map((name) => file(posix.join(p.dest, name))) : []),
  ];
}

/** Whether what is unpacked gets attributes that the archive may not have. */
function dresses(p: Params): boolean {
  return (p.mode ?? p.owner ?? p.group) !== undefined;
}

function namesIn(p: Params, archive: string, seen: Seen): readonly string[] {
  const listing = seen.maybe(listQuery(archive, selectionOf(p)))?.stdout ?? '';
  return listing.split('\n').filter((name) => name !== '');
}

/** What is unpacked already, and has other attributes than it shall have. */
function redress(p: Params, archive: string, seen: Seen): readonly Change[] {
  if (!dresses(p)) return [];
  return namesIn(p, archive, seen).flatMap((name): Change[] => {
    const path = posix.join(p.dest, name);
    const fact = seen(file(path));
    if (!fact.exists || fact.type === 'link') return [];
    const differing = differingAttributes(p, fact);
    return isEmpty(differing) ? [] : [setAttributes(path, differing, false)];
  });
}

function differs(p: Params, archive: string, seen: Seen): boolean {
  const comparison = seen(compareQuery(archive, p.dest, selectionOf(p)));
  if (!isZip(archive)) {
    const asked = { owner: p.owner !== undefined, group: p.group !== undefined, mode: p.mode !== undefined };
    return tarDiffers(comparison, { ...asked, isRoot: seen(identity()).uid === 0 });
  }
  const entries = zipEntries(comparison.stdout);
  return (
    entries.length === 0 ||
    entries.some((entry) => {
      const fact = seen(file(posix.join(p.dest, entry.path)));
      return !fact.exists || (fact.type === 'file' && fact.size !== entry.size);
    })
  );
}

function planUnpack(p: Params, archive: string, seen: Seen, cleanup: readonly Change[]): Plan {
  if (!seen(archiveQuery(archive)).exists) return refuse(`Source '${p.src}' does not exist`);
  if (!differs(p, archive, seen)) {
    const changes = [...redress(p, archive, seen), ...cleanup];
    return plan(changes, changes.length === 0 ? { why: 'everything in the archive lies there already' } : {});
  }
  const unpack: Unpack = {
    kind: 'unpack',
    archive,
    into: p.dest,
    extraOptions: selectionOf(p).extra_opts,
    exclude: p.exclude,
    include: p.include,
  };
  // What a symbolic mode comes to differs from file to file: only what was unpacked tells.
  if (p.mode?.kind === 'symbolic') {
    return staged([unpack], {
      observe: (now) => archiveQueries(p, archive, now),
      plan: (now) => plan([...redress(p, archive, now), ...cleanup]),
    });
  }
  return plan([{ ...unpack, ...newAttributes(p, 0, false) }, ...cleanup]);
}

/** An archive, unpacked. */
export default defineModule({
  name: 'unarchive',
  aliases: ['ansible.builtin.unarchive', 'ansible.legacy.unarchive'],
  summary: 'Unpacks an archive on the host',
  examples: [
    'unarchive:\n  src: https://github.com/containerd/containerd/releases/download/v2.0.0/containerd-2.0.0-linux-amd64.tar.gz\n  dest: /usr/local\n  remote_src: true\n  creates: /usr/local/bin/containerd',
    'unarchive:\n  src: cni-plugins.tgz\n  dest: /opt/cni/bin',
  ],
  params,
  returns: z.object({
    dest: z.string().meta({ description: 'The directory' }),
    src: z.string().meta({ description: 'Path of the archive on the host' }),
    handler: z.string().meta({ description: 'Kind of the archive, such as "TgzArchive"' }),
    files: z.array(z.string()).optional().meta({ description: 'With `list_files`: the names in the archive' }),
    ...attributeReturns,
  }),
  convergence: () => 'converges',
  needs: (p) => (isRemote(p) ? [] : [needOf(p)]),
  observe: (p, seen, inputs) => {
    const guard = p.creates === undefined ? [] : [glob(p.creates)];
    const isThere = isRemote(p) && !isUrl(p.src);
    return [
      ...guard,
      destQuery(p),
      ...identityQueries(p),
      ...(isThere ? archiveQueries(p, archiveOf(p, inputs), seen) : []),
    ];
  },
  plan: (p, seen, inputs, context) => {
    if (p.creates !== undefined && seen(glob(p.creates)).matches.length > 0) {
      return plan([], { why: `skipped, since ${p.creates} exists`, skip: true });
    }
    const dest = seen(destQuery(p));
    if (!dest.exists || dest.type !== 'directory') return refuse(`dest '${p.dest}' must be an existing dir`);
    const problem = context.check ? undefined : identityProblem(p, seen);
    if (problem !== undefined) return refuse(problem);
    const archive = archiveOf(p, inputs);
    if (isRemote(p) && !isUrl(p.src)) return planUnpack(p, archive, seen, []);
    const cleanup = [{ ...removePath(archive), quiet: true }];
    const bring: Change = isRemote(p)
      ? {
          kind: 'download',
          url: p.src,
          path: archive,
          headers: {},
          verifyTls: p.validate_certs,
          timeoutMs: 30_000,
          backup: false,
          mode: 0o600,
          quiet: true,
        }
      : writeFile(archive, inputs(needOf(p)).content, { mode: 0o600, quiet: true });
    return staged([bring], {
      observe: (now) => archiveQueries(p, archive, now),
      plan: (now) => planUnpack(p, archive, now, cleanup),
    });
  },
  result: (p, seen, _plan, _done, inputs): JsonObject => {
    const archive = archiveOf(p, inputs);
    const fact = seen.maybe(destQuery(p));
    // The directory itself is in an archive that was made of `.`.
    const isDressed = namesIn(p, archive, seen).some((name) => /^\.\/?$/.test(name));
    const shown = isDressed ? p : { mode: undefined, owner: undefined, group: undefined };
    return {
      dest: p.dest,
      src: archive,
      handler: handlerName(archive),
      ...(p.list_files ? { files: [...namesIn(p, archive, seen)] } : {}),
      ...attributeFields(shown, fact, seen, { type: 'directory' }),
    };
  },
});
