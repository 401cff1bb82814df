import { command, file } from '../host/ask.ts';
import type { CommandQuery, FileQuery, Observation } from '../host/observation.ts';
import { quote, quoteAll, quotePath } from '../host/quote.ts';
import type { Seen } from './define.ts';

/** A working copy as `git` asks for it. */
export interface GitWish {
  readonly repo: string;
  readonly dest: string;
  readonly version: string;
  readonly remote: string;
  readonly refspec: string | undefined;
  readonly force: boolean;
  readonly depth: number | undefined;
  readonly single_branch: boolean;
  readonly recursive: boolean;
  readonly track_submodules: boolean;
  readonly bare: boolean;
  readonly umask: string | undefined;
  readonly executable: string;
  /** Of the ssh that git calls. */
  readonly ssh: readonly string[];
}

export function gitEnvironment(wish: GitWish): Readonly<Record<string, string>> {
  const ssh = wish.ssh.length === 0 ? {} : { GIT_SSH_COMMAND: quoteAll(['ssh', ...wish.ssh]) };
  return { GIT_TERMINAL_PROMPT: '0', ...ssh };
}

const isHash = (version: string): boolean => /^[0-9a-f]{40}$/.test(version);

function gitQuery(wish: GitWish, words: readonly string[]): CommandQuery {
  return command([wish.executable, ...words], { env: gitEnvironment(wish), timeoutMs: 120_000 });
}

const markQuery = (wish: GitWish): FileQuery => file(`${wish.dest}/${wish.bare ? 'HEAD' : '.git'}`);
const inside = (wish: GitWish, ...words: readonly string[]): CommandQuery =>
  gitQuery(wish, ['-C', wish.dest, ...words]);
const headQuery = (wish: GitWish): CommandQuery => inside(wish, 'rev-parse', 'HEAD');
const urlQuery = (wish: GitWish): CommandQuery => inside(wish, 'config', '--get', `remote.${wish.remote}.url`);
const changesQuery = (wish: GitWish): CommandQuery => inside(wish, 'status', '--porcelain', '--untracked-files=no');

function remoteQuery(wish: GitWish): CommandQuery {
  const { version } = wish;
  const refs =
    version === 'HEAD' ? ['HEAD'] : [`refs/heads/${version}`, `refs/tags/${version}`, `refs/tags/${version}^{}`];
  return gitQuery(wish, ['ls-remote', wish.repo, ...refs]);
}

export function gitQueries(wish: GitWish, update: boolean): readonly Observation[] {
  const remote = update && !isHash(wish.version) ? [remoteQuery(wish)] : [];
  const tree = wish.bare ? [] : [changesQuery(wish)];
  return [markQuery(wish), headQuery(wish), urlQuery(wish), ...tree, ...remote];
}

/** What is there, and what the remote has. */
export interface GitState {
  readonly cloned: boolean;
  readonly before: string | undefined;
  readonly urlChanged: boolean;
  readonly modified: boolean;
  /** What the version stands for in the remote; undefined where it was not asked, a text where it has no such version. */
  readonly wanted:
    | { readonly hash: string; readonly kind: 'branch' | 'tag' | 'commit' | 'default' }
    | string
    | undefined;
}

export function gitState(wish: GitWish, seen: Seen): GitState {
  const cloned = seen(markQuery(wish)).exists;
  const head = seen(headQuery(wish));
  const url = seen(urlQuery(wish)).stdout.trim();
  return {
    cloned,
    before: cloned && head.code === 0 ? head.stdout.trim() : undefined,
    urlChanged: cloned && url !== '' && url !== wish.repo,
    modified: cloned && !wish.bare && seen(changesQuery(wish)).stdout.trim() !== '',
    wanted: wantedOf(wish, seen),
  };
}

