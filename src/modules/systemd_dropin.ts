import { posix } from 'node:path';
import { z } from 'zod';
import { file } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileQuery } from '../host/observation.ts';
import { removePath, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule } from '../module/define.ts';
import { bool, choice, optional, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';
import { unitFileText, unitName, unitSections } from '../module/unit-file.ts';

const params = z
  .strictObject({
    unit: required(unitName(), 'Unit that it adds to, such as kubelet.service; without a suffix a service'),
    name: required(
      text().refine((name) => /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name), { error: 'Expected a file name' }),
      'Name of the drop-in; ".conf" is added where it is missing. systemd reads them in the order of their names',
    ),
    state: withDefault(choice(['present', 'absent']), 'present', 'Whether the drop-in shall be there'),
    sections: optional(
      unitSections(),
      'Sections with their settings; a list sets one several times, an empty text clears what came before',
    ),
    content: optional(text(), 'The text of the file, instead of `sections`'),
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

/** /etc/systemd/system/UNIT.d/NAME.conf */
function pathOf(p: Params): string {
  const name = p.name.endsWith('.conf') ? p.name : `${p.name}.conf`;
  return posix.join('/etc/systemd/system', `${p.unit}.d`, name);
}

const textOf = (p: Params): string => p.content ?? unitFileText(p.sections ?? {});
const queryOf = (p: Params): FileQuery => file(pathOf(p), { hashes: ['sha256'] });

/** A file that adds to a unit or overrides a part of it. */
export default defineModule({
  name: 'systemd_dropin',
  summary: 'Adds settings to a systemd unit by a drop-in file',
  examples: [
    'systemd_dropin:\n  unit: kubelet.service\n  name: 20-hlb\n  sections:\n    Service:\n      ExecStart: ["", /usr/bin/kubelet --config=/etc/kubernetes/kubelet.yaml]',
    'systemd_dropin:\n  unit: kubelet.service\n  name: 20-hlb\n  state: absent',
  ],
  params,
  returns: z.object({
    path: z.string().meta({ description: 'Path of the drop-in' }),
    unit: z.string().meta({ description: 'The unit, with its suffix' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [queryOf(p)],
  plan: (p, seen) => {
    const fact = seen(queryOf(p));
    const reload: Change[] = p.daemon_reload
      ? [{ kind: 'systemctl', verb: 'daemon-reload', scope: 'system', quiet: true }]
      : [];
    if (p.state === 'absent') {
      return fact.exists ? plan([removePath(pathOf(p)), ...reload]) : plan([], { why: 'there is no such drop-in' });
    }
    const content = contentOf(textOf(p));
    if (fact.exists && fact.hashes.sha256 === content.sha256) return plan([], { why: 'the drop-in is as asked' });
    const parents: Change[] =
      !fact.exists && fact.parentMissing
        ? [{ kind: 'make-directory', path: posix.dirname(pathOf(p)), parents: true, mode: 0o755 }]
        : [];
    return plan([...parents, writeFile(pathOf(p), content, { mode: 0o644 }), ...reload]);
  },
  result: (p) => ({ path: pathOf(p), unit: p.unit }),
  fuses: true,
});
