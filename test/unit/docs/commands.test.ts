import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { createSystem } from '../../../src/cli/system.ts';
import { pages } from './pages.ts';

/** Every `hlb …` that a reader may type, in a fence or between backquotes, is one that the command line knows. */

const program = createProgram(
  createSystem(process, (url) => import(url)),
  () => {},
);

interface Shown {
  readonly place: string;
  readonly words: readonly string[];
}

const shown: readonly Shown[] = pages.flatMap(({ path, fences, prose }) => [
  ...fences
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text, place }) => text.split('\n').flatMap((line) => commandsIn(line, place))),
  ...[...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => commandsIn(code, path)),
]);

function commandsIn(line: string, place: string): readonly Shown[] {
  return line
    .replace(/\s#.*$/, '')
    .split(/&&|\|/)
    .map((part) => part.trim().replace(/^node bin\/hlb\.js\b/, 'hlb'))
    .filter((part) => /^hlb(\s|$)/.test(part))
    .map((part) => ({ place, words: part.split(/\s+/).slice(1) }));
}

/** The command that the first words name, and the words after them. */
function find(
  from: Command,
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } {
  const [first, ...rest] = words;
  const next = from.commands.find((one) => one.name() === first);
  return next === undefined ? { command: from, rest: words } : find(next, rest);
}

/** Options up to the first word that is the argument of a command with a command line of its own. */
function optionsOf(command: Command, words: readonly string[]): readonly string[] {
  const isWrapper = ['ssh', 'exec'].includes(command.name());
  const end = isWrapper ? words.findIndex((word) => !word.startsWith('-')) : -1;
  return (end === -1 ? words : words.slice(0, end)).filter((word) => /^-./.test(word)).map(withoutValue);
}

function withoutValue(word: string): string {
  return word.replace(/=.*$/, '');
}

function isKnown(command: Command, option: string): boolean {
  const all = [...command.options, ...program.options];
  return ['-h', '--help'].includes(option) || all.some((one) => one.short === option || one.long === option);
}

describe('Commands in the guides', () => {
  it('are found', () => {
    expect(shown.length).toBeGreaterThan(30);
  });

  for (const line of new Set(shown.map(({ words }) => words.join(' ')))) {
    const places = shown.filter(({ words }) => words.join(' ') === line).map(({ place }) => place);
    it(`knows "hlb ${line}" (${places[0]})`, () => {
      const { command, rest } = find(program, line === '' ? [] : line.split(' '));
      const [next] = rest;
      if (command.commands.length > 0 && next !== undefined && !next.startsWith('-'))
        throw new Error(`There is no command "${next}"`);
      expect(optionsOf(command, rest).filter((option) => !isKnown(command, option))).toEqual([]);
    });
  }

  it('leave no command out of the README', () => {
    const [readme] = pages;
    for (const { name } of program.commands.map((one) => ({ name: one.name() })))
      expect(readme?.prose).toContain(`| \`hlb ${name}\` |`);
  });
});
