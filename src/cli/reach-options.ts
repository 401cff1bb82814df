import { type Command, Option } from 'commander';
import type { ConnectionDefaults } from '../engine/options.ts';
import { positiveInteger } from './option-values.ts';
import type { PasswordOptions, Passwords } from './play/passwords.ts';

/** How hosts are reached, and as whom. */
export interface ReachOptions extends PasswordOptions {
  readonly forks: number;
  readonly user?: string;
  readonly privateKey?: string;
  readonly hostKey?: 'strict' | 'accept-new' | 'off';
  readonly connection: 'auto' | 'ssh' | 'openssh' | 'local';
  /** Seconds. */
  readonly timeout: number;
  readonly become?: true;
  readonly becomeUser: string;
  readonly becomeMethod: 'sudo' | 'su' | 'doas';
}

export function addReachOptions(command: Command): Command {
  command
    .optionsGroup('Connection (where the variables of a host do not say otherwise):')
    .option('-u, --user <name>', 'log in as this user')
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the password of the login')
    .addOption(
      new Option('--host-key <mode>', 'accept-new: keys of hosts that known_hosts does not have are added to it')
        .choices(['strict', 'accept-new', 'off'])
        .default(undefined, "as ssh's own configuration says, strict otherwise"),
    )
    .addOption(
      new Option('--connection <kind>', "auto: ssh, or the system's own ssh where its configuration needs that")
        .choices(['auto', 'ssh', 'openssh', 'local'])
        .default('auto'),
    )
    .option('--timeout <seconds>', 'how long a connection may take to open', positiveInteger, 10);
  return command
    .optionsGroup('Privileges:')
    .option('-b, --become', 'run tasks as another user')
    .option('--become-user <name>', 'which user', 'root')
    .addOption(
      new Option('--become-method <method>', 'how to become it').choices(['sudo', 'su', 'doas']).default('sudo'),
    )
    .option('-K, --ask-become-pass', 'ask for the password of it')
    .option('--become-password-file <file>', 'read the password of it from this file');
}

export function connectionOf(options: ReachOptions, passwords: Passwords): ConnectionDefaults {
  return {
    connection: options.connection,
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(passwords.login === undefined ? {} : { password: passwords.login }),
    ...(options.privateKey === undefined ? {} : { privateKeyFile: options.privateKey }),
    ...(options.hostKey === undefined ? {} : { hostKey: options.hostKey }),
    connectTimeoutMs: options.timeout * 1000,
    become: options.become === true,
    becomeUser: options.becomeUser,
    becomeMethod: options.becomeMethod,
    ...(passwords.become === undefined ? {} : { becomePassword: passwords.become }),
  };
}
