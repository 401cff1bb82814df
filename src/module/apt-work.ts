import { command, pkg } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { CommandQuery, Observation, PackageFact } from '../host/observation.ts';
import { type AptPackage, aptGet, parsePackage, simulation, wouldChange } from './apt.ts';
import { debQueries, planDeb } from './apt-deb.ts';
import type { AptParams } from './apt-params.ts';
import type { Context, Disrupts, Plan, Seen } from './define.ts';
import { isGlob, matchesGlob } from './glob.ts';
import { packagesDisrupt, packagesIn } from './package-disrupts.ts';
import { plan, refuse } from './plan.ts';

const upgradeWords = {
  dist: ['dist-upgrade'],
  full: ['dist-upgrade'],
  safe: ['upgrade', '--with-new-pkgs'],
  yes: ['upgrade', '--with-new-pkgs'],
  no: [],
} as const;

/** `name: "*"` with `state: latest` is an upgrade. */
function upgradeOf(p: AptParams): readonly string[] {
  if (p.package.length === 1 && p.package[0] === '*' && p.state === 'latest') return upgradeWords.yes;
  return upgradeWords[p.upgrade];
}

const autoremoveWords = (p: AptParams): readonly string[] => [p.purge ? '--purge' : '', 'autoremove'].filter(Boolean);

/** Only a whole run of apt-get, simulated, can tell. */
function simulated(p: AptParams): readonly (readonly string[])[] {
  const upgrade = upgradeOf(p);
  if (upgrade.length > 0) return [upgrade];
  if (p.state === 'build-dep' && p.package.length > 0) return [['build-dep', ...p.package]];
  if (p.state === 'fixed') return [['-f', 'install']];
  if (p.package.length > 0 || p.deb !== undefined) return [];
  if (p.autoremove) return [autoremoveWords(p)];
  return p.autoclean && !p.clean ? [['autoclean']] : [];
}

const simulationQuery = (words: readonly string[], p: AptParams): CommandQuery => command(simulation(words, p));

