import { command } from '../host/ask.ts';
import type { CommandQuery } from '../host/observation.ts';

/** A line of a sources.list. */
export interface SourceLine {
  readonly file: string;
  /** Lines that begin with # are off. */
  readonly enabled: boolean;
  /** Blanks folded, comment cut off. */
  readonly text: string;
}

/** Every source of the host, also those that are off. */
export const sourcesQuery: CommandQuery = command([
  'grep',
  '-rHE',
  '--include=*.list',
  '^[[:space:]]*#?[[:space:]]*deb(-src)?[[:space:]]',
  '/etc/apt/sources.list',
  '/etc/apt/sources.list.d',
]);

export function parseSources(stdout: string): readonly SourceLine[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^([^:]+):\s*(#?)\s*(deb(?:-src)?\s.*)$/.exec(line);
    return match === null ? [] : [{ file: match[1] ?? '', enabled: match[2] === '', text: sourceText(match[3] ?? '') }];
  });
}

export function sourceText(written: string): string {
  return written.replace(/#.*$/, '').trim().split(/\s+/).join(' ');
}

/** What a file is named after where nobody names it: the URL without protocol and credentials. */
export function sourceFileName(source: string): string {
  const [, uri = source] = /^deb(?:-src)?\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(source) ?? [];
  const place = uri.replace(/^\w+:\/\//, '').replace(/^[^@]*@/, '');
  return place
    .replaceAll(/[^a-zA-Z0-9]/g, ' ')
    .trim()
    .split(/\s+/)
    .join('_');
}
