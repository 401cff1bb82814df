import type { Module } from '../module/define.ts';
import apt from './apt.ts';
import assert from './assert.ts';
import command from './command.ts';
import copy from './copy.ts';
import crictl_wait from './crictl_wait.ts';
import debug from './debug.ts';
import fail from './fail.ts';
import fetch from './fetch.ts';
import file from './file.ts';
import get_url from './get_url.ts';
import group from './group.ts';
import haproxy_config from './haproxy_config.ts';
import hostname from './hostname.ts';
import include_vars from './include_vars.ts';
import kubeadm_init from './kubeadm_init.ts';
import kubeadm_join from './kubeadm_join.ts';
import kubeadm_token from './kubeadm_token.ts';
import kubelet_standalone from './kubelet_standalone.ts';
import lineinfile from './lineinfile.ts';
import meta from './meta.ts';
import modprobe from './modprobe.ts';
import pause from './pause.ts';
import ping from './ping.ts';
import reboot from './reboot.ts';
import service from './service.ts';
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
import template from './template.ts';
import unarchive from './unarchive.ts';
import uri from './uri.ts';
import user from './user.ts';
import wait_for from './wait_for.ts';

/** The modules that hlb brings along. */
export const builtinModules: readonly Module[] = [
  apt,
  assert,
  command,
  copy,
  crictl_wait,
  debug,
  fail,
  fetch,
  file,
  get_url,
  group,
  haproxy_config,
  hostname,
  include_vars,
  kubeadm_init,
  kubeadm_join,
  kubeadm_token,
  kubelet_standalone,
  lineinfile,
  meta,
  modprobe,
  pause,
  ping,
  reboot,
  service,
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
  template,
  unarchive,
  uri,
  user,
  wait_for,
];
