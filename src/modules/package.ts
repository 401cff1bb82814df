import { z } from 'zod';
import { file } from '../host/ask.ts';
import type { FileQuery } from '../host/observation.ts';
import { type AptParams, aptParams } from '../module/apt-params.ts';
import { aptDisrupts, aptObservations, planApt } from '../module/apt-plan.ts';
import { aptMayDisrupt } from '../module/apt-work.ts';
import { defineModule, type Seen } from '../module/define.ts';
import {
  type DnfWish,
  dnfDisrupts,
  dnfMayDisrupt,
  dnfQueries,
  dnfRefresh,
  dnfResult,
  dnfReturns,
  planDnf,
} from '../module/dnf.ts';
import { outcomeFields } from '../module/output.ts';
import { bool, choice, int, list, optional, text, withDefault } from '../module/params.ts';
import { refuse } from '../module/plan.ts';

const fields = z.strictObject({
  name: withDefault(list(text()), [], 'Packages', { aliases: ['pkg'] }),
  state: withDefault(choice(['absent', 'installed', 'latest', 'present', 'removed']), 'present', 'What shall be'),
  use: withDefault(
    choice(['auto', 'apt', 'dnf', 'yum', 'dnf4', 'dnf5']),
    'auto',
    'The package manager; the one that is there',
  ),
  // Ansible hands on whatever its module for the package manager takes.
  update_cache: optional(bool(), 'Fetch the index first'),
  autoremove: optional(bool(), 'Also remove packages that nothing needs any more', { aliases: ['auto_remove'] }),
  allow_downgrade: optional(bool(), 'Allow an older version', { aliases: ['allow_downgrades'] }),
  lock_timeout: optional(int({ min: 0 }), "Seconds to wait for another package manager's lock"),
  cache_valid_time: optional(int({ min: 0 }), 'apt: seconds for which a fetched index is new enough'),
  default_release: optional(text(), 'apt: release to prefer'),
  dpkg_options: optional(text(), 'apt: options for dpkg'),
  force: optional(bool(), 'apt: allow downgrades, held packages and packages that nobody signed'),
  install_recommends: optional(bool(), 'apt: install recommended packages too'),
  only_upgrade: optional(bool(), 'apt: do not install what is not there'),
  purge: optional(bool(), 'apt: also remove configuration'),
  disable_gpg_check: optional(bool(), 'dnf: allow packages that nobody signed'),
  disablerepo: optional(list(text()), 'dnf: repositories to leave out'),
  enablerepo: optional(list(text()), 'dnf: repositories to use too'),
});

const params = fields.superRefine((p, context) => {
  if (p.name.length > 0 || p.update_cache === true || p.autoremove === true) return;
  context.addIssue({ code: 'custom', message: 'One of "name", "update_cache" and "autoremove" must be given' });
});

type Params = z.output<typeof params>;
type Manager = 'apt' | 'dnf';

const tools: Readonly<Record<Manager, FileQuery>> = {
  apt: file('/usr/bin/apt-get', { follow: true }),
  dnf: file('/usr/bin/dnf', { follow: true }),
};

/** The one that is asked for, or that is there; undefined while nobody looked. */
function managerOf(p: Params, seen: Seen): Manager | 'none' | undefined {
  if (p.use !== 'auto') return p.use === 'apt' ? 'apt' : 'dnf';
  const apt = seen.maybe(tools.apt);
  const dnf = seen.maybe(tools.dnf);
  if (apt === undefined || dnf === undefined) return undefined;
  if (apt.exists) return 'apt';
  return dnf.exists ? 'dnf' : 'none';
}

function stateOf(p: Params): 'absent' | 'present' | 'latest' {
  if (p.state === 'removed') return 'absent';
  return p.state === 'installed' ? 'present' : p.state;
}

function asApt(p: Params): AptParams {
  const { name, use: _, enablerepo: _on, disablerepo: _off, disable_gpg_check: _gpg, ...rest } = p;
  return aptParams.parse({ ...rest, package: name, state: stateOf(p) });
}

function asDnf(p: Params): DnfWish {
  const options = [
    ...(p.enablerepo ?? []).map((repo) => `--enablerepo=${repo}`),
    ...(p.disablerepo ?? []).map((repo) => `--disablerepo=${repo}`),
    ...(p.disable_gpg_check === true ? ['--nogpgcheck'] : []),
  ];
  return {
    name: p.name,
    state: stateOf(p),
    options,
    autoremove: p.autoremove === true,
    lockTimeout: p.lock_timeout ?? 30,
  };
}

const ofApt = [
  'cache_valid_time',
  'default_release',
  'dpkg_options',
  'force',
  'install_recommends',
  'only_upgrade',
  'purge',
] as const;
const ofDnf = ['disable_gpg_check', 'disablerepo', 'enablerepo'] as const;

/** What the package manager that is there does not have; Ansible fails on it too. */
function unsupported(p: Params, manager: Manager): readonly string[] {
  return (manager === 'apt' ? ofDnf : ofApt).filter((name) => p[name] !== undefined);
}

/** Packages, whoever manages them. */
export default defineModule({
  name: 'package',
  aliases: ['ansible.builtin.package', 'ansible.legacy.package'],
  summary: 'Installs and removes packages with the package manager of the host',
  examples: ['package:\n  name: socat\n  state: present'],
  params,
  returns: z.object(dnfReturns),
  convergence: () => 'converges',
  observe: (p, seen) => {
    const manager = managerOf(p, seen);
    const which = p.use === 'auto' ? [tools.apt, tools.dnf] : [];
    if (manager === 'apt') return [...which, ...aptObservations(asApt(p), seen)];
    return manager === 'dnf' ? [...which, ...dnfQueries(asDnf(p))] : which;
  },
  plan: (p, seen, _inputs, context) => {
    const manager = managerOf(p, seen);
    const [wrong] = manager === 'apt' || manager === 'dnf' ? unsupported(p, manager) : [];
    if (wrong !== undefined) return refuse(`Unsupported parameters for (${manager}) module: ${wrong}`);
    if (manager === 'apt') return planApt(asApt(p), seen, context);
    if (manager === 'dnf') return planDnf(asDnf(p), seen, context, p.update_cache === true ? dnfRefresh(context) : []);
    return refuse('This host has neither apt-get nor dnf', { help: 'Install the package with the command module' });
  },
  result: (p, seen, planned, done) =>
    managerOf(p, seen) === 'dnf' ? dnfResult(asDnf(p), planned, done.at(-1)) : outcomeFields(done.at(-1)),
  disrupts: (p, planned, seen, context) => {
    const manager = managerOf(p, seen);
    if (manager === 'apt') return aptDisrupts(asApt(p), planned, seen, context);
    return manager === 'dnf' ? dnfDisrupts(asDnf(p), planned, seen, p.update_cache === true) : ['nothing'];
  },
  mayDisrupt: (p) => {
    if (p === undefined) return ['node'];
    return p.use === 'auto' || p.use === 'apt' ? aptMayDisrupt(asApt(p)) : dnfMayDisrupt(asDnf(p));
  },
});
