import type { Module } from '../module/define.ts';
import add_host from './add_host.ts';
import apt from './apt.ts';
import apt_key from './apt_key.ts';
import apt_repository from './apt_repository.ts';
import assemble from './assemble.ts';
import assert from './assert.ts';
import async_status from './async_status.ts';
import authorized_key from './authorized_key.ts';
import blockinfile from './blockinfile.ts';
import command from './command.ts';
import copy from './copy.ts';
import crictl_wait from './crictl_wait.ts';
import cron from './cron.ts';
import deb822_repository from './deb822_repository.ts';
import debconf from './debconf.ts';
import debug from './debug.ts';
import dnf from './dnf.ts';
import dpkg_selections from './dpkg_selections.ts';
import fail from './fail.ts';
import fetch from './fetch.ts';
import file from './file.ts';
import find from './find.ts';
import get_url from './get_url.ts';
import getent from './getent.ts';
import git from './git.ts';
import group from './group.ts';
import group_by from './group_by.ts';
import haproxy_config from './haproxy_config.ts';
import hostname from './hostname.ts';
import include_vars from './include_vars.ts';
import iptables from './iptables.ts';
import known_hosts from './known_hosts.ts';
import kubeadm_init from './kubeadm_init.ts';
import kubeadm_join from './kubeadm_join.ts';
import kubeadm_token from './kubeadm_token.ts';
import kubelet_standalone from './kubelet_standalone.ts';
import lineinfile from './lineinfile.ts';
import meta from './meta.ts';
import modprobe from './modprobe.ts';
import mount from './mount.ts';
import package_ from './package.ts';
import package_facts from './package_facts.ts';
import pause from './pause.ts';
import ping from './ping.ts';
import raw from './raw.ts';
import reboot from './reboot.ts';
import replace from './replace.ts';
import script from './script.ts';
import service from './service.ts';
import service_facts from './service_facts.ts';
import set_fact from './set_fact.ts';
import setup from './setup.ts';
import shell from './shell.ts';
import slurp from './slurp.ts';
import stat from './stat.ts';
import static_pod from './static_pod.ts';
import swap from './swap.ts';
import sysctl from './sysctl.ts';
import systemd from './systemd.ts';
import systemd_dropin from './systemd_dropin.ts';
import systemd_unit from './systemd_unit.ts';
import tempfile from './tempfile.ts';
import template from './template.ts';
import unarchive from './unarchive.ts';
import uri from './uri.ts';
import user from './user.ts';
import validate_argument_spec from './validate_argument_spec.ts';
import wait_for from './wait_for.ts';
import wait_for_connection from './wait_for_connection.ts';

/** The modules that hlb brings along. */
export const builtinModules: readonly Module[] = [
  add_host,
  apt,
  apt_key,
  apt_repository,
  assemble,
  assert,
  async_status,
  authorized_key,
  blockinfile,
  command,
  copy,
  crictl_wait,
  cron,
  deb822_repository,
  debconf,
  debug,
  dnf,
  dpkg_selections,
  fail,
  fetch,
  file,
  find,
  get_url,
  getent,
  git,
  group,
  group_by,
  haproxy_config,
  hostname,
  include_vars,
  iptables,
  known_hosts,
  kubeadm_init,
  kubeadm_join,
  kubeadm_token,
  kubelet_standalone,
  lineinfile,
  meta,
  modprobe,
  mount,
  package_,
  package_facts,
  pause,
  ping,
  raw,
  reboot,
  replace,
  script,
  service,
  service_facts,
  set_fact,
  setup,
  shell,
  slurp,
  stat,
  static_pod,
  swap,
  sysctl,
  systemd,
  systemd_dropin,
  systemd_unit,
  tempfile,
  template,
  unarchive,
  uri,
  user,
  validate_argument_spec,
  wait_for,
  wait_for_connection,
];
