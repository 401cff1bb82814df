import { posix } from 'node:path';
import { z } from 'zod';
import { file, http } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileQuery, HttpQuery } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import { removePath, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { resolveMode } from '../module/mode.ts';
import { bool, choice, filledText, list, mode, optional, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    name: required(filledText(), 'Name of the source, and of its file'),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether the source shall be there'),
    types: withDefault(list(choice(['deb', 'deb-src'])), ['deb'], 'Binary packages, sources, or both'),
    uris: withDefault(list(text()), [], 'URLs'),
    suites: withDefault(list(text()), [], 'Suites, such as bookworm, or a path that ends with a slash'),
    components: withDefault(list(text()), [], 'Components, such as main'),
    signed_by: optional(
      text(),
      'The key that signs it: a path or fingerprint of the host, a URL, or the armored key itself',
    ),
    architectures: withDefault(list(text()), [], 'Architectures'),
    languages: withDefault(list(text()), [], 'Languages of translations'),
    targets: withDefault(list(text()), [], 'Which files of the index to fetch'),
    enabled: optional(bool(), 'Off: apt passes over it'),
    trusted: optional(bool(), 'Trust it though nobody signed it'),
    by_hash: optional(choice(['yes', 'no', 'force']), 'Fetch the index by its hash'),
    pdiffs: optional(bool(), 'Fetch differences of the index'),
    allow_insecure: optional(bool(), 'Allow an index that nobody signed'),
    allow_weak: optional(bool(), 'Allow an index that is signed weakly'),
    allow_downgrade_to_insecure: optional(bool(), 'Allow an index that was signed and no longer is'),
    check_valid_until: optional(bool(), 'Heed the date until which an index is valid'),
    check_date: optional(bool(), 'Heed the date of an index'),
    date_max_future: optional(text(), 'Seconds that the date of an index may be ahead'),
    inrelease_path: optional(text(), 'Where the signed index lies'),
    mode: withDefault(mode(), { kind: 'octal', bits: 0o644 }, 'Permission bits of the files'),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.state === 'present' && p.uris.length === 0) issue('"uris" is required with state "present"', 'uris');
    if (p.state === 'present' && p.suites.length === 0) issue('"suites" is required with state "present"', 'suites');
    const isFlat = p.suites.length > 0 && p.suites.every((suite) => suite.endsWith('/'));
    if (p.state === 'present' && p.suites.length > 0 && !isFlat && p.components.length === 0) {
      issue('"components" is required where a suite is no path', 'components');
    }
  });

type Params = z.output<typeof params>;

const slug = (p: Params): string =>
  p.name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
const sourcePath = (p: Params): string => posix.join('/etc/apt/sources.list.d', `${slug(p)}.sources`);
const keyUrl = (p: Params): HttpQuery | undefined =>
  p.signed_by !== undefined && /^https?:\/\//.test(p.signed_by) ? http(p.signed_by) : undefined;

/** The bytes of a key that has to be fetched; a path, fingerprint or armored key needs none. */
function fetchedKey(p: Params, seen: Seen): Uint8Array | undefined {
  const query = keyUrl(p);
  return query === undefined ? undefined : seen.maybe(query)?.body;
}

function keyPath(p: Params, key: Uint8Array): string {
  const isArmored = textOf(key).includes('-----BEGIN PGP');
  return posix.join('/etc/apt/keyrings', `${slug(p)}.${isArmored ? 'asc' : 'gpg'}`);
}

/** An armored key stands in the file itself: its empty lines become dots, as deb822 wants. */
function signedBy(p: Params, seen: Seen): string | undefined {
  if (p.signed_by === undefined) return undefined;
  const key = fetchedKey(p, seen);
  if (key !== undefined) return keyPath(p, key);
  if (!p.signed_by.includes('\n')) return p.signed_by;
  const lines = p.signed_by.trim().split('\n');
  return `\n${lines.map((line) => ` ${line.trim() === '' ? '.' : line}`).join('\n')}`;
}

const yesNo = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'yes' : 'no';

