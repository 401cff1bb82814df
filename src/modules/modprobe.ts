import { z } from 'zod';
import { file, kernelModule } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileQuery } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import { removePath, run, writeFile } from '../module/change.ts';
import { contentOf } from '../module/content.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { choice, required, text, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';
import { splitWords } from '../module/words.ts';

const params = z.strictObject({
  name: required(
    text().refine((name) => /^[A-Za-z0-9_-]+$/.test(name), { error: 'Expected the name of a kernel module' }),
    'Name of the kernel module',
  ),
  state: withDefault(choice(['absent', 'present']), 'present', 'Whether it shall be loaded'),
  params: withDefault(text(), '', 'Parameters of the module, such as "numdummies=2"'),
  persistent: withDefault(
    choice(['disabled', 'absent', 'present']),
    'disabled',
    'Whether it shall be loaded at boot, by /etc/modules-load.d/NAME.conf; "disabled" leaves that alone',
  ),
});

type Params = z.output<typeof params>;

const loadFile = (p: Params): string => `/etc/modules-load.d/${p.name}.conf`;
const optionsFile = (p: Params): string => `/etc/modprobe.d/${p.name}.conf`;
const contentQuery = (path: string): FileQuery => file(path, { contentLimit: 64 * 1024 });

/** What a file shall hold; nothing where it shall not be there. */
function wanted(p: Params): readonly { readonly path: string; readonly text: string | undefined }[] {
  if (p.persistent === 'disabled') return [];
  const isPresent = p.persistent === 'present';
  const options = p.params.trim();
  return [
    { path: loadFile(p), text: isPresent ? `${p.name}\n` : undefined },
    { path: optionsFile(p), text: isPresent && options !== '' ? `options ${p.name} ${options}\n` : undefined },
  ];
}

function fileChanges(p: Params, seen: Seen): readonly Change[] {
  return wanted(p).flatMap(({ path, text }): Change[] => {
    const fact = seen(contentQuery(path));
    const old = fact.exists ? textOf(fact.content ?? new Uint8Array()) : undefined;
    if (old === text) return [];
    return [text === undefined ? removePath(path) : writeFile(path, contentOf(text), { mode: 0o644 })];
  });
}

/** A module of the kernel. */
export default defineModule({
  name: 'modprobe',
  aliases: ['community.general.modprobe'],
  summary: 'Loads a kernel module, now and at boot, or unloads it',
  examples: ['modprobe:\n  name: br_netfilter\n  persistent: present'],
  params,
  returns: z.object({
    name: z.string().meta({ description: 'Name of the kernel module' }),
    state: z.string().meta({ description: 'The state that was asked for' }),
    params: z.string().meta({ description: 'Its parameters' }),
  }),
  convergence: () => 'converges',
  observe: (p) => [kernelModule(p.name), ...wanted(p).map(({ path }) => contentQuery(path))],
  plan: (p, seen) => {
    const { loaded, builtin } = seen(kernelModule(p.name));
    const words = splitWords(p.params);
    const touches = [`kernel-module:${p.name.replaceAll('-', '_')}`];
    const changes: Change[] = [];
    if (p.state === 'present' && !loaded && !builtin) {
      changes.push(run(['modprobe', p.name, ...(words.ok ? words.value : [p.params])], { touches }));
    }
    if (p.state === 'absent' && loaded) changes.push(run(['modprobe', '-r', p.name], { touches }));
    changes.push(...fileChanges(p, seen));
    return plan(
      changes,
      changes.length === 0 ? { why: `the module is ${builtin ? 'part of the kernel' : p.state}` } : {},
    );
  },
  result: (p) => ({ name: p.name, state: p.state, params: p.params }),
  fuses: true,
});
