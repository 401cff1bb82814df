import { describe, expect, it } from 'vitest';
import { OMIT } from '../../../src/expr/api.ts';
import { compileTemplate } from '../../../src/expr/compile.ts';
import { evaluateTemplate } from '../../../src/expr/evaluate.ts';
import { environment, placeIn } from '../../rig/expr-environment.ts';
import { compute, failureOf, mapping, render } from './by-hand.ts';

describe('an undefined variable', () => {
  it('is told by its name and place, with the nearest name there is', () => {
    expect(failureOf(render('a {{ nmae }}', { name: 1 }))).toBe(
      'text:1:6 "nmae" is not defined (Did you mean "name"?)',
    );
    expect(failureOf(compute('\n  result.stdut ~ 1', { result: { stdout: '' } }))).toBe(
      'text:2:3 This dict has no attribute "stdut" (Did you mean "stdout"?)',
    );
  });

  it('stays undefined through attributes and filters until it is used', () => {
    expect(render("{{ a.b.c | upper | default('x') }}")).toEqual({ kind: 'value', value: 'x' });
    expect(failureOf(render('{{ a.b.c | upper }}'))).toBe('text:1:4 "a" is not defined');
  });

  it('is one too where its own value reads an undefined one, and the place is there', () => {
    expect(failureOf(render('{{ a }}', { a: 'x{{ b }}' }))).toBe('text:1:5 "b" is not defined');
    expect(render("{{ a | default('d') }}", { a: 'x{{ b }}' })).toEqual({ kind: 'value', value: 'd' });
    expect(render("{{ a.split() | join | default('d') }}", { a: 'x{{ b }}' })).toEqual({ kind: 'value', value: 'd' });
    expect(failureOf(render('{{ a | upper }}', { a: 'x{{ b }}' }))).toBe('text:1:5 "b" is not defined');
  });

  it('does not spoil its siblings', () => {
    const variables = { d: { good: 1, bad: '{{ nope }}' }, l: ['{{ nope }}', 2] };
    expect(render('{{ d.good }}{{ l[1] }}', variables)).toEqual({ kind: 'value', value: '12' });
    expect(render("{{ l | select('defined') | list }}", variables)).toEqual({ kind: 'value', value: [2n] });
    expect(render('{{ d | length }}{{ d.keys() | list }}', variables)).toEqual({
      kind: 'value',
      value: "2['good', 'bad']",
    });
  });
});

describe('other failures', () => {
  it('name what was found and what to do', () => {
    expect(failureOf(compute("'a' + 1"))).toBe(
      'text:1:1 "+" is not supported between str and int (Join with "~", which turns both into text)',
    );
    expect(failureOf(compute('xs + x', { xs: [1], x: 2 }))).toBe(
      'text:1:1 "+" is not supported between list and int (Put the single value into a list, as in [x])',
    );
    expect(failureOf(compute("'5' > 3"))).toBe(
      'text:1:1 ">" is not supported between str and int (Convert one of them with "| int", "| float" or "| string")',
    );
    expect(failureOf(compute('xs | combine({})', { xs: 5 }))).toBe(
      'text:1:1 Each combined value must be a dict, not an int',
    );
    expect(failureOf(compute('range(3)'))).toContain('Make a list of it');
    expect(failureOf(render('{% for x in 5 %}{% endfor %}'))).toBe(
      'text:1:13 Expected something to iterate over, found int',
    );
    expect(failureOf(render('{% for a, b in [[1]] %}{% endfor %}'))).toBe(
      'text:1:8 Expected 2 values to unpack, found 1',
    );
  });
});

describe('omit', () => {
  it('is handed out as itself, and left out of lists and dicts', () => {
    expect(render('{{ a | default(omit) }}')).toEqual({ kind: 'value', value: OMIT });
    expect(render('{{ [omit, 1] }}')).toEqual({ kind: 'value', value: [1n] });
    expect(compute("{'a': omit, 'b': {'c': omit}}")).toEqual({ kind: 'value', value: new Map([['b', new Map()]]) });
  });
});

describe('changing in place', () => {
  it('never reaches the values of the environment', () => {
    const variables = mapping({ xs: [1], d: { a: [1] } });
    const env = environment(variables);
    const text =
      '{{ xs }}{% set _ = xs.append(2) %}{% set _ = d.a.append(3) %}{{ d.a }}{% set _ = d.update({"b": 1}) %}{{ xs }}{{ d }}';
    const compiled = compileTemplate(text, placeIn(text));
    if (!compiled.ok) throw new Error('It must compile');
    for (let round = 0; round < 2; round++)
      expect(evaluateTemplate(compiled.value, env, { native: true })).toEqual({
        kind: 'value',
        value: "[1][1, 3][1, 2]{'a': [1, 3], 'b': 1}",
      });
    expect(variables).toEqual(mapping({ xs: [1], d: { a: [1] } }));
  });
});

