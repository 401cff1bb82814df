import { z } from 'zod';
import { quote } from '../host/quote.ts';
import { defineModule } from '../module/define.ts';
import { filledText, int, list, optional, path, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  msg: withDefault(text(), 'Reboot initiated by hlb', 'What the users of the host are told'),
  pre_reboot_delay: withDefault(int({ min: 0 }), 0, 'Seconds to wait before the reboot'),
  post_reboot_delay: withDefault(int({ min: 0 }), 0, 'Seconds to wait once the host answers again'),
  reboot_timeout: withDefault(int({ min: 1 }), 600, 'Seconds until the host must have come back'),
  connect_timeout: optional(
    int({ min: 1 }),
    'Accepted for the sake of playbooks: each try has the time that connections have',
  ),
  test_command: withDefault(filledText(), 'whoami', 'What must succeed before the host counts as back'),
  reboot_command: optional(filledText(), 'How to reboot; `shutdown -r now` when left out'),
  search_paths: withDefault(
    list(path()),
    ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'],
    'Where `shutdown` is searched',
  ),
  boot_time_command: optional(filledText(), 'What prints something else after each boot; the boot id when left out'),
});

type Params = z.output<typeof params>;

function commandOf(p: Params): string {
  const search = `PATH=${quote(p.search_paths.join(':'))}`;
  return p.reboot_command === undefined
    ? `${search} shutdown -r now ${quote(p.msg)}`
    : `${search}:"$PATH" ${p.reboot_command}`;
}

/** A reboot, and the wait until the host is back. */
export default defineModule({
  name: 'reboot',
  aliases: ['ansible.builtin.reboot', 'ansible.legacy.reboot'],
  summary: 'Reboots the host and waits until it is back',
  examples: ['reboot:\n  reboot_timeout: 300\n  msg: Kernel update'],
  params,
  returns: z.object({
    rebooted: z.boolean().meta({ description: 'Whether the host was rebooted' }),
    elapsed: z.int().meta({ description: 'Seconds that it took' }),
  }),
  convergence: () => 'always',
  observe: () => [],
  plan: (p) =>
    plan([
      {
        kind: 'reboot',
        command: commandOf(p),
        preDelayMs: p.pre_reboot_delay * 1000,
        postDelayMs: p.post_reboot_delay * 1000,
        timeoutMs: p.reboot_timeout * 1000,
        testCommand: p.test_command,
        ...(p.boot_time_command === undefined ? {} : { bootCommand: p.boot_time_command }),
      },
    ]),
  result: (_p, _seen, _plan, done) => {
    const [outcome] = done;
    const elapsed = outcome !== undefined && 'durationMs' in outcome ? Math.round(outcome.durationMs / 1000) : 0;
    return { rebooted: outcome?.status === 'done', elapsed };
  },
  disrupts: () => ['node'],
});
