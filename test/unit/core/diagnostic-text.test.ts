import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { formatDiagnostics } from '../../../src/core/diagnostic-text.ts';
import type { Location, Source } from '../../../src/core/source.ts';

/** The first occurrence of `what` in the source. */
function at(source: Source, what: string): Location {
  const start = source.text.indexOf(what);
  return { source, start, end: start + what.length };
}

const site: Source = {
  path: 'site.yml',
  text: ['- hosts: all', '  tasks:', '    - copy:', '        dest: etc/haproxy.cfg', '        ownr: root', ''].join(
    '\n',
  ),
};

const wrongPath: Diagnostic = {
  code: 'args/invalid-value',
  severity: 'error',
  message: 'Expected a path that starts with "/", found "etc/haproxy.cfg"',
  at: at(site, 'etc/haproxy.cfg'),
};
const unknownKey: Diagnostic = {
  code: 'args/unknown-key',
  severity: 'error',
  message: 'Unknown parameter "ownr" of module "copy"',
  at: at(site, 'ownr'),
  help: 'Did you mean "owner"?',
};

const text = (diagnostics: readonly Diagnostic[], color = false): string =>
  formatDiagnostics(diagnostics, 'text', { color });

describe('diagnostics as text', () => {
  it('show the place, the line and a squiggle, sorted by place', () => {
    expect(text([unknownKey, wrongPath])).toBe(
      [
        'site.yml:4:15 error args/invalid-value: Expected a path that starts with "/", found "etc/haproxy.cfg"',
        '          dest: etc/haproxy.cfg',
        '                ~~~~~~~~~~~~~~~',
        '',
        'site.yml:5:9 error args/unknown-key: Unknown parameter "ownr" of module "copy"',
        '          ownr: root',
        '          ~~~~',
        '  help: Did you mean "owner"?',
        '',
      ].join('\n'),
    );
  });

  it('show what else is concerned', () => {
    const source: Source = { path: 'all.yml', text: 'port: 1\nport: 2\n' };
    const twice: Diagnostic = {
      code: 'yaml/duplicate-key',
      severity: 'warning',
      message: 'Key "port" stands twice',
      at: { source, start: 8, end: 12 },
      related: [{ message: 'the first is here', at: { source, start: 0, end: 4 } }],
      help: 'Remove one of them.\nThe first one counts.',
    };
    expect(text([twice])).toBe(
      [
        'all.yml:2:1 warning yaml/duplicate-key: Key "port" stands twice',
        '  port: 2',
        '  ~~~~',
        '  all.yml:1:1 the first is here',
        '    port: 1',
        '    ~~~~',
        '  help: Remove one of them.',
        '  The first one counts.',
        '',
      ].join('\n'),
    );
  });

  it('say what is said twice only once, and what has no place last', () => {
    const placeless: Diagnostic = { code: 'cli/no-inventory', severity: 'error', message: 'No inventory was given' };
    expect(text([placeless, unknownKey, { ...unknownKey }, placeless])).toBe(
      `${text([unknownKey])}\nerror cli/no-inventory: No inventory was given\n`,
    );
  });

  it('clip the squiggle to the line where a range spans several', () => {
    const source: Source = { path: 'a.yml', text: 'a: {b: 1,\n  c: 2}\r\n' };
    const diagnostic: Diagnostic = { ...wrongPath, at: { source, start: 3, end: 18 } };
    expect(text([diagnostic]).split('\n').slice(1, 3)).toEqual(['  a: {b: 1,', '     ~~~~~~']);
  });

  it('mark one column for an empty range, also at the end of a line', () => {
    const source: Source = { path: 'a.yml', text: 'a:\nb: 1' };
    const diagnostic: Diagnostic = { ...wrongPath, at: { source, start: 2, end: 2 } };
    expect(text([diagnostic]).split('\n').slice(1, 3)).toEqual(['  a:', '    ~']);
  });

  it('keep tabs and wide characters aligned', () => {
    const source: Source = { path: 'a.yml', text: '\tname: 平均負荷 é\u0301x "bad"' };
    const diagnostic: Diagnostic = { ...wrongPath, at: at(source, '"bad"') };
    expect(text([diagnostic]).split('\n').slice(1, 3)).toEqual([
      '      name: 平均負荷 é\u0301x "bad"',
      `      ${' '.repeat('name: '.length + 8 + ' éx '.length)}~~~~~`,
    ]);
    const over: Diagnostic = { ...wrongPath, at: at(source, '均負') };
    expect(text([over]).split('\n')[2]).toBe(`      ${' '.repeat('name: '.length + 2)}~~~~`);
  });

  it('draw control characters instead of sending them to the terminal', () => {
    const source: Source = { path: 'a.yml', text: 'a: \u001b[31mred\u0000' };
    expect(text([{ ...wrongPath, at: at(source, 'red') }]).split('\n')[1]).toBe('  a: ␛[31mred␀');
  });

  it('show a window of a very long line', () => {
    const source: Source = { path: 'a.yml', text: `${'a'.repeat(500)}BAD${'b'.repeat(500)}` };
    const [, line, squiggle] = text([{ ...wrongPath, at: at(source, 'BAD') }]).split('\n');
    expect(line).toBe(`  …${'a'.repeat(30)}BAD${'b'.repeat(86)}…`);
    expect(squiggle).toBe(`  ${' '.repeat(31)}~~~`);
    const long: Diagnostic = { ...wrongPath, at: { source, start: 0, end: 1003 } };
    expect(text([long]).split('\n')[2]).toBe(`  ${'~'.repeat(120)}`);
  });

  it('color the severity and the squiggle where asked to', () => {
    expect(text([{ ...unknownKey, severity: 'warning' }], true)).toBe(
      [
        '\u001b[1msite.yml:5:9\u001b[22m \u001b[33mwarning\u001b[39m \u001b[2margs/unknown-key\u001b[22m: Unknown parameter "ownr" of module "copy"',
        '          ownr: root',
        '          \u001b[33m~~~~\u001b[39m',
        '  \u001b[36mhelp:\u001b[39m Did you mean "owner"?',
        '',
      ].join('\n'),
    );
  });
});

