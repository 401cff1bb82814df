import { z } from 'zod';
import { truthOf } from '../core/truth.ts';
import { sysctl } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import { run } from '../module/change.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { type Edited, type EditWish, editableText, editQuery, planEdit } from '../module/edit-file.ts';
import { bool, choice, filledText, optional, path, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

/** Words for true and false become numbers. */
function numbered(value: string): string {
  const truth = truthOf(value);
  return truth === undefined ? value.trim() : String(Number(truth));
}

const params = z
  .strictObject({
    name: required(filledText(), 'Name of the setting, such as net.ipv4.ip_forward', { aliases: ['key'] }),
    value: optional(text().transform(numbered), 'Its value', { aliases: ['val'] }),
    state: withDefault(choice(['present', 'absent']), 'present', 'Whether the file shall hold it'),
    sysctl_file: withDefault(path(), '/etc/sysctl.conf', 'The file that keeps it'),
    sysctl_set: withDefault(bool(), false, 'Set it in the kernel by itself'),
    reload: withDefault(bool(), true, 'Load the file where it changed, or where the kernel has another value'),
    ignoreerrors: withDefault(bool(), false, 'Pass over settings that the kernel does not know'),
  })
  .superRefine((p, context) => {
    if (p.state === 'present' && (p.value ?? '') === '') {
      context.addIssue({ code: 'custom', message: '"value" is required with state "present"', path: ['value'] });
    }
  });

type Params = z.output<typeof params>;

const nameOf = (p: Params): string => p.name.trim();

function wishOf(p: Params): EditWish {
  const attributes = { mode: undefined, owner: undefined, group: undefined };
  return { path: p.sysctl_file, attributes, backup: false, validate: undefined, create: true };
}

interface Setting {
  readonly key: string;
  readonly value: string;
}

function settingOf(line: string): Setting | undefined {
  const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
  return match === null ? undefined : { key: match[1] ?? '', value: match[2] ?? '' };
}

/** The first line of the setting is the one that counts; others of it go. */
function edit(p: Params, old: string): Edited {
  const lines = old.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const name = nameOf(p);
  const mine = lines.flatMap((line, at) => (settingOf(line)?.key === name ? [at] : []));
  const first = mine[0];
  const current = first === undefined ? undefined : settingOf(lines[first] ?? '')?.value;
  const isRight = p.state === 'absent' ? mine.length === 0 : mine.length === 1 && current === p.value;
  if (isRight) return { text: old, msg: '' };
  const line = `${name}=${p.value ?? ''}`;
  const kept = lines.flatMap((text, at) => {
    if (!mine.includes(at)) return [text];
    return p.state === 'present' && at === first ? [line] : [];
  });
  if (p.state === 'present' && first === undefined) kept.push(line);
  return { text: kept.map((text) => `${text}\n`).join(''), msg: 'changed' };
}

/** What loading the file touches. */
function touchedBy(p: Params, seen: Seen): readonly string[] {
  const { text } = edit(p, editableText(seen(editQuery(p.sysctl_file))));
  const keys = text.split('\n').flatMap((line) => settingOf(line)?.key ?? []);
  return [...new Set([nameOf(p), ...keys])].map((key) => `sysctl:${key.replace(/^-/, '').replaceAll('/', '.')}`);
}

const folded = (value: string): string => value.trim().split(/\s+/).join(' ');

/** A setting of the kernel. */
export default defineModule({
  name: 'sysctl',
  aliases: ['ansible.posix.sysctl'],
  summary: 'Sets a kernel parameter, now and at boot',
  examples: ['sysctl:\n  name: net.ipv4.ip_forward\n  value: "1"\n  sysctl_file: /etc/sysctl.d/90-kubernetes.conf'],
  params,
  returns: z.object({}),
  convergence: () => 'converges',
  observe: (p) => [editQuery(p.sysctl_file), sysctl(nameOf(p))],
  plan: (p, seen, _inputs, context) => {
    const file = planEdit(wishOf(p), (old) => edit(p, old), seen, context);
    if (file.kind === 'refuse') return file;
    const { value } = seen(sysctl(nameOf(p)));
    const differs = p.state === 'present' && (value === undefined || folded(value) !== folded(p.value ?? ''));
    const lenient = p.ignoreerrors ? ['-e'] : [];
    const changes: Change[] = [...file.changes];
    if (p.sysctl_set && differs) {
      const touches = [`sysctl:${nameOf(p).replaceAll('/', '.')}`];
      changes.push(run(['sysctl', ...lenient, '-w', `${nameOf(p)}=${p.value ?? ''}`], { touches }));
    }
    const isLoaded = file.changes.length === 0 && !differs;
    if (p.reload && !isLoaded) {
      changes.push(run(['sysctl', ...lenient, '-p', p.sysctl_file], { touches: touchedBy(p, seen) }));
    }
    return plan(changes, changes.length === 0 ? { why: 'the file and the kernel have this value' } : {});
  },
  result: () => ({}),
  fuses: true,
});
