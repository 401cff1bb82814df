import { z } from 'zod';
import { file } from '../host/ask.ts';
import type { FileFact, Observation } from '../host/observation.ts';
import {
  attributeFields,
  attributeParams,
  attributeReturns,
  differingAttributes,
  identityProblem,
  identityQueries,
  isEmpty,
} from '../module/attributes.ts';
import { removePath } from '../module/change.ts';
import { defineModule, type Plan, type Seen } from '../module/define.ts';
import { hardLinkQueries, linkQueries, planHardLink, planLink } from '../module/link.ts';
import { directoryQueries, planDirectory } from '../module/make-directory.ts';
import { bool, choice, optional, path, required, text, withDefault } from '../module/params.ts';
import { stateWord } from '../module/path-wish.ts';
import { plan, refuse } from '../module/plan.ts';
import { setAttributes } from '../module/put-file.ts';
import { localTime, planTouch, timesQueries, touchQueries, withTimes } from '../module/touch.ts';

const timeFormat = '%Y%m%d%H%M.%S';

const params = z
  .strictObject({
    path: required(path(), 'Path on the host', { aliases: ['dest', 'name'] }),
    state: optional(
      choice(['absent', 'directory', 'file', 'hard', 'link', 'touch']),
      'What shall be there; what is there already when left out ("directory" with `recurse`)',
    ),
    src: optional(path(), 'What a link points at, as it shall be written into it'),
    recurse: withDefault(bool(), false, 'Set the attributes of everything below a directory too'),
    force: withDefault(bool(), false, 'Make a link though its target is missing, or though something is in its place'),
    follow: withDefault(bool(), true, 'Set the attributes of what a symlink points at rather than its own'),
    modification_time: optional(
      text(),
      '"now", "preserve", or a time in the time zone of the host; with `touch` now, else as it is, when left out',
    ),
    modification_time_format: withDefault(text(), timeFormat, 'How `modification_time` is written (%Y %m %d %H %M %S)'),
    access_time: optional(
      text(),
      '"now", "preserve", or a time in the time zone of the host; with `touch` now, else as it is, when left out',
    ),
    access_time_format: withDefault(text(), timeFormat, 'How `access_time` is written (%Y %m %d %H %M %S)'),
    ...attributeParams,
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.recurse && p.state !== undefined && p.state !== 'directory')
      issue('"recurse" needs state "directory"', 'recurse');
    if (p.src !== undefined && p.state !== 'link' && p.state !== 'hard')
      issue('"src" needs state "link" or "hard"', 'src');
    for (const field of ['modification_time', 'access_time'] as const) {
      const written = p[field];
      if (written === undefined) continue;
      if (!['now', 'preserve', ''].includes(written) && localTime(written, p[`${field}_format`]) === undefined) {
        issue(`Expected a time of the form "${p[`${field}_format`]}", found "${written}"`, field);
      }
    }
  });

type Params = z.output<typeof params>;
type State = NonNullable<Params['state']>;

/** The state asked for, or the one that is there. */
function stateOf(p: Params, fact: FileFact | undefined): State | undefined {
  if (p.state !== undefined) return p.state;
  if (p.recurse) return 'directory';
  if (fact === undefined) return undefined;
  if (!fact.exists) return 'file';
  return fact.type === 'directory' || fact.type === 'link' ? fact.type : 'file';
}

function queriesOf(p: Params, seen: Seen): readonly Observation[] {
  switch (stateOf(p, seen.maybe(file(p.path)))) {
    case undefined:
    case 'absent':
      return [file(p.path)];
    case 'directory':
      return p.state === undefined && !p.recurse ? [file(p.path), ...directoryQueries(p)] : directoryQueries(p);
    case 'link':
      return linkQueries(p, seen);
    case 'hard':
      return hardLinkQueries(p, seen);
    case 'touch':
      return touchQueries(p);
    case 'file':
    default:
      return p.state === undefined ? [file(p.path), fileQuery(p)] : [fileQuery(p)];
  }
}

const fileQuery = (p: Params): Observation & { kind: 'file' } => file(p.path, { follow: p.follow });

function planOf(p: Params, seen: Seen): Plan {
  switch (stateOf(p, p.state === undefined && !p.recurse ? seen(file(p.path)) : undefined)) {
    case 'absent':
      return seen(file(p.path)).exists ? plan([removePath(p.path)]) : plan([], { why: 'nothing is there' });
    case 'directory':
      return planDirectory(p, seen);
    case 'link':
      return planLink(p, seen);
    case 'hard':
      return planHardLink(p, seen);
    case 'touch':
      return planTouch(p, seen);
    case 'file':
    case undefined:
    default:
      return planAttributesOnly(p, seen(fileQuery(p)));
  }
}

