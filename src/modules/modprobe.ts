import { z } from 'zod';
import { file, glob, kernelModule } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import type { FileQuery } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import { run, writeFile } from '../module/change.ts';
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
    'Whether it shall be loaded at boot, by a file of /etc/modules-load.d; "disabled" leaves that alone',
  ),
});

type Params = z.output<typeof params>;

const folders = { load: '/etc/modules-load.d', options: '/etc/modprobe.d' } as const;
const loadFile = (p: Params): string => `${folders.load}/${p.name}.conf`;
const optionsFile = (p: Params): string => `${folders.options}/${p.name}.conf`;
const contentQuery = (path: string): FileQuery => file(path, { contentLimit: 64 * 1024 });
const globs = [glob(`${folders.load}/*`), glob(`${folders.options}/*`)];

/** Files that may speak of the module, its own among them. */
function filesIn(p: Params, seen: Seen): readonly string[] {
  if (p.persistent === 'disabled') return [];
  const found = globs.flatMap((one) => seen.maybe(one)?.matches ?? []);
  return [...new Set([loadFile(p), optionsFile(p), ...found])];
}

function textAt(path: string, seen: Seen): string | undefined {
  const fact = seen(contentQuery(path));
  return fact.exists && fact.type === 'file' ? textOf(fact.content ?? new Uint8Array()) : undefined;
}

/** Names of modules are the same with "-" and "_". */
function namePattern(p: Params): string {
  return p.name.replaceAll(/[-_]/g, '[-_]');
}

/** The line that has the module loaded at boot. */
const loads = (p: Params): RegExp => new RegExp(`^ *${namePattern(p)} *(?:[#;].*)?$`);
/** A line that gives it parameters. */
const options = (p: Params): RegExp => new RegExp(`^ *options +${namePattern(p)} +(.*)$`);

/** The text with the lines that fit turned into comments. */
function without(text: string, pattern: RegExp): string {
  return text
    .split('\n')
    .map((line) => (pattern.test(line) ? `#${line}` : line))
    .join('\n');
}

const write = (path: string, text: string): Change => writeFile(path, contentOf(text), { mode: 0o644 });

/** Any file may have the module loaded at boot, or give it parameters; a new one bears its name. */
function fileChanges(p: Params, seen: Seen): readonly Change[] {
  const isPresent = p.persistent === 'present';
  const wanted = isPresent ? p.params.split(/\s+/).filter((word) => word !== '') : [];
  const texts = filesIn(p, seen).flatMap((path) => {
    const text = textAt(path, seen);
    return text === undefined ? [] : [{ path, text, isLoad: path.startsWith(`${folders.load}/`) }];
  });
  const linesOf = (isLoad: boolean): readonly string[] =>
    texts.filter((one) => one.isLoad === isLoad).flatMap(({ text }) => text.split('\n'));
  const isLoaded = linesOf(true).some((line) => loads(p).test(line));
  const given = linesOf(false).flatMap(
    (line) =>
      options(p)
        .exec(line)?.[1]
        ?.replace(/[#;].*$/, '')
        .split(/\s+/) ?? [],
  );
  const hasOptions = new Set(given.filter((word) => word !== ''));
  const isRight = hasOptions.size === new Set(wanted).size && wanted.every((word) => hasOptions.has(word));
  const cleared = texts.flatMap(({ path, text, isLoad }): Change[] => {
    const keeps = isLoad ? isPresent : isRight || path === optionsFile(p);
    const after = keeps ? text : without(text, isLoad ? loads(p) : options(p));
    return after === text ? [] : [write(path, after)];
  });
  const ownOptions = isRight ? [] : ownOptionsChanges(p, wanted, textAt(optionsFile(p), seen));
  return [...cleared, ...(isPresent && !isLoaded ? [write(loadFile(p), `${p.name}\n`)] : []), ...ownOptions];
}

/** Its own file of parameters, where they are not what is wanted. */
function ownOptionsChanges(p: Params, wanted: readonly string[], own: string | undefined): readonly Change[] {
  if (wanted.length > 0) return [write(optionsFile(p), wanted.map((word) => `options ${p.name} ${word}\n`).join(''))];
  return own === undefined ? [] : [write(optionsFile(p), without(own, options(p)))];
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
  observe: (p, seen) => [
    kernelModule(p.name),
    ...(p.persistent === 'disabled' ? [] : globs),
    ...filesIn(p, seen).map(contentQuery),
  ],
  plan: (p, seen) => {
    const { loaded, builtin } = seen(kernelModule(p.name));
    const words = splitWords(p.params);
    const touches = [`kernel-module:${p.name.replaceAll('-', '_')}`];
    const changes: Change[] = [];
    if (p.state === 'present' && !loaded && !builtin) {
      changes.push(run(['modprobe', p.name, ...(words.ok ? words.value : [p.params])], { touches }));
    }
    if (p.state === 'absent' && loaded) changes.push(run(['modprobe', '-r', p.name], { touches }));
    if (p.persistent !== 'disabled') changes.push(...fileChanges(p, seen));
    return plan(
      changes,
      changes.length === 0 ? { why: `the module is ${builtin ? 'part of the kernel' : p.state}` } : {},
    );
  },
  result: (p) => ({ name: p.name, state: p.state, params: p.params }),
  fuses: true,
});
