import type { Reboot, Systemctl } from '../change.ts';
import { quote } from '../quote.ts';

export function systemctl(change: Systemctl): string {
  const scope = change.scope === 'system' ? '' : ` --${change.scope}`;
  const block = change.noBlock === true ? ' --no-block' : '';
  const unit = change.unit === undefined ? '' : ` -- ${quote(change.unit)}`;
  return `exec systemctl${scope}${block} ${change.verb}${unit}\n`;
}

/** Tells the boot id, and reboots a moment later, when the answer is on its way. Coming back is the engine's affair. */
export function reboot(change: Reboot): string {
  const delay = Math.max(1, Math.ceil(change.preDelayMs / 1000));
  return `cat /proc/sys/kernel/random/boot_id || exit
( trap '' HUP; sleep ${delay}; exec /bin/sh -c ${quote(change.command)} ) >/dev/null 2>&1 </dev/null &
`;
}
