import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { parseInteger } from '../runtime/numbers.ts';
import { percentFormat } from '../runtime/percent-format.ts';
import type { Dict, Runtime, Val } from '../runtime/value.ts';

interface Settings {
  readonly start: bigint;
  readonly end: bigint | undefined;
  readonly count: bigint | undefined;
  readonly stride: bigint | undefined;
  readonly format: string;
}

/** ansible's `sequence`: `start=1 count=4 format=%04x`, `5-8/2:host%02d`, or named options. */
export function sequence(terms: readonly string[], options: Dict, rt: Runtime): Val[] {
  const named = settingsOf(options);
  return terms.length === 0 ? counted(named, rt) : terms.flatMap((term) => counted(read(term, named), rt));
}

function settingsOf(options: Dict): Settings {
  const number = (name: string): bigint | undefined => {
    const value = known(options.get(name) ?? null);
    if (value === null || typeof value === 'bigint') return value ?? undefined;
    return typeof value === 'string' ? integer(value) : fail('type', `The option "${name}" must be an integer`);
  };
  const format = known(options.get('format') ?? '%d');
  return {
    start: number('start') ?? 1n,
    end: number('end'),
    count: number('count'),
    stride: number('stride'),
    format: typeof format === 'string' ? format : '%d',
  };
}

const shortcut = /^(?:(0[xX]?[\da-fA-F]+|\d+)-)?(0[xX]?[\da-fA-F]+|\d+)(?:\/(-?\d+))?(?::(.+))?$/;

function read(term: string, start: Settings): Settings {
  const short = shortcut.exec(term.trim());
  if (short !== null) {
    const [, from, end, stride, format] = short;
    return {
      ...start,
      start: from === undefined ? 1n : integer(from),
      end: integer(end ?? ''),
      stride: stride === undefined ? start.stride : integer(stride),
      format: format ?? start.format,
    };
  }
  return term
    .split(/\s+/)
    .filter((word) => word !== '')
    .reduce((settings, word) => withWord(settings, word), start);
}

function withWord(settings: Settings, word: string): Settings {
  const [, name = '', value = ''] =
    /^([^=]+)=(.*)$/.exec(word) ?? fail('value', `"${word}" is no option of a sequence`, 'Write start=1 end=5');
  if (name === 'format') return { ...settings, format: value };
  if (name === 'start' || name === 'end' || name === 'count' || name === 'stride')
    return { ...settings, [name]: integer(value) };
  return fail('value', `A sequence has no option "${name}"`, 'Its options are start, end, count, stride and format');
}

function integer(text: string): bigint {
  return parseInteger(text) ?? fail('value', `"${text}" is no integer`);
}

function counted(settings: Settings, rt: Runtime): Val[] {
  const { start, count, format } = settings;
  if (settings.end === undefined && count === undefined) return fail('value', 'A sequence needs an end or a count');
  if (settings.end !== undefined && count !== undefined)
    return fail('value', 'A sequence takes an end or a count, not both');
  const { stride = 1n } = settings;
  if (count === 0n) return [];
  const end = settings.end ?? start + (count ?? 0n) * stride - 1n;
  if (stride === 0n) return [];
  if (stride > 0n && end < start) return fail('value', 'To count downwards, give a negative stride');
  if (stride < 0n && end > start) return fail('value', 'To count upwards, give a positive stride');
  const texts: Val[] = [];
  for (let at = start; stride > 0n ? at <= end : at >= end; at += stride) {
    rt.spend(1);
    texts.push(percentFormat(format, at, rt));
  }
  return texts;
}
