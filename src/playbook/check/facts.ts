import { closest } from '../../core/suggest.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What gathering facts defines, without the prefix `ansible_`: Ansible's own names for Linux. */
const names: ReadonlySet<string> = new Set(
  words(`
    all_ipv4_addresses all_ipv6_addresses apparmor architecture bios_date bios_vendor bios_version board_asset_tag
    board_name board_serial board_vendor board_version chassis_asset_tag chassis_serial chassis_vendor chassis_version
    cmdline date_time default_ipv4 default_ipv6 device_links devices discovered_interpreter_python distribution
    distribution_file_parsed distribution_file_path distribution_file_search_string distribution_file_variety
    distribution_major_version distribution_minor_version distribution_release distribution_version dns domain
    effective_group_id effective_user_id env facter fibre_channel_wwn fips form_factor fqdn hostname hostnqn interfaces
    is_chroot iscsi_iqn kernel kernel_version lo loadavg local lsb lvm machine machine_id memfree_mb memory_mb memtotal_mb
    mounts nodename ohai os_family packages pkg_mgr proc_cmdline processor processor_cores processor_count processor_nproc
    processor_threads_per_core processor_vcpus product_name product_serial product_uuid product_version python
    python_version real_group_id real_user_id selinux selinux_python_present service_mgr services
    ssh_host_key_dsa_public ssh_host_key_dsa_public_keytype ssh_host_key_ecdsa_public ssh_host_key_ecdsa_public_keytype
    ssh_host_key_ed25519_public ssh_host_key_ed25519_public_keytype ssh_host_key_rsa_public
    ssh_host_key_rsa_public_keytype swapfree_mb swaptotal_mb system system_capabilities system_capabilities_enforced
    system_vendor uptime_seconds user_dir user_gecos user_gid user_id user_shell user_uid userspace_architecture
    userspace_bits virtualization_role virtualization_tech_guest virtualization_tech_host virtualization_type
  `),
);

/** Each network interface is a fact of its own. */
const isInterface =
  /^(bond|br|cali|cilium|cni|docker|dummy|en|eth|flannel|ib|kube|lo|nodelocaldns|tap|team|tun|veth|virbr|vxlan|wg|wl)[a-z0-9_]*$/;

/** Names with their prefix, for did-you-mean. */
export const factNames: readonly string[] = [...names].map((name) => `ansible_${name}`);

/** What has the prefix and is no fact. */
export const otherNames: readonly string[] = words(`
  check_mode diff_mode failed_result failed_task facts forks host index_var inventory_sources limit loop loop_var
  managed play_batch play_hosts play_hosts_all play_name play_role_names role_names run_tags skip_tags verbosity version
`);

/**
 * Whether a host may have a fact of this name, given without its prefix. Facts of other programs and other systems have any
 * name, so that only what is nearly one of the known names is taken for misspelt.
 */
export function mayBeFact(name: string): boolean {
  return names.has(name) || isInterface.test(name) || nearestFact(name) === undefined;
}

export function nearestFact(name: string): string | undefined {
  return closest(name, [...names, ...otherNames]);
}
