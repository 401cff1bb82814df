import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { runShell } from '../module/change.ts';
import { defineModule } from '../module/define.ts';
import { cloneScript, type GitWish, gitEnvironment, gitQueries, gitState, updateScript } from '../module/git.ts';
import { bool, filledText, int, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';
import { splitWords } from '../module/words.ts';

const params = z
  .strictObject({
    repo: required(filledText(), 'URL of the repository', { aliases: ['name'] }),
    dest: required(path(), 'Directory of the working copy'),
    version: withDefault(filledText(), 'HEAD', 'Branch, tag or commit; HEAD is the default branch'),
    remote: withDefault(filledText(), 'origin', 'Name of the remote'),
    refspec: optional(text(), 'Refs to fetch beside the branches'),
    clone: withDefault(bool(), true, 'Clone it where it is not there'),
    update: withDefault(bool(), true, 'Bring it to the version where it is there'),
    force: withDefault(bool(), false, 'Throw away what was modified'),
    depth: optional(int({ min: 1 }), 'How many commits to fetch'),
    single_branch: withDefault(bool(), false, 'Fetch one branch alone'),
    recursive: withDefault(bool(), true, 'Also submodules'),
    track_submodules: withDefault(bool(), false, 'Submodules follow their branch rather than a commit'),
    bare: withDefault(bool(), false, 'A repository without a working copy'),
    key_file: optional(path(), 'Private key for ssh'),
    ssh_opts: optional(text(), 'Options for ssh'),
    accept_hostkey: withDefault(bool(), false, 'Accept any host key'),
    accept_newhostkey: withDefault(bool(), false, 'Accept the key of a host that is not known yet'),
    umask: optional(text(), 'Umask for new files'),
    executable: withDefault(path(), 'git', 'The git to use'),
  })
  .superRefine((p, context) => {
    if (p.accept_hostkey && p.accept_newhostkey) {
      const message = 'Only one of "accept_hostkey" and "accept_newhostkey" can be given';
      context.addIssue({ code: 'custom', message, path: ['accept_newhostkey'] });
    }
    const words = splitWords(p.ssh_opts ?? '');
    if (!words.ok) context.addIssue({ code: 'custom', message: words.error, path: ['ssh_opts'] });
    if (p.umask !== undefined && !/^0?[0-7]{3}$/.test(p.umask)) {
      context.addIssue({ code: 'custom', message: 'Expected octal text such as "0022"', path: ['umask'] });
    }
  });

type Params = z.output<typeof params>;

function wishOf(p: Params): GitWish {
  const words = splitWords(p.ssh_opts ?? '');
  const ssh = [
    ...(p.key_file === undefined ? [] : ['-i', p.key_file, '-o', 'IdentitiesOnly=yes']),
    ...(p.accept_hostkey ? ['-o', 'StrictHostKeyChecking=no'] : []),
    ...(p.accept_newhostkey ? ['-o', 'StrictHostKeyChecking=accept-new'] : []),
    ...(words.ok ? words.value : []),
  ];
  // A path would be cloned by hard links, and its URL would read otherwise than git keeps it.
  const repo = p.repo.startsWith('/') ? `file://${p.repo}` : p.repo;
  return { ...p, repo, ssh };
}

/** Working copies of repositories. */
export default defineModule({
  name: 'git',
  aliases: ['ansible.builtin.git', 'ansible.legacy.git'],
  summary: 'Keeps a working copy of a git repository at a version',
  examples: [
    'git:\n  repo: https://git.example.org/manifests.git\n  dest: /srv/manifests\n  version: v1.4.0\n  depth: 1',
  ],
  params,
  returns: z.object({
    before: z.string().nullable().optional().meta({ description: 'The commit before; null where nothing was there' }),
    after: z.string().nullable().optional().meta({ description: 'The commit afterwards' }),
    remote_url_changed: z.boolean().optional().meta({ description: 'Whether the URL of the remote changed' }),
  }),
  convergence: () => 'converges',
  observe: (p) => gitQueries(wishOf(p), p.update || p.clone),
  plan: (p, seen) => {
    const wish = wishOf(p);
    const state = gitState(wish, seen);
    const { wanted } = state;
    const options = { env: gitEnvironment(wish), detach: true };
    if (typeof wanted === 'string') return refuse(wanted);
    if (wanted === undefined) return plan([], { why: 'neither "clone" nor "update" is asked for' });
    if (!state.cloned) {
      if (!p.clone) return plan([], { why: 'nothing is there, and "clone" is off' });
      return plan([runShell(cloneScript(wish, wanted.kind), { ...options, summary: `git clone ${p.repo}` })]);
    }
    if (!p.update) return plan([], { why: 'it is there, and "update" is off' });
    if (state.modified && !p.force) {
      return refuse(`Local modifications exist in the destination: ${p.dest} (force=no).`, {
        help: 'Commit or remove them, or say force: true to throw them away',
      });
    }
    const isThere = state.before?.startsWith(wanted.hash) === true;
    if (isThere && !state.modified && !state.urlChanged)
      return plan([], { why: `it is at ${wanted.hash.slice(0, 12)}` });
    return plan([
      runShell(updateScript(wish, wanted.kind, state), { ...options, summary: `git update ${p.dest} to ${p.version}` }),
    ]);
  },
  result: (p, seen, _plan, done): JsonObject => {
    const state = gitState(wishOf(p), seen);
    const { wanted, before = null } = state;
    const [outcome] = done;
    const printed = outcome?.status === 'done' ? outcome.stdout.trim().split('\n').at(-1) : undefined;
    const acts = state.cloned ? p.update : p.clone;
    const planned = acts && typeof wanted === 'object' ? wanted.hash : before;
    const isSkipped = !state.cloned && !p.clone;
    return {
      before,
      after: printed ?? planned,
      remote_url_changed: state.urlChanged,
      ...(isSkipped ? { changed: true, after: typeof wanted === 'object' ? wanted.hash : null } : {}),
    };
  },
});
