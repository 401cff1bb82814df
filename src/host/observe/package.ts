import type { PackageFact, PackageQuery } from '../observation.ts';
import { quote, quoteAll } from '../quote.ts';
import type { Answer, Finished, Part } from './part.ts';
import { asking, failed, together, utf8 } from './part.ts';

/** One dpkg-query or rpm for all; the slow index only for what is missing, or where it was asked for. */
export function observePackages(queries: readonly PackageQuery[]): readonly Part[] {
  const apt = queries.filter((query) => query.manager === 'apt');
  const dnf = queries.filter((query) => query.manager === 'dnf');
  return [
    ...(apt.length === 0
      ? []
      : [together(apt, asking(aptScript(apt)), (done) => answers(apt, done, 'dpkg-query', aptFact))]),
    ...(dnf.length === 0 ? [] : [together(dnf, asking(dnfScript(dnf)), (done) => answers(dnf, done, 'rpm', dnfFact))]),
  ];
}

const namesOf = (queries: readonly PackageQuery[]): readonly string[] => [
  ...new Set(queries.map((query) => query.name)),
];
const asked = (queries: readonly PackageQuery[]): string =>
  quoteAll(namesOf(queries.filter((query) => query.candidate === true)));
const withoutArchitecture = (name: string): string => name.replace(/:[a-z0-9-]+$/, '');
const escaped = (name: string): string => name.replace(/[.+*?^${}()|[\]\\]/g, String.raw`\$&`);

/** Sections end with a line `.`: what is installed, what provides the rest, what the index offers. */
function aptScript(queries: readonly PackageQuery[]): string {
  const names = namesOf(queries);
  const missing = names.map((name) => {
    const base = withoutArchitecture(name);
    return `case $o in *${quote(`|${base}|install ok installed|`)}*|*${quote(`|${base}|hold ok installed|`)}*) ;; *) set -- "$@" ${quote(name)};; esac`;
  });
  const provided = names.map((name) => escaped(withoutArchitecture(name))).join('|');
  return `command -v dpkg-query >/dev/null || exit 127
o=$(dpkg-query -W -f='|\${Package}|\${Status}|\${Version}|\${Architecture}|\\n' -- ${quoteAll(names)} 2>/dev/null)
printf '%s\\n.\\n' "$o"
set --
${missing.join('\n')}
[ $# = 0 ] || dpkg-query -W -f='\${Status}|, \${Provides},|\${Package}\\n' 2>/dev/null | grep -E ${quote(`^(install|hold) ok installed\\|.*, (${provided})[ ,:]`)}
echo .
set -- "$@" ${asked(queries)}
[ $# = 0 ] || exec apt-cache policy -- "$@"`;
}

function dnfScript(queries: readonly PackageQuery[]): string {
  const names = namesOf(queries);
  const format = quote('|%{NAME}|%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}|%{ARCH}|\\n');
  const missing = names.map(
    (name) =>
      `case $o in *${quote(`|${name}|`)}*) ;; *) p=$(rpm -q --whatprovides --qf ${format} -- ${quote(name)} 2>/dev/null) && printf '%s\\n%s\\n' ${quote(`?${name}`)} "$p" || set -- "$@" ${quote(name)};; esac`,
  );
  return `command -v rpm >/dev/null || exit 127
o=$(rpm -q --qf ${format} -- ${quoteAll(names)} 2>/dev/null)
printf '%s\\n.\\n' "$o"
set --
${missing.join('\n')}
echo .
cat /etc/dnf/plugins/versionlock.list /etc/yum/pluginconf.d/versionlock.list 2>/dev/null
echo .
set -- "$@" ${asked(queries)}
[ $# = 0 ] && exit
if command -v dnf >/dev/null; then exec dnf -q repoquery --latest-limit 1 --qf '|%{name}|%{evr}|%{arch}|
' -- "$@"; fi
exec repoquery -q --qf '|%{name}|%{epoch}:%{version}-%{release}|%{arch}|' -- "$@"`;
}

function answers(
  queries: readonly PackageQuery[],
  done: Finished,
  tool: string,
  factOf: (query: PackageQuery, sections: readonly string[]) => PackageFact,
): readonly Answer[] {
  if (done.code === 127) {
    return queries.map((query) =>
      failed(query, `This host has no ${tool}`, done, 'Use the module of the package manager that it has'),
    );
  }
  const sections = utf8(done.stdout).split(/^\.$/m);
  return queries.map((query) => ({ observation: query, fact: factOf(query, sections) }));
}

/** Fields of the lines that stand between bars. */
function rows(section: string | undefined): readonly (readonly string[])[] {
  return (section ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1));
}

function aptFact(query: PackageQuery, [installed, provided, policy]: readonly string[]): PackageFact {
  const [name = '', architecture] = query.name.split(':');
  const states = rows(installed).filter((row) => row[0] === name && [undefined, row[3]].includes(architecture));
  const state = states.find((row) => row[1]?.endsWith(' ok installed')) ?? states[0];
  const isInstalled = state?.[1]?.endsWith(' ok installed') === true;
  const provider = new RegExp(
    String.raw`^(?:install|hold) ok installed\|.*, ${escaped(name)}[ ,:].*\|(\S+)$`,
    'm',
  ).exec(provided ?? '')?.[1];
  const candidate = aptCandidate(query.name, policy ?? '');
  return {
    installed: isInstalled,
    held: (state?.[1] ?? '').startsWith('hold '),
    ...(isInstalled ? { version: state?.[2] ?? '' } : {}),
    ...(candidate === undefined ? {} : { candidate }),
    ...(isInstalled || provider === undefined ? {} : { providedBy: provider }),
  };
}

function aptCandidate(name: string, policy: string): string | undefined {
  const [, section] =
    new RegExp(String.raw`^(?:${escaped(name)}|${escaped(withoutArchitecture(name))}):\n((?: .*\n)*)`, 'm').exec(
      policy,
    ) ?? [];
  const candidate = /^ {2}Candidate: (.*)$/m.exec(section ?? '')?.[1];
  return candidate === '(none)' ? undefined : candidate;
}

/** Rows are name, version with its epoch where it has one, architecture. */
function dnfFact(query: PackageQuery, [installed, provided, locks, index]: readonly string[]): PackageFact {
  const version = rows(installed).findLast((row) => row[0] === query.name)?.[1];
  const providers = new RegExp(String.raw`^\?${escaped(query.name)}\n((?:\|.*\n)*)`, 'm').exec(provided ?? '')?.[1];
  const provider = rows(providers)[0]?.[0];
  const candidate = rows(index).find((row) => row[0] === query.name)?.[1];
  return {
    installed: version !== undefined,
    held: (locks ?? '').split('\n').some((line) => line.startsWith(`${query.name}-`)),
    ...(version === undefined ? {} : { version }),
    ...(candidate === undefined ? {} : { candidate: candidate.replace(/^0:/, '') }),
    ...(version === undefined && provider !== undefined ? { providedBy: provider } : {}),
  };
}
