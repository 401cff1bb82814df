import { execFileSync, spawnSync } from 'node:child_process';
import { array, constantFrom, sample, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePythonRegex } from '../../../src/core/python-regex.ts';
import { expandingLine, needsExpansion } from '../../../src/module/expand.ts';
import { extendedRegex } from '../../../src/module/extended-regex.ts';
import { matchesGlob } from '../../../src/module/glob.ts';
import { modeProblem, modeText, parseMode, resolveMode } from '../../../src/module/mode.ts';
import { durationText, linesOf, momentText } from '../../../src/module/output.ts';
import { localTime } from '../../../src/module/touch.ts';
import { unitFileText } from '../../../src/module/unit-file.ts';
import { splitWords } from '../../../src/module/words.ts';

const sh = (script: string, env: Readonly<Record<string, string>> = {}): string =>
  execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...env } });

describe('words of a command', () => {
  it.each([
    ['a  b\tc\n', ['a', 'b', 'c']],
    [`'a b' "c d" e\\ f`, ['a b', 'c d', 'e f']],
    [`a'b'"c"`, ['abc']],
    [`"" ''`, ['', '']],
    [`"a\\"b\\$c"`, ['a"b\\$c']],
    ['', []],
  ])('are split as a shell splits them: %s', (text, words) => {
    expect(splitWords(text)).toEqual({ ok: true, value: words });
  });

  it('say what is not closed', () => {
    expect(splitWords(`a 'b`)).toMatchObject({ ok: false, error: expect.stringContaining('No closing quotation') });
    expect(splitWords('a\\')).toMatchObject({ ok: false });
  });

  it('are the words that Python splits', () => {
    const python = spawnSync('python3', ['--version']).status === 0;
    if (!python) {
      process.stderr.write('skipped: this machine has no python3\n');
      return;
    }
    const alphabet = constantFrom('a', 'b', ' ', '\t', '\n', "'", '"', '\\', '$', '#');
    const texts = sample(array(alphabet, { maxLength: 12 }), { numRuns: 300, seed: 7 }).map((all) => all.join(''));
    const program =
      'import json,shlex,sys\ndef s(t):\n  try: return shlex.split(t)\n  except ValueError: return None\nprint(json.dumps([s(t) for t in json.load(sys.stdin)]))';
    const answers: unknown = JSON.parse(
      execFileSync('python3', ['-c', program], { input: JSON.stringify(texts), encoding: 'utf8' }),
    );
    const ours = texts.map((text) => {
      const words = splitWords(text);
      return words.ok ? words.value : null;
    });
    expect(ours).toEqual(answers);
  });
});

describe('arguments with variables', () => {
  it('reach the program with nothing else expanded', () => {
    const hostile = [
      '$A',
      '${A}x',
      '$(id)',
      '`id`',
      '*',
      '$1',
      '\\',
      '"',
      "'",
      '$',
      '${',
      '$A$NONE ${NONE}',
      'a b;c',
      '~x',
      '',
    ];
    const line = expandingLine(['printf', '[%s]', ...hostile]);
    expect(sh(line, { A: 'v * $B' })).toBe(
      `[v * $B][v * $Bx][$(id)][\`id\`][*][$1][\\]["]['][$][\${][v * $B$NONE \${NONE}][a b;c][~x][]`,
    );
  });

  it('know the homes of users', () => {
    expect(sh(expandingLine(['printf', '%s', '~/a b']), { HOME: '/h o' })).toBe('/h o/a b');
    expect(sh(expandingLine(['printf', '%s', '~root/x']))).toBe('/root/x');
    expect(needsExpansion(['a', '5$', '$5'])).toBe(false);
  });
});

