import { STATUS_CODES } from 'node:http';
import { posix } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { file, http } from '../host/ask.ts';
import type { ChangeOutcome, Download } from '../host/change.ts';
import type { FileFact, FileQuery, HashName, HttpQuery, Observation } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import {
  attributeFields,
  attributeParams,
  attributeReturns,
  differingAttributes,
  identityProblem,
  identityQueries,
  isEmpty,
  newAttributes,
  newFileMode,
  type PresentFile,
} from '../module/attributes.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { noAnswerText } from '../module/no-answer.ts';
import { bool, dict, int, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse, staged } from '../module/plan.ts';
import { backupFields, setAttributes } from '../module/put-file.ts';

const params = z
  .strictObject({
    url: required(
      text().refine((url) => /^(https?|ftp):\/\/\S+$/.test(url), { error: 'Expected a URL of http, https or ftp' }),
      'Where to fetch it, seen from the host',
    ),
    dest: required(path(), 'Where it goes; in a directory it gets the name that the URL ends with'),
    checksum: optional(
      text().refine((sum) => sum === '' || /^(md5|sha1|sha256|sha512):\S+$/.test(sum), {
        error: 'Expected "sha256:" and the hash, or and the URL of a list of them; md5, sha1 and sha512 do as well',
      }),
      'What it must hash to, as "sha256:HASH" or "sha256:URL" of a list of hashes',
    ),
    force: withDefault(
      bool(),
      false,
      'Fetch it whether or not the server has a newer one; one that is the same is no change',
      {
        aliases: ['thirsty'],
      },
    ),
    backup: withDefault(bool(), false, 'Keep the old file beside the new one'),
    headers: withDefault(dict(text()), {}, 'Headers to send'),
    timeout: withDefault(int({ min: 1 }), 10, 'Seconds in which something must arrive'),
    validate_certs: withDefault(bool(), true, 'Verify the certificate of the server'),
    url_username: optional(text(), 'User for basic authentication', { aliases: ['username'] }),
    url_password: optional(text(), 'Password for basic authentication', { aliases: ['password'], secret: true }),
    force_basic_auth: withDefault(
      bool(),
      false,
      'Accepted for the sake of playbooks: credentials go with the first request',
    ),
    http_agent: withDefault(text(), 'hlb', 'Value of the User-Agent header'),
    ...attributeParams,
  })
  .superRefine((p, context) => {
    const hash = /^(md5|sha1|sha256|sha512):([0-9a-fA-F]+)$/.exec(p.checksum ?? '');
    const lengths: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 };
    if (hash !== null && hash[2]?.length !== lengths[hash[1] ?? '']) {
      const message = `A ${hash[1] ?? ''} hash has ${lengths[hash[1] ?? ''] ?? 0} digits, found ${hash[2]?.length ?? 0}`;
      context.addIssue({ code: 'custom', message, path: ['checksum'] });
    }
  });

type Params = z.output<typeof params>;

interface Sum {
  readonly hash: HashName;
  /** A hash in lower case, or the URL of a list. */
  readonly value: string;
}

const names: Readonly<Record<string, HashName>> = { md5: 'md5', sha1: 'sha1', sha256: 'sha256', sha512: 'sha512' };

function sumOf(p: Params): Sum | undefined {
  const [, name = '', value = ''] = /^([a-z0-9]+):(.+)$/.exec(p.checksum ?? '') ?? [];
  const hash = names[name];
  return hash === undefined ? undefined : { hash, value: value.includes('://') ? value : value.toLowerCase() };
}

function headersOf(p: Params): Readonly<Record<string, string>> {
  const credentials =
    p.url_username === undefined
      ? {}
      : { Authorization: `Basic ${Buffer.from(`${p.url_username}:${p.url_password ?? ''}`).toString('base64')}` };
  return { 'User-Agent': p.http_agent, ...credentials, ...p.headers };
}

function listQuery(p: Params, sum: Sum): HttpQuery {
  const timeoutMs = p.timeout * 1000;
  return http(sum.value, { headers: headersOf(p), timeoutMs, verifyTls: p.validate_certs });
}

/** The hash of a file in a list of hashes: the line that ends with its name, or the only hash there is. */
function fromList(list: string, name: string): string | undefined {
  const lines = list
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [only] = lines;
  if (lines.length === 1 && only !== undefined && /^[0-9a-fA-F]+$/.test(only)) return only.toLowerCase();
  for (const line of lines) {
    const gnu = /^([0-9a-fA-F]{32,128})\s+[*]?(?:.*\/)?([^/]+)$/.exec(line);
    if (gnu?.[2] === name) return gnu[1]?.toLowerCase();
    const bsd = /^[A-Z0-9]+ \((?:.*\/)?([^/)]+)\) = ([0-9a-fA-F]+)$/.exec(line);
    if (bsd?.[1] === name) return bsd[2]?.toLowerCase();
  }
  return undefined;
}