function wantedOf(wish: GitWish, seen: Seen): GitState['wanted'] {
  const { version } = wish;
  if (isHash(version)) return { hash: version, kind: 'commit' };
  const answer = seen.maybe(remoteQuery(wish));
  if (answer === undefined) return undefined;
  if (answer.code === 127) return 'git is not installed on this host';
  if (answer.code !== 0) return `Cannot read ${wish.repo}: ${answer.stderr.trim()}`;
  const refs = new Map(answer.stdout.split('\n').map((line) => [line.split('\t')[1] ?? '', line.split('\t')[0] ?? '']));
  const branch = refs.get(`refs/heads/${version}`);
  if (branch !== undefined) return { hash: branch, kind: 'branch' };
  const tag = refs.get(`refs/tags/${version}^{}`) ?? refs.get(`refs/tags/${version}`);
  if (tag !== undefined) return { hash: tag, kind: 'tag' };
  const head = refs.get('HEAD');
  if (version === 'HEAD' && head !== undefined) return { hash: head, kind: 'default' };
  if (/^[0-9a-f]{7,39}$/.test(version) || wish.refspec !== undefined) return { hash: version, kind: 'commit' };
  return `${wish.repo} has neither a branch nor a tag "${version}"`;
}

type Kind = Exclude<Exclude<GitState['wanted'], string | undefined>['kind'], never>;

/** Prints the commit at the end. */
export function cloneScript(wish: GitWish, kind: Kind): string {
  const named = kind === 'branch' || kind === 'tag' ? ['--branch', wish.version] : [];
  const words = [
    'clone',
    ...(wish.bare ? ['--bare'] : ['--origin', wish.remote]),
    ...(wish.depth === undefined || kind === 'commit' ? [] : ['--depth', String(wish.depth)]),
    ...(wish.single_branch ? ['--single-branch'] : []),
    ...named,
    wish.repo,
  ];
  return `${prelude(wish)}
mkdir -p -- "$(dirname -- ${quotePath(wish.dest)})" || exit
${git(wish, words)} ${quotePath(wish.dest)} || exit
cd -- ${quotePath(wish.dest)} || exit
${kind === 'commit' ? `${fetch(wish)} || exit\n` : ''}${checkout(wish, kind)}`;
}

/** Brings a working copy to the version. Prints the commit at the end. */
export function updateScript(wish: GitWish, kind: Kind, state: GitState): string {
  const lines = [
    prelude(wish),
    `cd -- ${quotePath(wish.dest)} || exit`,
    ...(state.urlChanged ? [`${git(wish, ['remote', 'set-url', wish.remote, wish.repo])} || exit`] : []),
    ...(state.modified && wish.force ? [`${git(wish, ['reset', '--hard', 'HEAD'])} || exit`] : []),
    `${fetch(wish)} || exit`,
    checkout(wish, kind),
  ];
  return lines.join('\n');
}

function prelude(wish: GitWish): string {
  return wish.umask === undefined ? ':' : `umask ${quote(wish.umask)}`;
}

function git(wish: GitWish, words: readonly string[]): string {
  return quoteAll([wish.executable, ...words]);
}

function fetch(wish: GitWish): string {
  const depth = wish.depth === undefined ? [] : ['--depth', String(wish.depth)];
  const heads = wish.bare ? ['+refs/heads/*:refs/heads/*'] : [`+refs/heads/*:refs/remotes/${wish.remote}/*`];
  const own = wish.refspec === undefined ? [] : [wish.refspec];
  const commit = isHash(wish.version) && wish.depth !== undefined ? [wish.version] : [];
  return git(wish, [
    'fetch',
    '--tags',
    '--force',
    ...depth,
    wish.remote === '' || wish.bare ? wish.repo : wish.remote,
    ...heads,
    ...own,
    ...commit,
  ]);
}

function checkout(wish: GitWish, kind: Kind): string {
  const head = git(wish, ['rev-parse', 'HEAD']);
  if (wish.bare) return head;
  const remote = (name: string): string => `${wish.remote}/${name}`;
  const steps =
    kind === 'branch'
      ? [
          `{ ${git(wish, ['checkout', '--force', wish.version])} || ${git(wish, ['checkout', '--force', '-b', wish.version, '--track', remote(wish.version)])}; }`,
          git(wish, ['reset', '--hard', remote(wish.version)]),
        ]
      : kind === 'default'
        ? [
            `{ ${git(wish, ['remote', 'set-head', wish.remote, '--auto'])} >/dev/null 2>&1 || :; }`,
            git(wish, ['reset', '--hard', remote('HEAD')]),
          ]
        : [git(wish, ['checkout', '--force', '--detach', wish.version])];
  const modules = wish.recursive
    ? [git(wish, ['submodule', 'update', '--init', '--recursive', ...(wish.track_submodules ? ['--remote'] : [])])]
    : [];
  return `${[...steps, ...modules].map((step) => `${step} >/dev/null || exit`).join('\n')}\n${head}`;
}
