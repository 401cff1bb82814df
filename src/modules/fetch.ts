import { posix } from 'node:path';
import { z } from 'zod';
import { file } from '../host/ask.ts';
import type { FileQuery } from '../host/observation.ts';
import { defineModule } from '../module/define.ts';
import { bool, path, required, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    src: required(path(), 'File on the host'),
    dest: required(
      path(),
      'Folder of the controller, below which it goes to HOST/path/of/src; with `flat` the file itself',
    ),
    flat: withDefault(bool(), false, 'Write to `dest` itself, or below it where it ends with a slash'),
    validate_checksum: withDefault(bool(), true, 'Accepted for the sake of playbooks: what arrived is always verified'),
    fail_on_missing: withDefault(bool(), true, 'Fail where the host has no such file'),
  })
  .superRefine((p, context) => {
    if (p.src.endsWith('/')) {
      context.addIssue({
        code: 'custom',
        message: 'Expected a file, found a path that ends with a slash',
        path: ['src'],
      });
    }
  });

type Params = z.output<typeof params>;

const queryOf = (p: Params): FileQuery => file(p.src, { follow: true, hashes: ['sha256', 'sha1', 'md5'] });

function localPath(p: Params, host: string): string {
  if (!p.flat) return posix.join(p.dest, host, p.src.replace(/^~/, ''));
  return p.dest.endsWith('/') ? posix.join(p.dest, posix.basename(p.src)) : p.dest;
}

/** A file of the host, onto the controller. */
export default defineModule({
  name: 'fetch',
  aliases: ['ansible.builtin.fetch', 'ansible.legacy.fetch'],
  summary: 'Brings a file of the host to the controller',
  examples: ['fetch:\n  src: /etc/kubernetes/admin.conf\n  dest: ./admin.conf\n  flat: true'],
  params,
  returns: z.object({
    dest: z.string().optional().meta({ description: 'Path on the controller' }),
    file: z.string().optional().meta({ description: 'Path on the host' }),
    checksum: z.string().optional().meta({ description: 'SHA-1 of the file' }),
    remote_checksum: z.string().optional().meta({ description: 'SHA-1 of the file on the host' }),
    md5sum: z.string().optional().meta({ description: 'MD5 of the file' }),
  }),
  convergence: () => 'reads',
  observe: (p) => [queryOf(p)],
  plan: (p, seen, _inputs, context) => {
    const fact = seen(queryOf(p));
    if (!fact.exists) {
      const reason = `the remote file does not exist, not transferring: ${p.src}`;
      return p.fail_on_missing ? refuse(reason) : plan([], { why: reason });
    }
    if (fact.type === 'directory')
      return refuse('remote file is a directory, fetch cannot work on directories', { result: { file: p.src } });
    if (fact.type !== 'file') {
      const reason = `remote file is a ${fact.type}, fetch only works on files: ${p.src}`;
      return p.fail_on_missing ? refuse(reason) : plan([], { why: reason });
    }
    const sha256 = fact.hashes.sha256;
    if (sha256 === undefined) return refuse(`remote file is not readable: ${p.src}`);
    if (context.check) return plan([], { why: 'check mode brings nothing to the controller', skip: true });
    const to = localPath(p, context.host);
    return plan([], {
      effects: [{ kind: 'save-file', remotePath: p.src, localPath: to, sha256 }],
      why: 'nothing changes on the host',
    });
  },
  result: (p, seen, _plan, _done, _inputs, context) => {
    const fact = seen(queryOf(p));
    if (!fact.exists) return { file: p.src, msg: 'the remote file does not exist, not transferring, ignored' };
    if (fact.type !== 'file') return { file: p.src };
    const { sha1 = '', md5 = '' } = fact.hashes;
    return { dest: localPath(p, context.host), file: p.src, checksum: sha1, remote_checksum: sha1, md5sum: md5 };
  },
});
