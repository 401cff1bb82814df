import { posix } from 'node:path';
import { z } from 'zod';
import type { Change } from '../host/change.ts';
import type { Observation } from '../host/observation.ts';
import { bytesOf } from '../host/quote.ts';
import { updateCache } from '../module/apt.ts';
import { parseSources, type SourceLine, sourceFileName, sourcesQuery, sourceText } from '../module/apt-sources.ts';
import { removePath, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { editableText, editQuery } from '../module/edit-file.ts';
import { resolveMode } from '../module/mode.ts';
import { bool, choice, filledText, int, mode, optional, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z
  .strictObject({
    repo: required(filledText('a line of a sources.list'), 'Line of a sources.list, beginning with "deb" or "deb-src"'),
    state: withDefault(choice(['absent', 'present']), 'present', 'Whether the source shall be used'),
    filename: optional(
      text().refine((name) => /^[A-Za-z0-9_.-]+$/.test(name), {
        error: 'Expected a name of letters, digits, "_", "." and "-"',
      }),
      'Name of the file in /etc/apt/sources.list.d, without ".list"; made of the URL when left out',
    ),
    mode: optional(mode(), 'Permission bits of the file'),
    update_cache: withDefault(bool(), true, 'Fetch the index where something changed', { aliases: ['update-cache'] }),
    update_cache_retries: withDefault(int({ min: 0 }), 5, 'How often fetching the index is tried'),
    update_cache_retry_max_delay: withDefault(int({ min: 0 }), 12, 'Seconds to wait between tries, at most'),
    codename: optional(text(), 'Accepted for the sake of playbooks: only PPAs would need it'),
    validate_certs: withDefault(bool(), true, 'Accepted for the sake of playbooks: only PPAs would need it'),
    install_python_apt: withDefault(bool(), true, 'Accepted for the sake of playbooks: no Python is needed'),
  })
  .superRefine((p, context) => {
    const issue = (message: string): void => context.addIssue({ code: 'custom', message, path: ['repo'] });
    if (p.repo.startsWith('ppa:'))
      issue('PPAs are not supported: write the line of the sources.list, and fetch the key with get_url');
    else if (!/^deb(-src)?\s+(\[[^\]]*\]\s+)?\S+\s+\S+/.test(p.repo.trim()))
      issue('Expected "deb [options] URL suite components"');
  });

type Params = z.output<typeof params>;

function fileOf(p: Params): string {
  const name = p.filename ?? sourceFileName(sourceText(p.repo));
  return posix.join('/etc/apt/sources.list.d', name.endsWith('.list') ? name : `${name}.list`);
}

/** Lines of this source, wherever they are. */
function linesOf(p: Params, seen: Seen): readonly SourceLine[] {
  const found = seen.maybe(sourcesQuery);
  return parseSources(found?.stdout ?? '').filter((line) => line.text === sourceText(p.repo));
}

function filesToEdit(p: Params, seen: Seen): readonly string[] {
  if (p.state === 'present') return [fileOf(p)];
  return [...new Set(linesOf(p, seen).map((line) => line.file))];
}

/** A file without the lines of the source. */
function without(p: Params, text: string): string {
  return text
    .split('\n')
    .filter((line) => sourceText(line.replace(/^\s*#\s*/, '')) !== sourceText(p.repo))
    .join('\n');
}

function changesOf(p: Params, seen: Seen): readonly Change[] {
  const lines = linesOf(p, seen);
  if (p.state === 'present') {
    if (lines.some((line) => line.enabled)) return [];
    const old = editableText(seen(editQuery(fileOf(p))));
    const start = old === '' || old.endsWith('\n') ? old : `${old}\n`;
    const bits = resolveMode(p.mode ?? { kind: 'octal', bits: 0o644 }, 0o644, false);
    return [writeFile(fileOf(p), contentOf(bytesOf(`${start}${sourceText(p.repo)}\n`)), { mode: bits })];
  }
  return filesToEdit(p, seen).map((path): Change => {
    const kept = without(p, editableText(seen(editQuery(path))));
    const isOwn = path !== '/etc/apt/sources.list' && kept.trim() === '';
    return isOwn ? removePath(path) : writeFile(path, contentOf(bytesOf(kept)));
  });
}

/** Where Debian packages come from. */
export default defineModule({
  name: 'apt_repository',
  aliases: ['ansible.builtin.apt_repository', 'ansible.legacy.apt_repository'],
  summary: 'Keeps sources of Debian packages',
  examples: [
    'apt_repository:\n  repo: deb [signed-by=/etc/apt/keyrings/kubernetes.gpg] https://pkgs.k8s.io/core:/stable:/v1.34/deb/ /\n  filename: kubernetes',
  ],
  params,
  returns: z.object({
    repo: z.string().meta({ description: 'The source' }),
    state: z.string().meta({ description: 'The state that was asked for' }),
    sources_added: z.array(z.string()).meta({ description: 'Files that are new' }),
    sources_removed: z.array(z.string()).meta({ description: 'Files that are gone' }),
  }),
  convergence: () => 'converges',
  observe: (p, seen): readonly Observation[] => [sourcesQuery, ...filesToEdit(p, seen).map(editQuery)],
  plan: (p, seen) => {
    const changes = changesOf(p, seen);
    if (changes.length === 0) return plan([], { why: `the source is ${p.state} already` });
    const update = updateCache(p.update_cache_retries, p.update_cache_retry_max_delay, 60, true);
    return plan([...changes, ...(p.update_cache ? [update] : [])]);
  },
  result: (p, seen) => {
    const changes = changesOf(p, seen);
    const isNew = (path: string): boolean => seen.maybe(editQuery(path))?.exists === false;
    return {
      repo: p.repo,
      state: p.state,
      sources_added: changes.flatMap((one) => (one.kind === 'write-file' && isNew(one.path) ? [one.path] : [])),
      sources_removed: changes.flatMap((one) => (one.kind === 'remove' ? [one.path] : [])),
    };
  },
});
