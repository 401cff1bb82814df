import { describe, expect, it } from 'vitest';
import { placeText } from '../../../src/core/source.ts';
import { namesOf, readsOf } from './by-hand.ts';

describe('what an expression reads', () => {
  it('is named with the attributes behind it', () => {
    expect(readsOf("result.stdout.foo + other['key'].x")).toEqual(['result.stdout.foo', 'other.key.x']);
    expect(readsOf('xs[0].a + ys[-1]')).toEqual(['xs.0.a', 'ys.-1']);
    expect(readsOf('xs[i].a')).toEqual(['i', 'xs']);
    expect(readsOf('hosts[name].ip')).toEqual(['name', 'hosts']);
  });

  it('ends where a method begins', () => {
    expect(readsOf("result.stdout.split(',')")).toEqual(['result.stdout']);
    expect(readsOf('facts.items()')).toEqual(['facts']);
    expect(readsOf('facts.a.keys() | list')).toEqual(['facts.a']);
  });

  it('is guarded by default and by tests for being defined', () => {
    expect(readsOf("a.b | default('x')")).toEqual(['a.b?']);
    expect(readsOf("a | upper | d('x')")).toEqual(['a?']);
    expect(readsOf('a is defined')).toEqual(['a?']);
    expect(readsOf('a.b is not defined')).toEqual(['a.b?']);
    expect(readsOf('(a + b) | default(c)')).toEqual(['a', 'b', 'c~']);
    expect(readsOf('a is string')).toEqual(['a']);
  });

  it('is guarded where a condition around it asks about the same variable', () => {
    expect(readsOf('a is defined and a.b > 1')).toEqual(['a?', 'a.b?~']);
    expect(readsOf('a is defined and c')).toEqual(['a?', 'c~']);
    expect(readsOf('result is not skipped and result.rc == 0')).toEqual(['result', 'result.rc?~']);
    expect(readsOf('a.b if a is defined else c')).toEqual(['a?', 'a.b?~', 'c~']);
  });

  it('has no functions in it', () => {
    expect(readsOf("lookup('env', name) ~ range(n) | list ~ omit")).toEqual(['name', 'n']);
    expect(readsOf('now().year')).toEqual([]);
  });

  it('finds variables behind vars and lookups by their names', () => {
    expect(readsOf("vars['a'].b + vars.c")).toEqual(['a.b', 'c']);
    expect(readsOf("lookup('vars', 'a', default=1)")).toEqual(['a?']);
    expect(namesOf("lookup('vars', 'a')").computed).toBe(false);
    expect(namesOf("lookup('vars', x)").computed).toBe(true);
    expect(namesOf('vars[x]').computed).toBe(true);
    expect(namesOf('hostvars[x].y').computed).toBe(true);
    expect(namesOf("hostvars['web1'].y").computed).toBe(false);
  });

  it('says whether the controller shapes it', () => {
    expect(namesOf("lookup('file', 'x')").lookups).toBe(true);
    expect(namesOf("query('sequence', 'end=3')").lookups).toBe(false);
    expect(namesOf("lookup(which, 'x')").lookups).toBe(true);
    expect(namesOf("'*.conf' | fileglob").lookups).toBe(true);
    expect(namesOf("patterns | map('fileglob')").lookups).toBe(true);
  });

  it('is placed on the name and its attributes', () => {
    const [read] = namesOf('1 +\n  result.rc').variables;
    expect(read?.at && placeText(read.at)).toBe('text:2:3');
    expect(read?.at && read.at.source.text.slice(read.at.start, read.at.end)).toBe('result.rc');
  });
});

describe('what a template reads', () => {
  const reads = (text: string): readonly string[] => readsOf(text, 'template');

  it('leaves out what it sets itself', () => {
    expect(reads('{% set a = b %}{{ a }}{{ c }}')).toEqual(['b', 'c']);
    expect(reads('{% for x in xs %}{{ x.a }}{{ loop.index }}{{ y }}{% endfor %}{{ x }}')).toEqual(['xs', 'y~', 'x']);
    expect(reads('{% for k, v in d.items() if v %}{{ k }}{% else %}{{ e }}{% endfor %}')).toEqual(['d', 'e~']);
    expect(reads('{% with a = b %}{{ a }}{% endwith %}{{ a }}')).toEqual(['b', 'a']);
    expect(reads('{% macro m(a, b=c) %}{{ a }}{{ varargs }}{{ d }}{% endmacro %}{{ m(e) }}')).toEqual([
      'c~',
      'd~',
      'e',
    ]);
    expect(reads("{% import 'x' as m %}{{ m.f() }}")).toEqual([]);
    expect(reads('{% set ns = namespace(a=b) %}{% set ns.a = c %}{{ ns.a }}')).toEqual(['b', 'c']);
  });

  it('may still read what only one branch sets', () => {
    expect(reads('{% if a %}{% set b = 1 %}{% endif %}{{ b }}')).toEqual(['a', 'b?']);
    expect(reads('{% if a %}{% set b = 1 %}{% else %}{% set b = 2 %}{% endif %}{{ b }}')).toEqual(['a']);
  });

  it('is guarded inside the branches of its conditions', () => {
    expect(reads('{% if a is defined %}{{ a.b }}{{ c }}{% else %}{{ d }}{% endif %}')).toEqual([
      'a?',
      'a.b?~',
      'c~',
      'd~',
    ]);
    expect(reads('{% for x in a %}{{ a.b }}{% endfor %}')).toEqual(['a', 'a.b?~']);
  });

  it('is not known where it includes another template', () => {
    expect(namesOf("{% include 'x.j2' %}", 'template')).toMatchObject({ computed: true, lookups: true });
    expect(namesOf("{% include 'x.j2' without context %}", 'template')).toMatchObject({
      computed: false,
      lookups: true,
    });
  });
});
