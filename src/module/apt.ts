import { file } from '../host/ask.ts';
import type { Run } from '../host/change.ts';
import type { FileQuery } from '../host/observation.ts';
import { quoteAll } from '../host/quote.ts';
import { run, runShell } from './change.ts';
import type { Seen } from './define.ts';

/** Options of apt-get that shape what it does. */
export interface AptOptions {
  readonly default_release: string | undefined;
  readonly install_recommends: boolean | undefined;
  readonly force: boolean;
  readonly dpkg_options: string;
  readonly fail_on_autoremove: boolean;
  readonly allow_unauthenticated: boolean;
  readonly allow_downgrade: boolean;
  readonly allow_change_held_packages: boolean;
  readonly lock_timeout: number;
}

export const aptEnvironment = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBIAN_PRIORITY: 'critical',
  APT_LISTCHANGES_FRONTEND: 'none',
} as const;

/** What decides which packages apt-get would choose. */
function choosing(o: AptOptions): readonly string[] {
  return [
    ...(o.default_release === undefined ? [] : ['-t', o.default_release]),
    ...(o.install_recommends === undefined
      ? []
      : ['-o', `APT::Install-Recommends=${o.install_recommends ? 'yes' : 'no'}`]),
    ...(o.allow_downgrade || o.force ? ['--allow-downgrades'] : []),
    ...(o.allow_change_held_packages || o.force ? ['--allow-change-held-packages'] : []),
    ...(o.allow_unauthenticated || o.force ? ['--allow-unauthenticated'] : []),
  ];
}

/** apt-get that changes packages: apart from the connection, as it takes long. */
export function aptGet(words: readonly string[], o: AptOptions): Run {
  const dpkg = o.dpkg_options
    .split(',')
    .filter((option) => option !== '')
    .flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]);
  const argv = [
    'apt-get',
    '-y',
    ...dpkg,
    '-o',
    `DPkg::Lock::Timeout=${o.lock_timeout}`,
    ...(o.fail_on_autoremove ? ['--no-remove'] : []),
    ...choosing(o),
    ...words,
  ];
  return run(argv, { env: aptEnvironment, detach: true, summary: `apt-get ${words.join(' ')}` });
}

/** What apt-get would do, as a command that only reads. */
export function simulation(words: readonly string[], o: AptOptions): readonly string[] {
  return ['apt-get', '-s', '-q', ...choosing(o), ...words];
}

/** Whether a simulated run would change a package, or delete a package file. */
export function wouldChange(stdout: string): boolean {
  return /^(Inst|Remv|Purg|Del) /m.test(stdout);
}

/** `apt-get update`: other programs hold its lock for a while, and mirrors fail for a while. Quiet unless it is all that is asked. */
export function updateCache(retries: number, maxDelay: number, lockTimeout: number, quiet: boolean): Run {
  const update = quoteAll(['apt-get', '-q', 'update', '-o', 'APT::Update::Error-Mode=any']);
  const script = `n=0 w=0
while :; do
  e=$(${update} 2>&1) && { printf '%s\\n' "$e"; exit 0; }
  case $e in
  *"Could not get lock"*|*"Unable to lock"*) [ $w -lt ${lockTimeout} ] || break; w=$((w + 2)); sleep 2;;
  *) n=$((n + 1)); [ $n -lt ${Math.max(1, retries)} ] || break; d=$((1 << n)); [ $d -le ${maxDelay} ] || d=${maxDelay}; sleep $d;;
  esac
done
printf '%s\\n' "$e" >&2
exit 100`;
  return runShell(script, { env: aptEnvironment, detach: true, quiet, summary: 'apt-get update' });
}

const stamp: FileQuery = file('/var/lib/apt/periodic/update-success-stamp', { exact: true });
const lists: FileQuery = file('/var/lib/apt/lists', { exact: true });

/** What tells when the index was fetched. */
export const cacheQueries: readonly FileQuery[] = [stamp, lists];

/** Seconds since the epoch; 0 where it never was. */
export function cacheTime(seen: Seen): number {
  for (const query of cacheQueries) {
    const fact = seen.maybe(query);
    if (fact?.exists === true) return Math.floor(fact.mtime);
  }
  return 0;
}

/** A package as Ansible names it: `name`, `name=1.2*`, `name:arch`, `name/release`. */
export interface AptPackage {
  readonly spec: string;
  readonly name: string;
  /** May be a shell pattern. */
  readonly version: string | undefined;
  readonly release: string | undefined;
}

export function parsePackage(spec: string): AptPackage {
  const [, name = spec, operator = '', rest = ''] = /^([^=/]+)([=/]?)(.*)$/.exec(spec.trim()) ?? [];
  return {
    spec: spec.trim(),
    name,
    version: operator === '=' ? rest : undefined,
    release: operator === '/' ? rest : undefined,
  };
}
