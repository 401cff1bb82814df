import type { Target } from '../host/session.ts';

/** What the inventory says, for the system's ssh; it wins over ssh_config. */
export function targetArguments(target: Target): readonly string[] {
  return [
    ...(target.port === undefined ? [] : ['-p', String(target.port)]),
    ...(target.user === undefined ? [] : ['-l', target.user]),
    ...(target.privateKeyFile === undefined ? [] : ['-i', target.privateKeyFile]),
    ...(target.sshArgs ?? []),
  ];
}
