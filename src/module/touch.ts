import { command, file } from '../host/ask.ts';
import type { Touch } from '../host/change.ts';
import type { CommandQuery, FileQuery, Observation } from '../host/observation.ts';
import { differingAttributes, isEmpty, newAttributes, newFileMode } from './attributes.ts';
import type { Plan, Seen } from './define.ts';
import type { PathWish } from './path-wish.ts';
import { plan, refuse } from './plan.ts';
import { setAttributes } from './put-file.ts';

/** A time as `file` takes it: now, as it is, or a moment in the host's time zone. */
type Moment =
  | { readonly kind: 'now' }
  | { readonly kind: 'preserve' }
  | { readonly kind: 'at'; readonly local: string };

/**
 * Reads a time by a `strptime` format of the directives %Y %m %d %H %M %S; absent where it does not fit.
 * The result is `2024-01-31 12:00:00`.
 */
export function localTime(written: string, format: string): string | undefined {
  const names: string[] = [];
  const pattern = format.replace(/%(.)|[\\^$.*+?()[\]{}|]/g, (whole, directive: string | undefined) => {
    if (directive === undefined) return `\\${whole}`;
    names.push(directive);
    return directive === 'Y' ? '(\\d{4})' : '(\\d{1,2})';
  });
  if (names.some((name) => !'YmdHMS'.includes(name))) return undefined;
  const match = new RegExp(`^${pattern}$`).exec(written);
  if (match === null) return undefined;
  const part = (name: string, otherwise: string): string => {
    const at = names.indexOf(name);
    return (at === -1 ? otherwise : (match[at + 1] ?? otherwise)).padStart(2, '0');
  };
  const [year, month, day] = [part('Y', '1900'), part('m', '1'), part('d', '1')];
  return `${year}-${month}-${day} ${part('H', '0')}:${part('M', '0')}:${part('S', '0')}`;
}

function momentOf(written: string | undefined, format: string, otherwise: 'now' | 'preserve'): Moment {
  const text = written ?? otherwise;
  if (text === 'now' || text === '') return { kind: 'now' };
  if (text === 'preserve') return { kind: 'preserve' };
  return { kind: 'at', local: localTime(text, format) ?? '' };
}

interface Moments {
  readonly mtime: Moment;
  readonly atime: Moment;
}

/** `touch` sets both to now unless told otherwise; other states leave them. */
function momentsOf(p: PathWish, otherwise: 'now' | 'preserve'): Moments {
  return {
    mtime: momentOf(p.modification_time, p.modification_time_format, otherwise),
    atime: momentOf(p.access_time, p.access_time_format, otherwise),
  };
}

/** Only the host knows its time zone. */
const epochQuery = (local: string): CommandQuery => command(['date', '-d', local, '+%s']);

export function touchQueries(p: PathWish): readonly Observation[] {
  const { mtime, atime } = momentsOf(p, 'now');
  const timed = [mtime, atime].flatMap((one) => (one.kind === 'at' ? [epochQuery(one.local)] : []));
  return [file(p.path, { follow: p.follow, ...(timed.length > 0 ? { exact: true } : {}) }), ...timed];
}

function resolve(moment: Moment, seen: Seen): Touch['mtime'] {
  return moment.kind === 'at' ? Number(seen(epochQuery(moment.local)).stdout.trim()) : moment.kind;
}

export function planTouch(p: PathWish, seen: Seen): Plan {
  const wanted = momentsOf(p, 'now');
  const timed = wanted.mtime.kind === 'at' || wanted.atime.kind === 'at';
  const fact = seen(file(p.path, { follow: p.follow, ...(timed ? { exact: true } : {}) }));
  const mtime = resolve(wanted.mtime, seen);
  const atime = resolve(wanted.atime, seen);
  if (Number.isNaN(mtime) || Number.isNaN(atime)) return refuse('The host cannot read the time that was asked for');
  if (!fact.exists) {
    const attributes = newAttributes(p, newFileMode(seen), false);
    return plan([{ kind: 'touch', path: p.path, mtime: made(mtime), atime: made(atime), ...attributes }]);
  }
  if (fact.type !== 'file' && fact.type !== 'directory')
    return refuse(`Cannot touch "${p.path}": it is a ${fact.type}`);
  const differing = differingAttributes(p, fact);
  const isKept = (asked: Touch['mtime'], now: number): boolean => asked === 'preserve' || asked === Math.floor(now);
  if (!isKept(mtime, fact.mtime) || !isKept(atime, fact.atime)) {
    return plan([{ kind: 'touch', path: p.path, mtime, atime, ...differing }]);
  }
  return isEmpty(differing)
    ? plan([], { why: 'the file is there, and its times are kept' })
    : plan([setAttributes(p.path, differing, p.follow)]);
}

/** A new file has nothing to preserve. */
function made(time: Touch['mtime']): Touch['mtime'] {
  return time === 'preserve' ? 'now' : time;
}

const timesFile = (p: PathWish): FileQuery => file(p.path, { follow: true, exact: true });

/** Whether a state that is not about times is asked to set them. */
function setsTimes(p: PathWish): boolean {
  const { mtime, atime } = momentsOf(p, 'preserve');
  return p.state !== 'touch' && p.state !== 'absent' && (mtime.kind !== 'preserve' || atime.kind !== 'preserve');
}

export function timesQueries(p: PathWish): readonly Observation[] {
  if (!setsTimes(p)) return [];
  const { mtime, atime } = momentsOf(p, 'preserve');
  return [timesFile(p), ...[mtime, atime].flatMap((one) => (one.kind === 'at' ? [epochQuery(one.local)] : []))];
}

/** What a state wants, and behind it the times that were asked for. */
export function withTimes(p: PathWish, seen: Seen, planned: Plan): Plan {
  if (planned.kind !== 'plan' || !setsTimes(p)) return planned;
  const wanted = momentsOf(p, 'preserve');
  const mtime = resolve(wanted.mtime, seen);
  const atime = resolve(wanted.atime, seen);
  if (Number.isNaN(mtime) || Number.isNaN(atime)) return refuse('The host cannot read the time that was asked for');
  const fact = seen(timesFile(p));
  const isKept = (asked: Touch['mtime'], now: number): boolean => asked === 'preserve' || asked === Math.floor(now);
  if (planned.changes.length === 0 && fact.exists && isKept(mtime, fact.mtime) && isKept(atime, fact.atime))
    return planned;
  return plan([...planned.changes, { kind: 'touch', path: p.path, mtime, atime }]);
}
