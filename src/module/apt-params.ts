import { z } from 'zod';
import { bool, choice, int, list, optional, path, text, withDefault } from './params.ts';

/** Parameters of `apt`. */
export const aptParams = z
  .strictObject({
    package: withDefault(
      list(text()),
      [],
      'Packages, each with a version (`=1.2*`) or release (`/stable`) where one is meant',
      {
        aliases: ['name', 'pkg'],
      },
    ),
    state: withDefault(
      choice(['absent', 'build-dep', 'fixed', 'latest', 'present']),
      'present',
      'What shall be: installed, the newest, gone, with the packages that building it needs, or repaired',
    ),
    update_cache: withDefault(bool(), false, 'Fetch the index first', { aliases: ['update-cache'] }),
    cache_valid_time: withDefault(
      int({ min: 0 }),
      0,
      'Seconds for which a fetched index is new enough; implies `update_cache`',
    ),
    update_cache_retries: withDefault(int({ min: 0 }), 5, 'How often fetching the index is tried'),
    update_cache_retry_max_delay: withDefault(int({ min: 0 }), 12, 'Seconds to wait between tries, at most'),
    upgrade: withDefault(
      z
        .union([z.enum(['dist', 'full', 'no', 'safe', 'yes']), z.boolean()], {
          error: 'Expected one of "dist", "full", "no", "safe", "yes"',
        })
        .transform((value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : value)),
      'no',
      'Upgrade all packages: "dist" may remove some, "safe" removes none',
    ),
    deb: optional(path(), 'Package file on the host, or its URL'),
    purge: withDefault(bool(), false, 'Also remove configuration'),
    autoremove: withDefault(bool(), false, 'Also remove packages that nothing needs any more', {
      aliases: ['auto_remove'],
    }),
    autoclean: withDefault(bool(), false, 'Remove downloaded package files that can no longer be fetched'),
    clean: withDefault(bool(), false, 'Remove downloaded package files'),
    only_upgrade: withDefault(bool(), false, 'Do not install what is not there'),
    default_release: optional(text(), 'Release to prefer', { aliases: ['default-release'] }),
    install_recommends: optional(bool(), 'Install recommended packages too; what the host says when left out', {
      aliases: ['install-recommends'],
    }),
    force: withDefault(bool(), false, 'Allow downgrades, held packages and packages that nobody signed'),
    dpkg_options: withDefault(text(), 'force-confdef,force-confold', 'Options for dpkg'),
    fail_on_autoremove: withDefault(bool(), false, 'Fail where a package would be removed'),
    force_apt_get: withDefault(bool(), false, 'Accepted for the sake of playbooks: apt-get is used anyway'),
    allow_unauthenticated: withDefault(bool(), false, 'Allow packages that nobody signed', {
      aliases: ['allow-unauthenticated'],
    }),
    allow_downgrade: withDefault(bool(), false, 'Allow an older version', {
      aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
    }),
    auto_install_module_deps: withDefault(bool(), true, 'Accepted for the sake of playbooks: nothing else is needed'),
    allow_change_held_packages: withDefault(bool(), false, 'Change packages that are on hold'),
    lock_timeout: withDefault(int({ min: 0 }), 60, "Seconds to wait for another package manager's lock"),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    const sources = [p.deb !== undefined, p.package.length > 0, p.upgrade !== 'no'].filter(Boolean).length;
    if (sources > 1) issue('Only one of "deb", "package" and "upgrade" can be given', 'package');
    const isIdle =
      sources === 0 && !p.update_cache && p.cache_valid_time === 0 && !p.autoremove && !p.autoclean && !p.clean;
    if (isIdle && p.state !== 'fixed') {
      issue('One of "package", "deb", "upgrade", "update_cache", "autoremove" and "clean" is required', 'package');
    }
    for (const spec of p.package) {
      if (!/^[A-Za-z0-9*?[][^\s=/]*([=/]\S+)?$/.test(spec)) issue(`"${spec}" is no package name`, 'package');
      else if (/[<>]/.test(spec)) issue(`"${spec}": only "=" can ask for a version`, 'package');
    }
  });

export type AptParams = z.output<typeof aptParams>;

/** Whether the index is to be fetched: asked for, and older than it may be. */
export function updatesCache(p: AptParams, fetchedAt: number, now: number): boolean {
  if (!p.update_cache && p.cache_valid_time === 0) return false;
  return p.cache_valid_time === 0 || now - fetchedAt > p.cache_valid_time;
}