/** Names that a pattern fits: installed ones where packages go, known ones where they come. */
const namesQuery = (pattern: string, p: AptParams): CommandQuery =>
  p.state === 'absent'
    ? command(['dpkg-query', '-W', '-f', '${db:Status-Status} ${Package}\\n', pattern])
    : command(['apt-cache', 'pkgnames', /^[^*?[]*/.exec(pattern)?.[0] ?? '']);

/** Configuration that a removed package left behind. */
const leftoverQuery = (name: string): CommandQuery => command(['dpkg-query', '-W', '-f', '${db:Status-Status}', name]);

const packageQuery = (one: AptPackage, p: AptParams): ReturnType<typeof pkg> =>
  pkg(one.name, 'apt', { candidate: p.state === 'latest' });

/** Packages by their names, patterns replaced by what fits them. */
function packagesOf(p: AptParams, seen: Seen): readonly AptPackage[] {
  if (simulated(p).length > 0) return [];
  return p.package.map(parsePackage).flatMap((one) => {
    if (!isGlob(one.name)) return [one];
    const lines = (seen.maybe(namesQuery(one.name, p))?.stdout ?? '').split('\n');
    const names = lines.map((line) => (p.state === 'absent' ? /^installed (.+)$/.exec(line)?.[1] : line) ?? '');
    return names
      .filter((name) => name !== '' && matchesGlob(one.name, name))
      .map((name) => ({ ...one, name, spec: one.spec.replace(one.name, name) }));
  });
}

/** Nothing installed and nothing offered: perhaps a virtual package, which only apt-get itself can resolve. */
function isUnheard(fact: PackageFact | undefined): boolean {
  return fact !== undefined && !fact.installed && fact.candidate === undefined;
}

/** Where only apt-get itself knows which version it would choose. */
function needsTrial(one: AptPackage, p: AptParams, fact: PackageFact | undefined): boolean {
  const chooses = one.release !== undefined || p.default_release !== undefined;
  return isUnheard(fact) || (p.state === 'latest' && one.version === undefined && chooses);
}

export function aptQueries(p: AptParams, seen: Seen): readonly Observation[] {
  const packages = packagesOf(p, seen);
  return [
    ...simulated(p).map((words) => simulationQuery(words, p)),
    ...(simulated(p).length > 0
      ? []
      : p.package.map(parsePackage).flatMap(({ name }) => (isGlob(name) ? [namesQuery(name, p)] : []))),
    ...packages.map((one) => packageQuery(one, p)),
    ...(p.state === 'absent' && p.purge ? packages.map((one) => leftoverQuery(one.name)) : []),
    ...(p.state === 'absent'
      ? []
      : packages
          .filter((one) => needsTrial(one, p, seen.maybe(packageQuery(one, p))))
          .map((one) => simulationQuery(['install', one.spec], p))),
    ...(p.deb === undefined ? [] : debQueries(p.deb, seen)),
  ];
}

/** The changes, given an index that is new enough. */
export function aptEdit(p: AptParams, seen: Seen, context: Context): Plan {
  const cleaning: Change[] = p.clean
    ? [aptGet(['clean'], p)]
    : p.autoclean
      ? [{ ...aptGet(['autoclean'], p), quiet: true }]
      : [];
  const [words] = simulated(p);
  if (words !== undefined) return planSimulated(words, p, seen, cleaning);
  if (p.deb !== undefined) return planDeb(p.deb, p, seen, context);
  return p.state === 'absent' ? planRemoval(p, seen, cleaning) : planInstallation(p, seen, context, cleaning);
}

function planSimulated(words: readonly string[], p: AptParams, seen: Seen, cleaning: readonly Change[]): Plan {
  const fact = seen(simulationQuery(words, p));
  if (fact.code !== 0 && p.state !== 'fixed')
    return refuse(`apt-get ${words.join(' ')} cannot work: ${fact.stderr.trim()}`);
  if (!wouldChange(fact.stdout) && fact.code === 0) return done(cleaning, 'apt-get has nothing to do');
  return plan([
    aptGet(p.autoremove && words[0] !== 'autoremove' ? ['--auto-remove', ...words] : words, p),
    ...cleaning,
  ]);
}

function done(cleaning: readonly Change[], why: string): Plan {
  return plan(cleaning, cleaning.length === 0 ? { why } : {});
}

function planRemoval(p: AptParams, seen: Seen, cleaning: readonly Change[]): Plan {
  const gone = packagesOf(p, seen).filter((one) => {
    const leftover = p.purge && seen(leftoverQuery(one.name)).stdout === 'config-files';
    return seen(packageQuery(one, p)).installed || leftover;
  });
  if (gone.length === 0) return done(cleaning, 'none of the packages is installed');
  const options = [...(p.purge ? ['--purge'] : []), ...(p.autoremove ? ['--auto-remove'] : [])];
  return plan([aptGet(['remove', ...options, ...gone.map((one) => one.name)], p), ...cleaning]);
}

function planInstallation(p: AptParams, seen: Seen, context: Context, cleaning: readonly Change[]): Plan {
  const missing: AptPackage[] = [];
  for (const one of packagesOf(p, seen)) {
    const fact = seen(packageQuery(one, p));
    if (p.only_upgrade && !fact.installed) continue;
    if (needsTrial(one, p, fact)) {
      const trial = seen(simulationQuery(['install', one.spec], p));
      if (trial.code !== 0) {
        const reason = `No package matching '${one.spec}' is available`;
        if (context.check) return plan([], { unknown: `${reason} now; a task before this one may change that` });
        return refuse(reason, { help: 'Fetch the index with update_cache: true, or add the repository that has it' });
      }
      if (wouldChange(trial.stdout)) missing.push(one);
      continue;
    }
    if (isRight(one, fact, p)) continue;
    if (fact.installed && fact.held && !p.allow_change_held_packages && !p.force) {
      return refuse(`"${one.name}" is on hold at ${fact.version ?? 'its version'}`, {
        help: 'Say allow_change_held_packages: true if it shall change nevertheless',
      });
    }
    missing.push(one);
  }
  if (missing.length === 0) return done(cleaning, 'the packages are as asked');
  const options = [...(p.only_upgrade ? ['--only-upgrade'] : []), ...(p.autoremove ? ['--auto-remove'] : [])];
  return plan([aptGet(['install', ...options, ...missing.map((one) => one.spec)], p), ...cleaning]);
}

function isRight(one: AptPackage, fact: PackageFact, p: AptParams): boolean {
  if (!fact.installed) return false;
  if (one.version !== undefined) return matchesGlob(one.version, fact.version ?? '');
  return p.state !== 'latest' || fact.candidate === undefined || fact.candidate === fact.version;
}

/** What upgrades and removals take away; what is not there yet takes nothing away when it comes. */
export function editDisrupts(p: AptParams, planned: Plan, seen: Seen): readonly Disrupts[] {
  if (planned.kind !== 'plan' || planned.changes.length === 0) return ['nothing'];
  const [words] = simulated(p);
  if (words !== undefined) {
    const { stdout } = seen(simulationQuery(words, p));
    // Of a package that is new, apt-get tells no version that is replaced.
    const changed = [...stdout.matchAll(/^(?:Inst (\S+) \[|Remv (\S+)|Purg (\S+))/gm)];
    return packagesDisrupt(changed.map(([, upgraded, removed, purged]) => upgraded ?? removed ?? purged ?? ''));
  }
  const names = packagesIn(planned).map((spec) => (p.deb === undefined ? parsePackage(spec).name : spec));
  return packagesDisrupt(
    names.filter((name) => seen.maybe(pkg(name, 'apt', { candidate: p.state === 'latest' }))?.installed !== false),
  );
}

/** The most, where only parameters are known. */
export function aptMayDisrupt(p: AptParams): readonly Disrupts[] {
  if (upgradeOf(p).length > 0 || p.autoremove || p.state === 'fixed') return ['node', 'balancer'];
  return packagesDisrupt(p.deb === undefined ? p.package.map((spec) => parsePackage(spec).name) : [p.deb]);
}