function urlName(url: string): string {
  return decodeURIComponent(new URL(url).pathname).split('/').at(-1) || 'index.html';
}

function fileQuery(p: Params, at: string): FileQuery {
  const sum = sumOf(p);
  return file(at, { follow: true, hashes: ['sha1', ...(sum === undefined || sum.hash === 'sha1' ? [] : [sum.hash])] });
}

/** Asked once the file was fetched, and so with other hashes than before. */
const fetchedQuery = (at: string): FileQuery => file(at, { follow: true, hashes: ['sha1', 'md5'] });
const timeQuery = (at: string): FileQuery => file(at, { follow: true, exact: true });

/** Whether the server has a newer file than the one that is there. */
function newerQuery(p: Params, mtime: number): HttpQuery {
  const since = new Date(Math.floor(mtime) * 1000).toUTCString();
  return http(p.url, {
    method: 'HEAD',
    headers: { ...headersOf(p), 'If-Modified-Since': since },
    timeoutMs: p.timeout * 1000,
    verifyTls: p.validate_certs,
  });
}

/** The server is only asked where neither a hash nor `force` decides. */
function asksServer(p: Params): boolean {
  return sumOf(p) === undefined && !p.force && p.url.startsWith('http');
}

function timeQueries(p: Params, at: string, seen: Seen): readonly Observation[] {
  const fact = seen.maybe(timeQuery(at));
  const isFile = fact?.exists === true && fact.type === 'file';
  return [timeQuery(at), ...(isFile ? [newerQuery(p, fact.mtime)] : [])];
}

/** A server that does not know says 200. */
function isNewer(p: Params, at: string, seen: Seen): boolean {
  const fact = seen.maybe(timeQuery(at));
  return fact?.exists !== true || seen.maybe(newerQuery(p, fact.mtime))?.status !== 304;
}

function pathOf(p: Params, seen: Seen): string {
  const fact = seen.maybe(fileQuery(p, p.dest));
  const isFolder = p.dest.endsWith('/') || (fact?.exists === true && fact.type === 'directory');
  return isFolder ? `${p.dest.replace(/\/$/, '')}/${urlName(p.url)}` : p.dest;
}

/** The hash that is asked for, looked up in its list where that is what was given. */
function wantedHash(p: Params, seen: Seen): Sum | string | undefined {
  const sum = sumOf(p);
  if (sum === undefined || !sum.value.includes('://')) return sum;
  const list = seen(listQuery(p, sum));
  if (list.status !== 200) return `Cannot fetch the hashes at ${sum.value}: ${list.error ?? `status ${list.status}`}`;
  const value = fromList(textOf(list.body), urlName(p.url));
  return value === undefined ? `${sum.value} has no hash of "${urlName(p.url)}"` : { hash: sum.hash, value };
}

