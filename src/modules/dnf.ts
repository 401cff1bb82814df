import { z } from 'zod';
import { defineModule } from '../module/define.ts';
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
import { bool, choice, int, list, optional, path, text, withDefault } from '../module/params.ts';

const params = z
  .strictObject({
    name: withDefault(list(text()), [], 'Packages, groups (@name), files or URLs; "*" with "latest" upgrades all', {
      aliases: ['pkg'],
    }),
    state: optional(
      choice(['absent', 'installed', 'latest', 'present', 'removed']),
      'What shall be; "present" when left out, or "absent" with `autoremove`',
    ),
    enablerepo: withDefault(list(text()), [], 'Repositories to use too'),
    disablerepo: withDefault(list(text()), [], 'Repositories to leave out'),
    exclude: withDefault(list(text()), [], 'Packages to leave out'),
    disable_excludes: optional(text(), 'Excludes of the configuration to pass over: "all", "main" or a repository'),
    disable_gpg_check: withDefault(bool(), false, 'Allow packages that nobody signed'),
    update_cache: withDefault(bool(), false, 'Fetch the index first', { aliases: ['expire-cache'] }),
    install_weak_deps: withDefault(bool(), true, 'Install recommended packages too'),
    allow_downgrade: withDefault(
      bool(),
      false,
      'Accepted for the sake of playbooks: dnf downgrades to a named version',
    ),
    skip_broken: withDefault(bool(), false, 'Pass over packages that cannot be installed'),
    nobest: withDefault(bool(), false, 'Do not insist on the newest version'),
    best: withDefault(bool(), false, 'Insist on the newest version'),
    allowerasing: withDefault(bool(), false, 'Remove packages that stand in the way'),
    bugfix: withDefault(bool(), false, 'With "latest": only updates that mend something'),
    security: withDefault(bool(), false, 'With "latest": only updates that close holes'),
    cacheonly: withDefault(bool(), false, 'Use what was fetched, and fetch nothing'),
    conf_file: optional(path(), 'Configuration of dnf to use'),
    disable_plugin: withDefault(list(text()), [], 'Plugins of dnf to leave out'),
    enable_plugin: withDefault(list(text()), [], 'Plugins of dnf to use too'),
    releasever: optional(text(), 'Release whose packages are taken'),
    sslverify: withDefault(bool(), true, 'Verify the certificates of repositories'),
    use_backend: withDefault(
      choice(['auto', 'dnf', 'dnf4', 'dnf5', 'yum', 'yum4']),
      'auto',
      'Accepted for the sake of playbooks: dnf is used',
    ),
    install_repoquery: withDefault(bool(), true, 'Accepted for the sake of playbooks: it is not needed'),
    autoremove: withDefault(bool(), false, 'Also remove packages that nothing needs any more'),
    lock_timeout: withDefault(int({ min: 0 }), 30, "Seconds to wait for another package manager's lock"),
  })
  .superRefine((p, context) => {
    if (p.name.length === 0 && !p.update_cache && !p.autoremove) {
      const message = 'One of "name", "update_cache" and "autoremove" is required';
      context.addIssue({ code: 'custom', message, path: ['name'] });
    }
  });

type Params = z.output<typeof params>;

function wishOf(p: Params): DnfWish {
  const named = p.state ?? (p.autoremove ? 'absent' : 'present');
  const state = named === 'installed' ? 'present' : named === 'removed' ? 'absent' : named;
  const options = [
    ...p.enablerepo.map((repo) => `--enablerepo=${repo}`),
    ...p.disablerepo.map((repo) => `--disablerepo=${repo}`),
    ...p.exclude.map((name) => `--exclude=${name}`),
    ...(p.disable_excludes === undefined ? [] : [`--disableexcludes=${p.disable_excludes}`]),
    ...(p.disable_gpg_check ? ['--nogpgcheck'] : []),
    ...(p.install_weak_deps ? [] : ['--setopt=install_weak_deps=False']),
    ...(p.skip_broken ? ['--skip-broken'] : []),
    ...(p.nobest ? ['--nobest'] : []),
    ...(p.best ? ['--best'] : []),
    ...(p.allowerasing ? ['--allowerasing'] : []),
    ...(p.bugfix ? ['--bugfix'] : []),
    ...(p.security ? ['--security'] : []),
    ...(p.cacheonly ? ['--cacheonly'] : []),
    ...(p.conf_file === undefined ? [] : [`--config=${p.conf_file}`]),
    ...p.disable_plugin.map((name) => `--disableplugin=${name}`),
    ...p.enable_plugin.map((name) => `--enableplugin=${name}`),
    ...(p.releasever === undefined ? [] : [`--releasever=${p.releasever}`]),
    ...(p.sslverify ? [] : ['--setopt=sslverify=False']),
  ];
  return { name: p.name, state, options, autoremove: p.autoremove, lockTimeout: p.lock_timeout };
}

/** Packages of Fedora and its kin. */
export default defineModule({
  name: 'dnf',
  aliases: ['ansible.builtin.dnf', 'ansible.legacy.dnf', 'yum', 'ansible.builtin.yum', 'ansible.legacy.yum'],
  summary: 'Installs, upgrades and removes packages of Fedora, RHEL and their kin',
  examples: ['dnf:\n  name: [kubelet, kubeadm, kubectl]\n  disable_excludes: kubernetes'],
  params,
  returns: z.object(dnfReturns),
  convergence: () => 'converges',
  observe: (p) => dnfQueries(wishOf(p)),
  plan: (p, seen, _inputs, context) => {
    const refresh = p.update_cache ? dnfRefresh(context) : [];
    return planDnf(wishOf(p), seen, context, refresh);
  },
  result: (p, _seen, planned, done) => dnfResult(wishOf(p), planned, done.at(-1)),
  disrupts: (p, planned, seen) => dnfDisrupts(wishOf(p), planned, seen, p.update_cache),
  mayDisrupt: (p) => (p === undefined ? ['node'] : dnfMayDisrupt(wishOf(p))),
});
