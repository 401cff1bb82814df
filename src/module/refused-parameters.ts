const bsd = 'It is for systems that hlb does not manage';
const connection = 'curl or wget of the host speaks; what shapes their connections stands in their own configuration';
const attributes = "hlb does not set a file system's own attributes; use chattr with the command module";
const vault = 'Files of the controller are always decrypted where they are encrypted';
const local = 'Accounts are made by shadow, which writes to the files of the host anyway';
const ranges = 'Name the number itself with uid or gid, or set the range in /etc/login.defs';

/** Parameters of Ansible's modules that hlb's do not take, and why. */
const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apt: { policy_rc_d: 'Write /usr/sbin/policy-rc.d with the copy module before, and remove it behind' },
  assemble: { attributes, decrypt: vault },
  blockinfile: { attributes },
  copy: { attributes },
  dnf: {
    download_dir: 'hlb installs packages; use dnf download with the command module',
    download_only: 'hlb installs packages; use dnf download with the command module',
    installroot: 'hlb looks at the packages of the running system',
    list: 'Use package_facts, or dnf list with the command module',
    update_only: 'Ask for the packages that package_facts found',
    validate_certs: 'Use sslverify, which is for repositories',
  },
  file: { attributes },
  find: {
    checksum_algorithm: 'Checksums are SHA-1; use the stat module for others',
    encoding: 'Contents are read as UTF-8',
    exact_mode: 'Choose among the results by their mode, with selectattr',
    follow: 'Links are not followed, so that no circle is',
    mode: 'Choose among the results by their mode, with selectattr',
  },
  get_url: {
    attributes,
    ciphers: connection,
    client_cert: connection,
    client_key: connection,
    decompress: 'What was sent is kept as it is',
    tmp_dest: 'The new file lies beside the old one until it takes its place',
    unredirected_headers: connection,
    use_gssapi: connection,
    use_netrc: connection,
    use_proxy: connection,
  },
  git: {
    archive: 'Use git archive with the command module',
    archive_prefix: 'Use git archive with the command module',
    gpg_allowlist: 'Verify with git verify-commit, by the command module',
    reference: 'Every clone is whole by itself',
    separate_git_dir: 'The repository lies in .git below dest',
    verify_commit: 'Verify with git verify-commit, by the command module',
  },
  group: { gid_max: ranges, gid_min: ranges, local },
  iptables: { numeric: 'Rules are asked for one by one, so that no names are looked up' },
  lineinfile: { attributes },
  mount: { opts_no_log: 'Write no_log: true beside the module, which hides all that the task says' },
  replace: { attributes },
  script: { decrypt: vault },
  setup: {
    fact_path: 'Local facts are read from /etc/ansible/facts.d',
    gather_timeout: 'All facts come in one round trip',
  },
  systemd: { force: 'Remove the link that stands in the way with the file module' },
  template: { attributes },
  unarchive: { attributes, io_buffer_size: 'Python does not unpack it' },
  uri: {
    attributes,
    ciphers: connection,
    decompress: 'What was sent is kept as it is',
    unredirected_headers: connection,
    use_gssapi: connection,
    use_netrc: connection,
  },
  user: {
    authorization: bsd,
    hidden: bsd,
    local,
    login_class: bsd,
    profile: bsd,
    role: bsd,
    seuser: 'hlb does not map users to those of SELinux',
    uid_max: ranges,
    uid_min: ranges,
  },
  wait_for: {
    active_connection_states: '"drained" counts every connection that is not closed',
    exclude_hosts: '"drained" counts every connection, wherever it comes from',
  },
};

/** Why a module does not take a parameter that Ansible's has; absent where Ansible's has none either. */
export function refusedParameter(module: string, parameter: string): string | undefined {
  return refused[module]?.[parameter === 'attr' ? 'attributes' : parameter];
}

/** All of them, for the test that holds the modules against Ansible's. */
export function refusedParametersOf(module: string): readonly string[] {
  return Object.keys(refused[module] ?? {});
}
