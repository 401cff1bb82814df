import { command, file, pkg } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { CommandQuery, Observation } from '../host/observation.ts';
import { aptGet } from './apt.ts';
import type { AptParams } from './apt-params.ts';
import { removePath } from './change.ts';
import { hashOf } from './content.ts';
import type { Context, Plan, Seen } from './define.ts';
import { plan, refuse, staged } from './plan.ts';

const isUrl = (deb: string): boolean => /^[a-z]+:\/\//.test(deb);

/** Where a package that has to be fetched lies until it is installed. */
function localPath(deb: string): string {
  return isUrl(deb) ? `/var/cache/apt/archives/hlb-${hashOf('sha256', deb).slice(0, 16)}.deb` : deb;
}

/** Name, version and architecture, one a line. */
const fieldsQuery = (path: string): CommandQuery =>
  command(['dpkg-deb', '-W', '--showformat', '${Package}\\n${Version}\\n${Architecture}\\n', path]);

export function debQueries(deb: string, seen: Seen): readonly Observation[] {
  return isUrl(deb) ? [] : fileQueries(deb, seen);
}

function fileQueries(path: string, seen: Seen): readonly Observation[] {
  const [name] = seen.maybe(fieldsQuery(path))?.stdout.split('\n') ?? [];
  return [
    file(path, { follow: true }),
    fieldsQuery(path),
    ...(name === undefined || name === '' ? [] : [pkg(name, 'apt')]),
  ];
}

/** A package file. One that has a URL is fetched first, and nobody knows before what it is. */
export function planDeb(deb: string, p: AptParams, seen: Seen, context: Context): Plan {
  if (!isUrl(deb)) return planFile(deb, p, seen, false);
  const path = localPath(deb);
  if (context.check) return plan([], { unknown: 'the package has to be fetched before anything is known of it' });
  const download: Change = {
    kind: 'download',
    url: deb,
    path,
    headers: {},
    verifyTls: true,
    timeoutMs: 30_000,
    backup: false,
    quiet: true,
  };
  return staged([download], { observe: (now) => fileQueries(path, now), plan: (now) => planFile(path, p, now, true) });
}

function planFile(path: string, p: AptParams, seen: Seen, isFetched: boolean): Plan {
  if (!seen(file(path, { follow: true })).exists) return refuse(`Unable to install package: "${path}" does not exist`);
  const fields = seen(fieldsQuery(path));
  const [name = '', version = ''] = fields.stdout.split('\n');
  if (fields.code !== 0 || name === '') return refuse(`Unable to install package: ${fields.stderr.trim()}`);
  const fact = seen(pkg(name, 'apt'));
  const cleanup = isFetched ? [{ ...removePath(path), quiet: true }] : [];
  if (fact.installed && fact.version === version) {
    return plan(cleanup, cleanup.length === 0 ? { why: `${name} ${version} is installed` } : {});
  }
  const target = path.startsWith('/') || path.startsWith('~') ? path : `./${path}`;
  return plan([aptGet(['install', target], p), ...cleanup]);
}