function planAttributesOnly(p: Params, fact: FileFact): Plan {
  if (!fact.exists) {
    return refuse(`file (${p.path}) is absent, cannot continue`, {
      help: 'Say state: touch or state: directory to make it, or use the copy module',
    });
  }
  if (p.state === 'file' && (fact.type === 'directory' || fact.type === 'link')) {
    return refuse(`file (${p.path}) is ${stateWord(fact.type)}, cannot continue`);
  }
  const differing = differingAttributes(p, fact);
  return isEmpty(differing)
    ? plan([], { why: 'the attributes are as asked' })
    : plan([setAttributes(p.path, differing, p.follow)]);
}

/** What was seen of the path, whichever way it was asked. */
function factOf(p: Params, seen: Seen): FileFact | undefined {
  return (
    seen.maybe(fileQuery(p)) ??
    seen.maybe(file(p.path)) ??
    seen.maybe(file(p.path, { exact: true })) ??
    seen.maybe(file(p.path, { follow: p.follow, exact: true }))
  );
}

function madeType(state: State | undefined, fact: FileFact | undefined): 'file' | 'directory' | 'link' {
  if (state === 'directory' || state === 'link') return state;
  return fact?.exists === true && fact.type === 'directory' ? 'directory' : 'file';
}

/** Both names of a hard link are one file. */
function hardFact(p: Params, seen: Seen): FileFact | undefined {
  return p.src === undefined ? undefined : seen.maybe(file(p.src, { exact: true }));
}

function resultOf(p: Params, seen: Seen) {
  const fact = factOf(p, seen);
  const state = stateOf(p, fact);
  if (state === 'absent') return { path: p.path, state };
  const own = { path: p.path, ...(state === 'link' || state === 'hard' || state === 'touch' ? { dest: p.path } : {}) };
  const src = p.src ?? (fact?.exists === true ? fact.target : undefined);
  const type = madeType(state, fact);
  const size = state === 'link' && src !== undefined ? { size: Buffer.byteLength(src) } : {};
  const shown = state === 'link' ? { ...p, mode: undefined } : p;
  return {
    ...own,
    ...(src === undefined ? {} : { src }),
    ...attributeFields(shown, state === 'hard' ? (hardFact(p, seen) ?? fact) : fact, seen, { type, ...size }),
    ...(state === 'hard' ? { state } : {}),
  };
}

/** Files, directories and links, and their attributes. */
export default defineModule({
  name: 'file',
  aliases: ['ansible.builtin.file', 'ansible.legacy.file'],
  summary: 'Makes, removes and sets the attributes of files, directories and links',
  examples: [
    'file:\n  path: /etc/haproxy\n  state: directory\n  mode: "0755"',
    'file:\n  src: /etc/kubernetes/admin.conf\n  dest: /root/.kube/config\n  state: link',
    'file:\n  path: /etc/kubernetes/manifests/old.yaml\n  state: absent',
  ],
  params,
  returns: z.object({
    path: z.string().meta({ description: 'The path' }),
    dest: z.string().optional().meta({ description: 'The path, where a link was asked for or the file was touched' }),
    src: z.string().optional().meta({ description: 'What the link points at' }),
    ...attributeReturns,
  }),
  convergence: (p) =>
    (p.state === 'touch' && (p.modification_time !== 'preserve' || p.access_time !== 'preserve')) ||
    (p.state !== 'absent' && [p.modification_time, p.access_time].some((time) => time === 'now' || time === ''))
      ? 'always'
      : 'converges',
  observe: (p, seen) => [...queriesOf(p, seen), ...timesQueries(p), ...identityQueries(p)],
  plan: (p, seen, _inputs, context) => {
    const problem = p.state === 'absent' ? undefined : identityProblem(p, seen);
    if (problem === undefined) return withTimes(p, seen, planOf(p, seen));
    if (!context.check) return refuse(problem);
    const planned = withTimes(p, seen, planOf(p, seen));
    return planned.kind === 'plan' ? { ...planned, warnings: [...planned.warnings, problem] } : planned;
  },
  result: (p, seen) => resultOf(p, seen),
  fuses: true,
});
