/** A variable of a host that says how it is reached. The first name that is set counts. */
export interface ConnectionVariable {
  readonly names: readonly [string, ...string[]];
  readonly summary: string;
  /** Never shown. */
  readonly secret?: boolean;
}

export const connectionVariables = {
  host: { names: ['ansible_host', 'ansible_ssh_host'], summary: 'Name or address; the name of the host by default' },
  port: { names: ['ansible_port', 'ansible_ssh_port'], summary: 'Port of the SSH server' },
  user: { names: ['ansible_user', 'ansible_ssh_user'], summary: 'User to log in as' },
  connection: { names: ['ansible_connection'], summary: 'How the host is reached: ssh, openssh or local' },
  password: {
    names: ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'],
    summary: 'Password of the login',
    secret: true,
  },
  keyFile: {
    names: ['ansible_ssh_private_key_file', 'ansible_private_key_file'],
    summary: 'File of the private key',
  },
  passphrase: {
    names: ['ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'],
    summary: 'Passphrase of the private key',
    secret: true,
  },
  commonArgs: { names: ['ansible_ssh_common_args'], summary: 'Arguments of ssh' },
  extraArgs: { names: ['ansible_ssh_extra_args'], summary: 'More arguments of ssh' },
  hostKey: { names: ['hlb_host_key'], summary: 'What an unknown host key means: strict, accept-new or off' },
  knownHosts: { names: ['hlb_known_hosts_file'], summary: 'File of known host keys' },
  become: { names: ['ansible_become'], summary: 'Whether tasks run as another user' },
  becomeUser: { names: ['ansible_become_user'], summary: 'Which user; root by default' },
  becomeMethod: { names: ['ansible_become_method'], summary: 'How to become it: sudo, su or doas' },
  becomePassword: {
    names: ['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'],
    summary: 'Password for becoming it',
    secret: true,
  },
  becomeFlags: { names: ['ansible_become_flags'], summary: 'Flags of the program that changes the user' },
  becomeExe: { names: ['ansible_become_exe'], summary: 'Path of the program that changes the user' },
} as const satisfies Readonly<Record<string, ConnectionVariable>>;
