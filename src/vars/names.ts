/** A name that an expression can use: ASCII, and none of the language's own words. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !languageWords.has(name);
}

/** Set by hlb itself and stronger than any other: a value given by hand is never read. */
export function isMagicName(name: string): boolean {
  return magicNames.has(name);
}

/** A keyword of plays, roles, blocks or tasks: allowed as a variable, and easily confused with it. */
export function isReservedName(name: string): boolean {
  return reservedNames.has(name);
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Of the language itself: `{{ not }}` is no name. Ansible lets pass "and", "if" and their like, which nobody could read. */
const languageWords = words('False None True and else false if in is none not or true');

const magicNames = words(`
  ansible_check_mode ansible_dependent_role_names ansible_diff_mode ansible_forks ansible_inventory_sources
  ansible_limit ansible_play_batch ansible_play_hosts ansible_play_hosts_all ansible_play_name ansible_play_role_names
  ansible_role_name ansible_role_names ansible_run_tags ansible_skip_tags ansible_verbosity ansible_version group_names
  groups hostvars inventory_dir inventory_file inventory_hostname inventory_hostname_short omit play_hosts playbook_dir
  role_name role_names role_path vars
`);

const reservedNames = words(`
  action any_errors_fatal args async become become_exe become_flags become_method become_user block changed_when
  check_mode collections connection debugger delay delegate_facts delegate_to diff environment fact_path failed_when
  force_handlers gather_facts gather_subset gather_timeout handlers hosts ignore_errors ignore_unreachable listen
  local_action loop loop_control max_fail_percentage module_defaults name no_log notify order poll port post_tasks
  pre_tasks register remote_user rescue retries roles run_once serial strategy tags tasks throttle timeout until
  vars_files vars_prompt when
`);
