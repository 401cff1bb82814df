import { describe, expect, it } from 'vitest';
import { err, ok } from '../../../src/core/result.ts';
import { placeText } from '../../../src/core/source.ts';
import { constantOf } from '../../../src/vars/constant.ts';
import { type TermOptions, termOf } from '../../../src/vars/term-of.ts';
import { parseYaml } from '../../../src/yaml/parse.ts';
import { told } from './fixture.ts';

function compile(text: string, options?: TermOptions) {
  const { root } = parseYaml({ path: 'it.yml', text });
  if (root === undefined) throw new Error('The text is empty');
  return termOf(root, options);
}

const constant = (text: string, options?: TermOptions) => constantOf(compile(text, options).term);

describe('a term', () => {
  it('without a template is its value', () => {
    expect(constant('{a: [1, 1.0, "x", null, true], 2: b}')).toEqual(
      new Map<unknown, unknown>([
        ['a', [1n, 1, 'x', null, true]],
        [2n, 'b'],
      ]),
    );
  });

  it('keeps what was written for numbers and booleans', () => {
    expect(compile('0644').term).toMatchObject({ kind: 'constant', value: 420n, text: '0644' });
    expect(compile('"0644"').term).not.toHaveProperty('text');
  });

  it('with a template knows the place of each name in it', () => {
    const { term } = compile('a:\n  - "x {{ one.two }} y"\n');
    if (term.kind !== 'mapping') throw new Error('Expected a mapping');
    const list = term.entries[0]?.value;
    const item = list?.kind === 'list' ? list.items[0] : undefined;
    if (item?.kind !== 'template') throw new Error('Expected a template');
    expect(item.template.names.variables.map(({ name, path, at }) => [name, path, placeText(at)])).toEqual([
      ['one', ['two'], 'it.yml:2:11'],
    ]);
  });

  it('has no templates in keys, as Ansible has none', () => {
    const { term } = compile('{"{{ a }}": 1}');
    expect(term.kind === 'mapping' && term.entries[0]?.key.kind).toBe('constant');
  });

  it('tagged !unsafe is never a template, nor is anything below it', () => {
    expect(constant('!unsafe "{{ a }}"')).toBe('{{ a }}');
    expect(constant('!unsafe ["{{ a }}", {b: "{% c"}]')).toEqual(['{{ a }}', new Map([['b', '{% c']])]);
  });

  it('tagged !vault is opened, and is no template', () => {
    const seen: string[] = [];
    const decrypt = (text: string) => {
      seen.push(text);
      return ok('{{ secret }}');
    };
    expect(constant('!vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3031\n', { decrypt })).toBe('{{ secret }}');
    expect(seen).toEqual(['$ANSIBLE_VAULT;1.1;AES256\n3031\n']);
  });

  it('tagged !vault needs a password that fits', () => {
    const text = 'a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3031\n';
    expect(told(compile(text).diagnostics)).toEqual([
      'error vars/vault-locked 1:11 This value is encrypted, and no vault password was given',
    ]);
    expect(told(compile(text, { decrypt: () => err('None of the passwords opens it') }).diagnostics)).toEqual([
      'error vars/vault-locked 1:11 None of the passwords opens it',
    ]);
  });

  it("from JSON has no YAML 1.1 in it, and Ansible's marks for what is unsafe or a vault", () => {
    expect(constant('{"a": 1e3, "b": {"__ansible_unsafe": "{{ x }}"}}', { json: true })).toEqual(
      new Map<unknown, unknown>([
        ['a', 1000],
        ['b', '{{ x }}'],
      ]),
    );
    expect(constant('{"__ansible_vault": "v"}', { json: true, decrypt: () => ok('open') })).toBe('open');
  });

  it('with a broken template tells where, and stays as written', () => {
    const { term, diagnostics } = compile('a: "x {{ b"\n');
    expect(diagnostics.map((one) => one.severity)).toEqual(['error']);
    expect(constantOf(term)).toEqual(new Map([['a', 'x {{ b']]));
  });
});
