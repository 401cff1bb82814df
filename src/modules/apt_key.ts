import { z } from 'zod';
import { command } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { CommandQuery } from '../host/observation.ts';
import { quote, quoteAll } from '../host/quote.ts';
import { runShell } from '../module/change.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { bool, choice, optional, path, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    id: optional(
      text().refine((id) => /^(0x)?[0-9A-Fa-f]{8,40}$/.test(id), {
        error: 'Expected a key id of 8 to 40 hexadecimal digits',
      }),
      'Id or fingerprint of the key',
    ),
    data: optional(text(), 'The armored key'),
    file: optional(path(), 'File of the host with the key'),
    url: optional(text(), 'URL of the key, fetched by the host'),
    keyserver: optional(text(), 'Key server that has the key of this `id`'),
    keyring: optional(path(), 'File in /etc/apt/trusted.gpg.d that keeps it'),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether apt shall trust the key'),
    validate_certs: withDefault(bool(), true, 'Verify the certificate of the server'),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    const sources = [p.data, p.file, p.url, p.keyserver].filter((one) => one !== undefined).length;
    if (sources > 1) issue('Only one of "data", "file", "keyserver" and "url" can be given', 'url');
    if (p.state === 'present' && sources === 0)
      issue('One of "data", "file", "keyserver" and "url" is required', 'url');
    if (p.state === 'absent' && p.id === undefined) issue('"id" is required with state "absent"', 'id');
    if (p.keyserver !== undefined && p.id === undefined) issue('"id" is required with "keyserver"', 'id');
  });

type Params = z.output<typeof params>;

const ring = (p: Params): readonly string[] => (p.keyring === undefined ? [] : ['--keyring', p.keyring]);
const listWords = (p: Params): readonly string[] => [
  'apt-key',
  ...ring(p),
  'adv',
  '--batch',
  '--with-colons',
  '--list-public-keys',
];
const listQuery = (p: Params): CommandQuery =>
  command(listWords(p), { env: { APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE: '1' } });

const shortId = (id: string): string => id.replace(/^0x/, '').toUpperCase();

function isTrusted(p: Params, seen: Seen): boolean {
  const { stdout } = seen(listQuery(p));
  const fingerprints = [...stdout.matchAll(/^fpr:(?:[^:]*:){8}([0-9A-F]+):/gm)].map((match) => match[1] ?? '');
  return fingerprints.some((one) => one.endsWith(shortId(p.id ?? '')));
}

/** Without an id only what was trusted before and after tells whether the key is new. */
function addScript(p: Params): string {
  const apt = ['apt-key', ...ring(p)];
  const list = `${quoteAll(listWords(p))} 2>/dev/null | grep '^fpr:' | sort`;
  const insecure = p.validate_certs ? ['', ''] : ['-k ', '--no-check-certificate '];
  const url = quote(p.url ?? '');
  const fetched = `k=$(mktemp) || exit
if command -v curl >/dev/null 2>&1; then curl -fsSL ${insecure[0]}-o "$k" ${url}; else wget -q ${insecure[1]}-O "$k" ${url}; fi &&
${quoteAll([...apt, 'add'])} "$k"; c=$?; rm -f "$k"; [ $c -eq 0 ] || exit $c`;
  const add =
    p.url !== undefined
      ? fetched
      : p.keyserver !== undefined
        ? `${quoteAll([...apt, 'adv', '--no-tty', '--keyserver', p.keyserver, '--recv', shortId(p.id ?? '')])} || exit`
        : `${quoteAll([...apt, 'add', p.file ?? '-'])} || exit`;
  return `export APT_KEY_DONT_WARN_ON_DANGEROUS_USAGE=1
b=$(${list})
${add}
[ "$b" != "$(${list})" ] || echo hlb-same-keys`;
}

/** Keys that apt trusts; the older way, which Debian is about to drop. */
export default defineModule({
  name: 'apt_key',
  aliases: ['ansible.builtin.apt_key', 'ansible.legacy.apt_key'],
  summary: 'Keeps keys that apt trusts, by apt-key',
  examples: [
    'apt_key:\n  url: https://download.docker.com/linux/debian/gpg\n  id: 9DC858229FC7DD38854AE2D88D81803C0EBFCD88\n  keyring: /etc/apt/trusted.gpg.d/docker.gpg',
  ],
  params,
  returns: z.object({ id: z.string().nullable().meta({ description: 'The id that was given' }) }),
  convergence: (p) => (p.id === undefined ? 'always' : 'converges'),
  observe: (p) => [listQuery(p)],
  plan: (p, seen) => {
    if (seen(listQuery(p)).code === 127) {
      return refuse('apt-key is not there on this host', {
        help: 'Put the key into /etc/apt/keyrings with get_url, and name it in signed-by of the source',
      });
    }
    const there = p.id !== undefined && isTrusted(p, seen);
    if (p.state === 'absent') {
      if (!there) return plan([], { why: 'there is no such key' });
      const words = ['apt-key', ...ring(p), 'del', shortId(p.id ?? '')];
      return plan([runShell(quoteAll(words), { summary: `apt-key del ${shortId(p.id ?? '')}` })]);
    }
    if (there) return plan([], { why: 'apt trusts the key' });
    const stdin = p.data === undefined ? {} : { stdin: p.data };
    const add: Change = runShell(addScript(p), { ...stdin, summary: 'apt-key add' });
    return plan(
      [add],
      p.id === undefined ? { unknown: 'without an id nobody knows which key it is before it is added' } : {},
    );
  },
  result: (p, _seen, _plan, done) => {
    const [outcome] = done;
    const isSame = outcome?.status === 'done' && /^hlb-same-keys$/m.test(outcome.stdout);
    return { id: p.id ?? null, ...(isSame ? { changed: false } : {}) };
  },
});