describe('a template that changes lists', () => {
  it('evaluates no more of the variables than it reads', () => {
    const variables = { hosts: { a: { ip: 1, bad: '{{ nope }}' }, b: { ip: 2 } }, other: '{{ nope }}' };
    const text = '{% set l = [] %}{% for h in ["a", "b"] %}{% set _ = l.append(hosts[h].ip) %}{% endfor %}{{ l }}';
    expect(render(text, variables)).toEqual({ kind: 'value', value: [1n, 2n] });
  });
});

describe('endless work', () => {
  const endless = [
    "{{ 'x' * 10000000000 }}",
    '{{ range(100000000000) | list }}',
    '{{ 2 ** (2 ** 40) }}',
    '{{ 9 ** 999999999 }}',
    '{% for a in range(1000000) %}{% for b in range(1000000) %}{% endfor %}{% endfor %}',
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    '{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}',
    "{{ '%999999999d' % 1 }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ 'x'.center(999999999) }}",
    "{{ ('a' * 40 ~ '!') | regex_replace('^(a|aa)+$', 'x') }}",
    '{{ range(20) | permutations | list | length }}',
    "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
    '{% for x in tree recursive %}{{ loop(tree) }}{% endfor %}',
    '{{ xs | product(xs, xs, xs, xs, xs) | list }}',
  ];
  for (const text of endless)
    it(`is ended: ${text}`, () => {
      const outcome = render(text, { tree: [1], xs: Array.from({ length: 100 }, (_, at) => at) });
      expect(outcome.kind === 'failed' && outcome.error.reason).toBe('fuel');
    });
});

describe('what the controller must answer', () => {
  const silent = (text: string) => {
    const compiled = compileTemplate(text, placeIn(text));
    if (!compiled.ok) throw new Error('It must compile');
    return evaluateTemplate(
      compiled.value,
      { ...environment(mapping({ a: 'x' })), answer: () => undefined },
      { native: true },
    );
  };

  it('is asked for all at once, as far as it can be known', () => {
    expect(
      silent("{{ lookup('env', 'A') ~ lookup('file', 'b') }}{{ lookup('pipe', 'c ' ~ a) }}{% include 'd.j2' %}"),
    ).toEqual({
      kind: 'needs',
      requests: [
        { kind: 'env', name: 'A' },
        { kind: 'file', path: 'b', search: 'files' },
        { kind: 'pipe', command: 'c x' },
        { kind: 'template', path: 'd.j2' },
      ],
    });
  });

  it('is asked for once however often it is read', () => {
    expect(silent("{{ lookup('env', 'A') }}{{ lookup('env', 'A') | upper }}")).toEqual({
      kind: 'needs',
      requests: [{ kind: 'env', name: 'A' }],
    });
  });

  it('keeps an error behind it back until it is answered', () => {
    expect(silent("{{ lookup('env', 'A') | int + nope }}").kind).toBe('needs');
    expect(silent("{% set x = lookup('env', 'A') %}{{ x.y.z }}").kind).toBe('needs');
  });

  it('is asked for by the variables of an evaluation too', () => {
    const env = environment(mapping({ home: "{{ lookup('env', 'HOME') }}" }));
    const text = '{{ home }}/{{ home }}';
    const compiled = compileTemplate(text, placeIn(text));
    if (!compiled.ok) throw new Error('It must compile');
    const asking = { ...env, answer: () => undefined, resolve: env.resolve };
    expect(evaluateTemplate(compiled.value, asking, { native: true })).toMatchObject({ kind: 'value', value: '/' });
  });

  it('shapes the result once it is there', () => {
    const world = { env: { A: 'one' }, files: { b: 'two\n', 'd.j2': 'four {{ a }}\n' }, pipes: { c: 'three\n' } };
    const text = "{{ lookup('env', 'A') }} {{ lookup('file', 'b') }} {{ lookup('pipe', 'c') }} {% include 'd.j2' %}";
    expect(render(text, { a: 'x' }, world)).toEqual({ kind: 'value', value: 'one two three four x' });
  });

  it('may be left unanswered where errors are ignored', () => {
    expect(render("{{ lookup('file', 'none', errors='ignore') is none }}")).toEqual({ kind: 'value', value: true });
    expect(failureOf(render("{{ lookup('file', 'none') }}"))).toBe('text:1:4 "none" was not found');
  });
});