function sourceText(p: Params, seen: Seen): string {
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['X-Repolib-Name', p.name],
    ['Allow-Downgrade-To-Insecure', yesNo(p.allow_downgrade_to_insecure)],
    ['Allow-Insecure', yesNo(p.allow_insecure)],
    ['Allow-Weak', yesNo(p.allow_weak)],
    ['Architectures', p.architectures.join(' ')],
    ['By-Hash', p.by_hash],
    ['Check-Date', yesNo(p.check_date)],
    ['Check-Valid-Until', yesNo(p.check_valid_until)],
    ['Components', p.components.join(' ')],
    ['Date-Max-Future', p.date_max_future],
    ['Enabled', yesNo(p.enabled)],
    ['InRelease-Path', p.inrelease_path],
    ['Languages', p.languages.join(' ')],
    ['PDiffs', yesNo(p.pdiffs)],
    ['Signed-By', signedBy(p, seen)],
    ['Suites', p.suites.join(' ')],
    ['Targets', p.targets.join(' ')],
    ['Trusted', yesNo(p.trusted)],
    ['Types', p.types.join(' ')],
    ['URIs', p.uris.join(' ')],
  ];
  return fields
    .flatMap(([name, value]) => (value === undefined || value === '' ? [] : [`${name}: ${value}\n`]))
    .join('');
}

const targetQuery = (path: string): FileQuery => file(path, { hashes: ['sha256'] });
const keyPaths = (p: Params): readonly string[] =>
  ['asc', 'gpg'].map((extension) => posix.join('/etc/apt/keyrings', `${slug(p)}.${extension}`));

function fileChange(path: string, data: string | Uint8Array, p: Params, seen: Seen): readonly Change[] {
  const fact = seen(targetQuery(path));
  const content = contentOf(data);
  const bits = resolveMode(p.mode, 0o644, false);
  if (fact.exists && fact.hashes.sha256 === content.sha256) {
    if (fact.mode === bits) return [];
    return [{ kind: 'set-attributes', path, recursive: false, follow: false, mode: bits }];
  }
  const isOrphan = !fact.exists && fact.parentMissing;
  const parent: Change = { kind: 'make-directory', path: posix.dirname(path), parents: true, mode: 0o755 };
  return [...(isOrphan ? [parent] : []), writeFile(path, content, { mode: bits })];
}

/** Where Debian packages come from, in the newer form. */
export default defineModule({
  name: 'deb822_repository',
  aliases: ['ansible.builtin.deb822_repository', 'ansible.legacy.deb822_repository'],
  summary: 'Keeps a source of Debian packages in the deb822 form',
  examples: [
    'deb822_repository:\n  name: kubernetes\n  uris: https://pkgs.k8s.io/core:/stable:/v1.34/deb/\n  suites: /\n  signed_by: https://pkgs.k8s.io/core:/stable:/v1.34/deb/Release.key',
  ],
  params,
  returns: z.object({
    repo: z.string().meta({ description: 'The text of the file' }),
    dest: z.string().meta({ description: 'Path of the file' }),
    key_filename: z.string().nullable().meta({ description: 'Path of the key that was fetched' }),
  }),
  convergence: () => 'converges',
  observe: (p) => {
    const query = keyUrl(p);
    const isFetched = query !== undefined && p.state === 'present';
    const keys = isFetched || p.state === 'absent' ? keyPaths(p).map(targetQuery) : [];
    return [targetQuery(sourcePath(p)), ...keys, ...(isFetched ? [query] : [])];
  },
  plan: (p, seen) => {
    if (p.state === 'absent') {
      const there = [sourcePath(p), ...keyPaths(p)].filter((path) => seen(targetQuery(path)).exists);
      return plan(there.map(removePath), there.length === 0 ? { why: 'there is no such source' } : {});
    }
    const query = keyUrl(p);
    const answer = query === undefined ? undefined : seen(query);
    if (answer !== undefined && answer.status !== 200) {
      return refuse(`Cannot fetch the key at ${p.signed_by ?? ''}: ${answer.error ?? `status ${answer.status}`}`);
    }
    const key = fetchedKey(p, seen);
    const changes = [
      ...(key === undefined ? [] : fileChange(keyPath(p, key), key, p, seen)),
      ...fileChange(sourcePath(p), sourceText(p, seen), p, seen),
    ];
    return plan(changes, changes.length === 0 ? { why: 'the source is as asked' } : {});
  },
  result: (p, seen) => {
    const key = fetchedKey(p, seen);
    const repo = p.state === 'absent' ? '' : sourceText(p, seen);
    return { repo, dest: sourcePath(p), key_filename: key === undefined ? null : keyPath(p, key) };
  },
});
