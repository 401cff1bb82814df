import { describe, expect, it } from 'vitest';
import { isMapping } from '../../src/core/value.ts';
import { compileTemplate } from '../../src/expr/compile.ts';
import { evaluateTemplate } from '../../src/expr/evaluate.ts';
import { repr } from '../../src/expr/runtime/text.ts';
import { createScope } from '../../src/vars/scope.ts';
import { variablesOfNode } from '../../src/vars/variables.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { toValue } from '../../src/yaml/value.ts';
import { askPython, type Case } from '../rig/oracle.ts';

/** Variables that read variables, and what is asked of them. */
const questions: readonly { readonly vars: string; readonly ask: readonly string[] }[] = [
  {
    vars: 'a: "{{ b }}-{{ c.d }}"\nb: "{{ e }}"\nc: {d: "{{ e + 1 }}"}\ne: 1',
    ask: ['a', 'b', 'c', 'c.d', '[a, b]', 'a | length', 'c | combine({"x": b})'],
  },
  {
    vars: 'a: {good: 1, bad: "{{ missing }}", deep: [{x: "{{ 1 + 1 }}"}, "{{ missing }}"]}',
    ask: [
      'a.good',
      'a.deep[0].x',
      'a["good"]',
      'a.bad is defined',
      'a.bad | default("n")',
      'a.keys() | list',
      'a',
      'a.deep',
      'a.deep | length',
      'a.deep | first',
      'a.bad',
      '"good" in a',
      'a.nothing is defined',
    ],
  },
  {
    vars: 'a: {x: {y: 1}, bad: "{{ missing }}"}\nb: "{{ a }}"\nc: "{{ b.x }}"\nd: "{{- b -}}"\ne: "{{ a | combine({}) }}"',
    ask: [
      'b.x.y',
      'c.y',
      'c',
      'b.bad is defined',
      'd.x',
      'b.nothing | default(2)',
      'b',
      'b.keys() | list',
      'e.x',
      'b.x | to_json',
      'b | length',
    ],
  },
  { vars: 'a: {x: 1, y: "{{ a.x + 1 }}", z: "{{ a.y + 1 }}"}', ask: ['a.z', 'a', 'a.values() | list'] },
  { vars: 'a: "{{ a }}"\nb: "{{ c }}"\nc: "x{{ b }}"', ask: ['a', 'b', 'a is defined', 'b | default("n")'] },
  {
    vars: 'a: [1, 2, "{{ 3 }}"]\nb: "{{ a }}"',
    ask: ['a[-1]', 'b[-1]', 'a[7] is defined', 'b[0:2]', 'a | sum', 'b | map("string") | list', '3 in b', 'a == b'],
  },
  {
    vars: 'n: "{{ 1 }}"\nt: "{{ n }} "\nl: "{{ [n, n] }}"\nnone: "{{ None }}"\nboth: "{{ n }}{{ n }}"\nbool: "{{ n == 1 }}"\nplain: text',
    ask: [
      'n',
      't',
      'l',
      'none',
      'both',
      'bool',
      'plain',
      'n + 1',
      'both + "x"',
      'none is none',
      'bool is true',
      'l + l',
    ],
  },
  {
    vars: 'who: "{{ name | default(\'nobody\') }}"\nhi: "hi {{ who }}"\nwhich: "{{ \'a\' if flag | default(true) else missing }}"',
    ask: ['hi', 'which', 'who | upper'],
  },
  {
    vars: 'hosts: {a: {ip: "10.0.0.{{ i }}"}, b: {ip: "{{ hosts.a.ip }}0"}}\ni: 1',
    ask: ['hosts.b.ip', 'hosts.values() | map(attribute="ip") | list', 'hosts | dict2items'],
  },
  { vars: 'a: "{{ b.c.d }}"\nb: {c: {}}', ask: ['a', 'a is defined', 'a | default("n")', 'b.c.d.e | default("n")'] },
  { vars: 'a: "{% if b %}yes{% else %}no{% endif %}"\nb: "{{ c }}"\nc: ""', ask: ['a', 'b', 'b | bool'] },
  { vars: 'raw: "{{ \'{{ x }}\' }}"\nx: 1\ny: "{{ raw }}"', ask: ['raw', 'y'] },
];

const mapping = (text: string) => {
  const { root } = parseYaml({ path: 'vars', text });
  const value = root && toValue(root);
  if (root === undefined || value === undefined || !isMapping(value)) throw new Error('Expected a mapping');
  return { root, value };
};

const cases: readonly (Case & { readonly vars: string })[] = questions.flatMap(({ vars, ask }) =>
  ask.map((one) => ({
    file: 'variables',
    kind: 'template',
    text: `{{ ${one} }}`,
    vars,
    variables: mapping(vars).value,
    files: {},
    options: new Map(),
    ordered: true,
    engines: ['ansible'],
  })),
);

function ours({ text, vars }: { readonly text: string; readonly vars: string }): string {
  const { variables } = variablesOfNode(mapping(vars).root, 'play', 'play');
  const scope = createScope({ layers: [variables], answer: () => undefined, now: () => 0, random: () => 0 });
  const compiled = compileTemplate(text, (start, end) => ({ source: { path: 'ask', text }, start, end }));
  const outcome = compiled.ok ? evaluateTemplate(compiled.value, scope, { native: true }) : undefined;
  return outcome?.kind === 'value' ? repr(outcome.value) : 'fails';
}

const verdicts = await askPython('ansible', cases).catch((error: unknown) => String(error));
const title = 'variables that read variables';
if (typeof verdicts === 'string') describe.skip(`${title} (${verdicts})`, () => it('skipped'));
else
  describe(title, () => {
    it.each(cases.map((one, index) => ({ ...one, index })))(
      'are what ansible-core makes of $text with $vars',
      (one) => {
        const theirs = verdicts[one.index];
        expect(ours(one)).toBe(theirs !== undefined && 'repr' in theirs ? theirs.repr : 'fails');
      },
    );
  });