/** A file that the host fetches. */
export default defineModule({
  name: 'get_url',
  aliases: ['ansible.builtin.get_url', 'ansible.legacy.get_url'],
  summary: 'Has the host fetch a file over HTTP or FTP',
  examples: [
    'get_url:\n  url: https://dl.k8s.io/v1.34.0/bin/linux/amd64/kubectl\n  dest: /usr/local/bin/kubectl\n  mode: "0755"\n  checksum: sha256:https://dl.k8s.io/v1.34.0/bin/linux/amd64/kubectl.sha256',
  ],
  params,
  returns: z.object({
    url: z.string().meta({ description: 'The URL' }),
    dest: z.string().meta({ description: 'Path of the file' }),
    checksum_dest: z.string().nullable().optional().meta({ description: 'SHA-1 of the file that was there' }),
    checksum_src: z.string().nullable().optional().meta({ description: 'SHA-1 of the file that was fetched' }),
    status_code: z
      .int()
      .optional()
      .meta({ description: '200 where something was fetched, 304 where there is nothing new' }),
    response: z.string().optional().meta({ description: 'What the server said where it gave nothing' }),
    elapsed: z.int().optional().meta({ description: 'Seconds that it took' }),
    md5sum: z.string().optional().meta({ description: 'MD5 of the file that was fetched' }),
    backup_file: z.string().optional().meta({ description: 'Where the old file was kept' }),
    ...attributeReturns,
  }),
  convergence: () => 'converges',
  observe: (p, seen) => {
    const sum = sumOf(p);
    const at = pathOf(p, seen);
    return [
      fileQuery(p, p.dest),
      ...(at === p.dest ? [] : [fileQuery(p, at)]),
      ...(asksServer(p) && at === p.dest ? timeQueries(p, at, seen) : []),
      ...(sum?.value.includes('://') === true ? [listQuery(p, sum)] : []),
      ...identityQueries(p),
    ];
  },
  plan: (p, seen, _inputs, context) => {
    const wanted = wantedHash(p, seen);
    if (typeof wanted === 'string') return refuse(wanted);
    const problem = context.check ? undefined : identityProblem(p, seen);
    if (problem !== undefined) return refuse(problem);
    const at = pathOf(p, seen);
    const fact = seen(fileQuery(p, at));
    if (fact.exists && fact.type !== 'file') return refuse(`Cannot write "${at}": it is a ${fact.type}`);
    if (!fact.exists && fact.parentMissing) return refuse(`Destination ${posix.dirname(at)} does not exist`);
    if (fact.exists && !mustFetch(p, fact, wanted, at, seen)) {
      const differing = differingAttributes(p, fact);
      if (!isEmpty(differing)) return plan([setAttributes(at, differing, true)]);
      return plan([], { why: wanted === undefined ? 'a file is there, and "force" is off' : 'the file has the hash' });
    }
    const download: Download = {
      kind: 'download',
      url: p.url,
      path: at,
      headers: headersOf(p),
      verifyTls: p.validate_certs,
      timeoutMs: p.timeout * 1000,
      backup: p.backup,
      ...(wanted === undefined ? {} : { checksum: wanted }),
      ...newAttributes(p, fact.exists ? fact.mode : newFileMode(seen), false),
    };
    if (!context.check) return staged([download], { observe: () => [fetchedQuery(at)], plan: () => plan([]) });
    // Without a hash only the fetched file tells whether it differs.
    const isOpen = fact.exists && wanted === undefined;
    return plan([download], isOpen ? { unknown: 'whether the file differs is only known once it was fetched' } : {});
  },
  result: (p, seen, planned, done): JsonObject => {
    const at = pathOf(p, seen);
    const fact = seen.maybe(fileQuery(p, at));
    const wanted = wantedHash(p, seen);
    const outcome = done.find((_one, index) => planned.kind === 'plan' && planned.changes[index]?.kind === 'download');
    if (outcome?.status === 'failed') return { url: p.url, dest: at, ...whyNotFetched(p, outcome, fact, seen) };
    const fetched = outcome?.status === 'done';
    const after = fetched ? seen.maybe(fetchedQuery(at)) : undefined;
    const { sha1 = null, md5 = null } = after?.exists === true ? after.hashes : {};
    const isOld = planned.kind === 'plan' && !planned.changes.some((change) => change.kind === 'download');
    if (isOld && wanted === undefined && fact?.exists === true && asksServer(p)) {
      const told = { status_code: 304, msg: 'HTTP Error 304: Not Modified' };
      return { url: p.url, dest: at, ...attributeFields(p, fact, seen, { type: 'file' }), ...told };
    }
    const before = fact?.exists === true && !isOld ? (fact.hashes.sha1 ?? null) : null;
    const size = after?.exists === true ? { size: after.size } : {};
    return {
      url: p.url,
      dest: at,
      checksum_dest: before,
      checksum_src: sha1,
      ...(md5 === null ? {} : { md5sum: md5 }),
      ...attributeFields(p, fact, seen, { type: 'file', ...size }),
      ...(fetched ? { status_code: 200, elapsed: Math.round(outcome.durationMs / 1000) } : {}),
      msg: after?.exists === true ? `OK (${after.size} bytes)` : isOld ? 'file already exists' : '',
      ...backupFields(done),
    };
  },
});

/** In Ansible's words, as far as the host's own program tells. */
function whyNotFetched(
  p: Params,
  outcome: Extract<ChangeOutcome, { readonly status: 'failed' }>,
  fact: FileFact | undefined,
  seen: Seen,
): JsonObject {
  const elapsed = Math.round(outcome.durationMs / 1000);
  const [, was, wanted] = /^The \w+ of the download is (\S+), not (\S+)$/m.exec(outcome.stderr) ?? [];
  if (was !== undefined) {
    const before = fact?.exists === true ? (fact.hashes.sha1 ?? null) : null;
    const attributes = fact?.exists === true ? attributeFields(p, fact, seen, { type: 'file' }) : {};
    const sha1 = /^Its sha1 is (\w+)$/m.exec(outcome.stderr)?.[1] ?? null;
    const msg = `The checksum for ${p.url} did not match ${wanted ?? ''}; it was ${was}.`;
    return { checksum_dest: before, checksum_src: sha1, ...attributes, elapsed, msg };
  }
  // curl and the two kinds of wget.
  const status = /(?:returned error:(?: HTTP\/\S+)?|ERROR) (\d{3})\b/.exec(outcome.stderr)?.[1];
  if (status !== undefined) {
    const response = `HTTP Error ${status}: ${STATUS_CODES[status] ?? ''}`.trimEnd();
    return { elapsed, status_code: Number(status), response, msg: 'Request failed' };
  }
  return { elapsed, msg: noAnswerText(outcome.stderr.trim().split('\n')[0] ?? '') };
}

function mustFetch(p: Params, fact: PresentFile, wanted: Sum | undefined, at: string, seen: Seen): boolean {
  // As in Ansible, what a directory holds is fetched anew, and only replaced where it differs.
  if (wanted === undefined) return p.force || at !== p.dest || isNewer(p, at, seen);
  return fact.hashes[wanted.hash] !== wanted.value;
}
