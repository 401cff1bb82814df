import { posix } from 'node:path';
import { z } from 'zod';
import { file } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileQuery } from '../host/observation.ts';
import { removePath, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule } from '../module/define.ts';
import { bool, choice, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';
import { unitFileText, unitName, unitSections } from '../module/unit-file.ts';

const params = z
  .strictObject({
    name: required(unitName(), 'Name of the unit, such as haproxy.service; without a suffix a service'),
    state: withDefault(choice(['present', 'absent']), 'present', 'Whether the unit file shall be there'),
    sections: optional(unitSections(), 'Sections with their settings; a list sets one several times'),
    content: optional(text(), 'The text of the file, instead of `sections`'),
    directory: withDefault(path(), '/etc/systemd/system', 'Where unit files lie'),
    daemon_reload: withDefault(bool(), true, 'Have systemd read it at once'),
  })
  .superRefine((p, context) => {
    if (p.state === 'present' && (p.sections === undefined) === (p.content === undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'Exactly one of "sections" and "content" is required',
        path: ['sections'],
      });
    }
  });

type Params = z.output<typeof params>;

const pathOf = (p: Params): string => posix.join(p.directory, p.name);
const textOf = (p: Params): string => p.content ?? unitFileText(p.sections ?? {});
const queryOf = (p: Params): FileQuery => file(pathOf(p), { hashes: ['sha256'] });

/** A unit file of systemd. Starting and enabling it is the systemd module's work. */
export default defineModule({
  name: 'systemd_unit',
  summary: 'Writes a systemd unit file',
  examples: [
    'systemd_unit:\n  name: hlb-balancer.service\n  sections:\n    Unit:\n      Description: API balancer\n    Service:\n      ExecStart: /usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg\n      Restart: always\n    Install:\n      WantedBy: multi-user.target',
  ],
  params,
  returns: z.object({
    path: z.string().meta({ description: 'Path of the unit file' }),
    name: z.string().meta({ description: 'The unit, with its suffix' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [queryOf(p)],
  plan: (p, seen) => {
    const fact = seen(queryOf(p));
    const reload: Change[] = p.daemon_reload
      ? [{ kind: 'systemctl', verb: 'daemon-reload', scope: 'system', quiet: true }]
      : [];
    if (p.state === 'absent') {
      return fact.exists ? plan([removePath(pathOf(p)), ...reload]) : plan([], { why: 'there is no such unit file' });
    }
    const content = contentOf(textOf(p));
    if (fact.exists && fact.hashes.sha256 === content.sha256) return plan([], { why: 'the unit file is as asked' });
    return plan([writeFile(pathOf(p), content, { mode: 0o644 }), ...reload]);
  },
  result: (p) => ({ path: pathOf(p), name: p.name }),
  fuses: true,
});
