import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { command } from '../host/ask.ts';
import type { CommandQuery } from '../host/observation.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { choice, list, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z.strictObject({
  manager: withDefault(
    list(choice(['auto', 'apt', 'rpm', 'dnf', 'yum'])),
    ['auto'],
    'Package managers to ask; the one that is there',
  ),
  strategy: withDefault(choice(['first', 'all']), 'first', 'Ask the first that is there, or all'),
});

type Params = z.output<typeof params>;

const dpkgQuery: CommandQuery = command([
  'dpkg-query',
  '-W',
  '-f',
  '${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\t${Section}\\t${Origin}\\n',
]);
const rpmQuery: CommandQuery = command([
  'rpm',
  '-qa',
  '--qf',
  '%{NAME}\\t%{VERSION}\\t%{RELEASE}\\t%{EPOCHNUM}\\t%{ARCH}\\n',
]);

function asks(p: Params, manager: 'apt' | 'rpm'): boolean {
  return p.manager.some((one) => one === 'auto' || (manager === 'apt' ? one === 'apt' : one !== 'apt'));
}

function debian(stdout: string): readonly (readonly [string, JsonObject])[] {
  return stdout.split('\n').flatMap((line): (readonly [string, JsonObject])[] => {
    const [status, name = '', version = '', arch = '', category = '', origin = ''] = line.split('\t');
    return status === 'installed' ? [[name, { name, version, arch, category, origin, source: 'apt' }]] : [];
  });
}

function redHat(stdout: string): readonly (readonly [string, JsonObject])[] {
  return stdout.split('\n').flatMap((line): (readonly [string, JsonObject])[] => {
    const [name = '', version = '', release = '', epoch = '', arch = ''] = line.split('\t');
    if (name === '') return [];
    const shown = epoch === '0' || epoch === '(none)' ? null : Number(epoch);
    return [[name, { name, version, release, epoch: shown, arch, source: 'rpm' }]];
  });
}

/** Packages by name, each with all of its versions. */
function packages(p: Params, seen: Seen): JsonObject {
  const found = new Map<string, JsonObject[]>();
  const ofDebian = asks(p, 'apt') ? debian(seen(dpkgQuery).stdout) : [];
  const isDone = p.strategy === 'first' && ofDebian.length > 0;
  const ofRedHat = asks(p, 'rpm') && !isDone ? redHat(seen(rpmQuery).stdout) : [];
  for (const [name, one] of [...ofDebian, ...ofRedHat]) found.set(name, [...(found.get(name) ?? []), one]);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What packages the host has. */
export default defineModule({
  name: 'package_facts',
  aliases: ['ansible.builtin.package_facts', 'ansible.legacy.package_facts'],
  summary: 'Gathers the packages of the host as facts',
  examples: ['package_facts:\n  manager: auto'],
  params,
  returns: z.object({
    ansible_facts: z.looseObject({}).meta({ description: '`packages`: for each name a list of versions' }),
  }),
  convergence: () => 'reads',
  observe: (p) => [...(asks(p, 'apt') ? [dpkgQuery] : []), ...(asks(p, 'rpm') ? [rpmQuery] : [])],
  plan: (p, seen) => {
    const found = packages(p, seen);
    if (Object.keys(found).length === 0)
      return refuse('Could not detect a supported package manager: neither dpkg nor rpm has packages');
    return plan([], {
      effects: [{ kind: 'set-facts', facts: { packages: found }, as: 'named_facts' }],
      why: 'looking changes nothing',
    });
  },
  result: (p, seen) => ({ ansible_facts: { packages: packages(p, seen) } }),
  fuses: true,
});
