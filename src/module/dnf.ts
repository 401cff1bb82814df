import { z } from 'zod';
import { command, pkg } from '../host/ask.ts';
import type { JsonObject } from '../core/value.ts';
import type { Change, ChangeOutcome, Run } from '../host/change.ts';
import type { CommandQuery, Observation } from '../host/observation.ts';
import { run } from './change.ts';
import type { Context, Disrupts, Plan, Seen } from './define.ts';
import { outcomeFields, outputReturns } from './output.ts';
import { packagesDisrupt, packagesIn } from './package-disrupts.ts';
import { plan, refuse } from './plan.ts';

/** What `dnf` and `package` ask of dnf. */
export interface DnfWish {
  readonly name: readonly string[];
  readonly state: 'present' | 'latest' | 'absent';
  /** Options such as `--enablerepo=x`. */
  readonly options: readonly string[];
  readonly autoremove: boolean;
  readonly lockTimeout: number;
}

/** Groups, files and URLs: only dnf itself knows what they stand for. */
const isSpecial = (name: string): boolean => /^@|\/|\.rpm$|[*?[<>=]/.test(name);

const isUpgrade = (wish: DnfWish): boolean => wish.name.length === 1 && wish.name[0] === '*' && wish.state === 'latest';

const trialQuery = (wish: DnfWish, words: readonly string[]): CommandQuery =>
  command(['dnf', '-q', '--assumeno', ...wish.options, ...words], { timeoutMs: 300_000 });
const updatesQuery = (wish: DnfWish): CommandQuery =>
  command(['dnf', '-q', ...wish.options, 'check-update'], { timeoutMs: 300_000 });
const packageQuery = (wish: DnfWish, name: string): ReturnType<typeof pkg> =>
  pkg(name, 'dnf', { candidate: wish.state === 'latest' });

const verb = (wish: DnfWish): string => (wish.state === 'absent' ? 'remove' : 'install');
const autoremoveWords = ['autoremove'] as const;

export function dnfQueries(wish: DnfWish): readonly Observation[] {
  if (isUpgrade(wish)) return [updatesQuery(wish)];
  return [
    ...wish.name.map((name) => (isSpecial(name) ? trialQuery(wish, [verb(wish), name]) : packageQuery(wish, name))),
    ...(wish.autoremove && wish.name.length === 0 ? [trialQuery(wish, autoremoveWords)] : []),
  ];
}

/** Fetches the index, which counts as no change. */
export function dnfRefresh(context: Context): readonly Change[] {
  return context.check ? [] : [run(['dnf', '-q', 'makecache', '--refresh'], { detach: true, quiet: true })];
}

/** Under --assumeno dnf ends with 1 where there would be something to do. */
function wouldAct(wish: DnfWish, words: readonly string[], seen: Seen): boolean {
  const { code, stdout, stderr } = seen(trialQuery(wish, words));
  return code !== 0 && !/Nothing to do|No packages marked for removal/i.test(`${stdout}\n${stderr}`);
}

function dnf(wish: DnfWish, words: readonly string[]): Run {
  const argv = ['dnf', '-y', '-q', `--setopt=lock_timeout=${wish.lockTimeout}`, ...wish.options, ...words];
  return run(argv, { detach: true, summary: `dnf ${words.join(' ')}` });
}

/** Installs, upgrades or removes; `first` comes before that. */
export function planDnf(wish: DnfWish, seen: Seen, context: Context, first: readonly Change[] = []): Plan {
  const done = (why: string): Plan => plan(first, first.length === 0 ? { why } : {});
  if (isUpgrade(wish)) {
    const { code, stderr } = seen(updatesQuery(wish));
    if (code !== 0 && code !== 100) return refuse(`dnf check-update failed: ${stderr.trim()}`);
    return code === 0 ? done('every package is the newest') : plan([...first, dnf(wish, ['upgrade'])]);
  }
  const concerned: string[] = [];
  for (const name of wish.name) {
    if (isSpecial(name)) {
      if (wouldAct(wish, [verb(wish), name], seen)) concerned.push(name);
      continue;
    }
    const fact = seen(packageQuery(wish, name));
    if (wish.state === 'absent' ? fact.installed : isMissing(wish, fact)) concerned.push(name);
    if (wish.state === 'absent' || fact.installed || fact.candidate !== undefined) continue;
    const reason = `No package ${name} available.`;
    return context.check ? plan([], { unknown: `${reason} A task before this one may change that` }) : refuse(reason);
  }
  if (concerned.length === 0) {
    const orphans = wish.autoremove && wish.name.length === 0 && wouldAct(wish, autoremoveWords, seen);
    return orphans ? plan([...first, dnf(wish, autoremoveWords)]) : done('the packages are as asked');
  }
  return plan([...first, dnf(wish, [verb(wish), ...concerned])]);
}

function isMissing(
  wish: DnfWish,
  fact: { readonly installed: boolean; readonly version?: string; readonly candidate?: string },
): boolean {
  if (!fact.installed) return true;
  return wish.state === 'latest' && fact.candidate !== undefined && fact.candidate !== fact.version;
}

export const dnfReturns = {
  ...outputReturns,
  results: z
    .array(z.string())
    .optional()
    .meta({ description: 'What was done, such as "Installed: nginx"; dnf names packages, not their versions' }),
};

export function dnfResult(wish: DnfWish, planned: Plan, outcome: ChangeOutcome | undefined): JsonObject {
  const word = wish.state === 'absent' ? 'Removed' : 'Installed';
  const isDone = outcome?.status === 'done';
  return { ...outcomeFields(outcome), results: isDone ? packagesIn(planned).map((name) => `${word}: ${name}`) : [] };
}

/** What it takes away; in check mode nobody fetches the index (`refreshes`), which may name newer packages. */
export function dnfDisrupts(wish: DnfWish, planned: Plan, seen: Seen, refreshes: boolean): readonly Disrupts[] {
  const isOld = refreshes && wish.state === 'latest';
  return [...editDisrupts(wish, planned, seen), ...(isOld ? dnfMayDisrupt(wish) : [])];
}

/** What upgrades and removals take away; what is not there yet takes nothing away when it comes. */
function editDisrupts(wish: DnfWish, planned: Plan, seen: Seen): readonly Disrupts[] {
  if (planned.kind !== 'plan' || planned.changes.length === 0) return ['nothing'];
  // One a line: name.architecture, version, repository.
  if (isUpgrade(wish)) return packagesDisrupt(seen(updatesQuery(wish)).stdout.split('\n'));
  if (wish.name.length === 0) return dnfMayDisrupt(wish);
  return packagesDisrupt(
    packagesIn(planned).filter((name) => seen.maybe(packageQuery(wish, name))?.installed !== false),
  );
}

/** The most, where only parameters are known. */
export function dnfMayDisrupt(wish: DnfWish): readonly Disrupts[] {
  return isUpgrade(wish) || wish.autoremove ? ['node', 'balancer'] : packagesDisrupt(wish.name);
}