describe('modes', () => {
  const octal = (written: string, current = 0o644, isDirectory = false): string =>
    modeText(resolveMode(parseMode(written), current, isDirectory));

  it.each([
    ['0644', '0644'],
    ['644', '0644'],
    ['0o755', '0755'],
    ['1777', '1777'],
    ['u=rwx,g=rx,o=', '0750'],
    ['a+x', '0755'],
    ['u+s', '4644'],
    ['g=u', '0664'],
    ['o-r', '0640'],
    ['+w', '0644'],
    ['a=rX', '0444'],
    ['u+x,go=u-w', '0755'],
  ])('%s of 0644 is %s', (written, expected) => {
    expect(octal(written)).toBe(expected);
  });

  it('of directories let X through', () => {
    expect(octal('a=rX', 0o700, true)).toBe('0555');
  });

  it.each(['0888', '99999', 'u=z', 'rwx', '', 'u=r g=w'])('are not "%s"', (written) => {
    expect(modeProblem(written, false)).toContain('Expected octal text');
  });

  it('are what chmod makes of them', () => {
    const who = constantFrom('u', 'g', 'o', 'a', 'ug', 'go');
    const clause = tuple(
      who,
      constantFrom('+', '-', '='),
      constantFrom('r', 'w', 'x', 'rw', 'rx', 'X', 's', 't', 'rwX', ''),
    ).map((parts) => parts.join(''));
    const specs = sample(array(clause, { minLength: 1, maxLength: 3 }), { numRuns: 60, seed: 3 });
    const script = specs
      .map((clauses) => `for m in 644 750 4711; do chmod $m f; chmod ${clauses.join(',')} f; stat -c %a f; done`)
      .join('\n');
    const answers = sh(`d=$(mktemp -d) && cd "$d" && umask 022 && touch f\n${script}\nrm -r "$d"`).trim().split('\n');
    const ours = specs.flatMap((clauses) =>
      [0o644, 0o750, 0o4711].map((bits) => resolveMode(parseMode(clauses.join(',')), bits, false).toString(8)),
    );
    expect(ours).toEqual(answers);
  });
});

describe('patterns for grep', () => {
  it.each([
    '^a\\d+$',
    'x(?:y|z)',
    'a.*?b',
    '[\\w.-]+@',
    '\\.conf$',
    '[^\\s]x',
    '(?P<n>a)b',
    'a{2,3}',
    '[\\]a]',
    'ready\\s+"x"',
  ])('%s finds the lines that Python finds', (pattern) => {
    const translated = extendedRegex(pattern);
    const regex = compilePythonRegex(pattern);
    if (!translated.ok || !regex.ok) throw new Error('not translated');
    const lines = [
      'a1',
      'a',
      'xy',
      'xz',
      'aab',
      'q.w-e@',
      'x.conf',
      ' x',
      'yx',
      'ab',
      'aa',
      'aaaa',
      ']',
      'ready  "x"',
      '',
      'a\\d',
    ];
    const found = spawnSync('grep', ['-E', '--', translated.value], {
      input: `${lines.join('\n')}\n`,
      encoding: 'utf8',
    });
    const expected = lines.filter((line) => {
      regex.value.lastIndex = 0;
      return regex.value.test(line);
    });
    expect(linesOf(found.stdout)).toEqual(expected);
  });

  it('refuse what grep cannot do', () => {
    expect(extendedRegex('(?=a)')).toMatchObject({ ok: false, error: expect.stringContaining('look-around') });
    expect(extendedRegex('a\\nb')).toMatchObject({ ok: false });
  });
});

describe('small texts', () => {
  it('match shell patterns', () => {
    expect(matchesGlob('1.34.*', '1.34.2-1.1')).toBe(true);
    expect(matchesGlob('a[!b]?', 'acd')).toBe(true);
    expect(matchesGlob('a.b', 'axb')).toBe(false);
    expect(matchesGlob('[]x]', ']')).toBe(true);
  });

  it('tell moments and durations as Ansible does', () => {
    expect(momentText(1_700_000_000_123)).toBe('2023-11-14 22:13:20.123000');
    expect(durationText(3_723_004.5)).toBe('1:02:03.004500');
  });

  it('split lines as Python does', () => {
    expect(linesOf('a\r\nb\rc\n\nd\u2028e')).toEqual(['a', 'b', 'c', '', 'd', 'e']);
  });

  it('read times by a format', () => {
    expect(localTime('202401310930.05', '%Y%m%d%H%M.%S')).toBe('2024-01-31 09:30:05');
    expect(localTime('31.1.2024', '%d.%m.%Y')).toBe('2024-01-31 00:00:00');
    expect(localTime('yesterday', '%Y')).toBeUndefined();
  });

  it('write unit files', () => {
    expect(unitFileText({ Service: { ExecStart: ['', '/bin/a \\\n--b'], RemainAfterExit: 'True' } })).toBe(
      '[Service]\nExecStart=\nExecStart=/bin/a \\ \\\n  --b\nRemainAfterExit=true\n',
    );
  });
});