describe('diagnostics as JSON', () => {
  it('are one array with lines and columns', () => {
    expect(JSON.parse(formatDiagnostics([unknownKey, wrongPath], 'json', { color: true }))).toEqual([
      {
        path: 'site.yml',
        line: 4,
        column: 15,
        endLine: 4,
        endColumn: 30,
        severity: 'error',
        code: 'args/invalid-value',
        message: 'Expected a path that starts with "/", found "etc/haproxy.cfg"',
      },
      {
        path: 'site.yml',
        line: 5,
        column: 9,
        endLine: 5,
        endColumn: 13,
        severity: 'error',
        code: 'args/unknown-key',
        message: 'Unknown parameter "ownr" of module "copy"',
        help: 'Did you mean "owner"?',
      },
    ]);
    expect(formatDiagnostics([], 'json', { color: false })).toBe('[]\n');
  });
});

describe('diagnostics for GitHub', () => {
  it('are workflow commands with their special characters escaped', () => {
    const source: Source = { path: 'a,b:c.yml', text: 'x: 100%\n' };
    const diagnostic: Diagnostic = {
      code: 'args/unknown-key',
      severity: 'error',
      message: 'Found 100%',
      at: { source, start: 3, end: 7 },
      related: [{ message: 'key here', at: { source, start: 0, end: 1 } }],
      help: 'Remove it',
    };
    expect(formatDiagnostics([diagnostic], 'github', { color: false })).toBe(
      '::error file=a%2Cb%3Ac.yml,line=1,col=4,endLine=1,endColumn=8,title=args/unknown-key::Found 100%25%0Aa,b:c.yml:1:1 key here%0ARemove it\n',
    );
  });
});
