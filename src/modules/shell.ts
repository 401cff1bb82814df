import { z } from 'zod';
import { quotePath } from '../host/quote.ts';
import {
  commandDisrupts,
  commandParams,
  commandQueries,
  commandResult,
  commandReturns,
  planCommand,
} from '../module/command.ts';
import { defineModule } from '../module/define.ts';
import { filledText, optional, path, required } from '../module/params.ts';

const params = z.strictObject({
  cmd: required(filledText('a command'), 'Text for the shell'),
  executable: optional(path(), 'The shell, such as /bin/bash; /bin/sh when left out'),
  ...commandParams,
});

/** Runs a text in the host's shell. */
export default defineModule({
  name: 'shell',
  aliases: ['ansible.builtin.shell', 'ansible.legacy.shell'],
  summary: 'Runs a text in the shell of the host',
  examples: [
    'shell: set -o pipefail; journalctl -u kubelet | tail -n 20 > /var/log/kubelet.tail\nargs:\n  executable: /bin/bash',
    'shell:\n  cmd: containerd config default > /etc/containerd/config.toml\n  creates: /etc/containerd/config.toml',
  ],
  params,
  freeForm: 'cmd',
  returns: z.object(commandReturns),
  convergence: (p) => (p.creates === undefined && p.removes === undefined ? 'always' : 'converges'),
  observe: (p) => commandQueries(p),
  plan: (p, seen) =>
    p.executable === undefined
      ? planCommand(p, { shell: p.cmd }, seen)
      : planCommand(p, { shell: p.cmd, executable: p.executable }, seen, quotePath(p.executable)),
  result: (p, seen, _plan, done, _inputs, context) =>
    commandResult(p, p.cmd, seen, done[0], context, [p.executable ?? '/bin/sh', '-c', p.cmd]),
  disrupts: (_p, planned) => commandDisrupts(planned),
});
