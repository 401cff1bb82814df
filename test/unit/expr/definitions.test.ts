import { describe, expect, it } from 'vitest';
import { filters } from '../../../src/expr/filters/registry.ts';
import { functions } from '../../../src/expr/globals.ts';
import { lookups } from '../../../src/expr/lookups/registry.ts';
import { signatureText } from '../../../src/expr/runtime/signature.ts';
import { tests } from '../../../src/expr/tests/registry.ts';

/** What the first-run issue names, and more is there. */
const wantedFilters =
  'default d mandatory join map select reject selectattr rejectattr sort unique first last length list dict2items items2dict combine union difference intersect flatten zip min max sum round int float string bool lower upper title trim replace regex_replace regex_search regex_findall split indent quote b64encode b64decode hash to_json to_nice_json from_json to_yaml to_nice_yaml from_yaml basename dirname ternary extract ipaddr ansible.utils.ipaddr groupby batch random type_debug';
const wantedTests =
  'defined undefined none string number mapping sequence iterable match search regex in version subset superset truthy falsy success failed changed skipped';
const wantedLookups = 'env file template pipe vars';

describe('the definitions', () => {
  const all = [...filters.all, ...tests.all, ...lookups.all, ...functions];

  it('are there under the names that people use', () => {
    expect(wantedFilters.split(' ').filter((name) => filters.get(name) === undefined)).toEqual([]);
    expect(wantedTests.split(' ').filter((name) => tests.get(name) === undefined)).toEqual([]);
    expect(wantedLookups.split(' ').filter((name) => lookups.get(name) === undefined)).toEqual([]);
  });

  it('answer to their full names', () => {
    expect(filters.get('ansible.builtin.upper')).toBe(filters.get('upper'));
    expect(filters.get('ansible.utils.ipaddr')).toBe(filters.get('ipaddr'));
    expect(tests.get('ansible.builtin.match')).toBe(tests.get('match'));
    expect(lookups.get('ansible.builtin.env')).toBe(lookups.get('env'));
  });

  it('have names of their own', () => {
    for (const registry of [filters, tests, lookups]) {
      const names = registry.all.flatMap((one) => [one.name, ...one.aliases]);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    }
  });

  it('say what they do in one sentence without a full stop', () => {
    expect(all.filter(({ summary }) => !/^[A-Z].*[^.]$/.test(summary)).map(({ name }) => name)).toEqual([]);
  });

  it('have parameters in an order that calls can meet', () => {
    for (const { name, params } of all) {
      const kinds = params.map((param) => ['required', 'optional', 'rest', 'keywords'].indexOf(param.kind));
      expect([name, kinds]).toEqual([name, kinds.toSorted((a, b) => a - b)]);
      expect(new Set(params.map((param) => param.name)).size).toBe(params.length);
    }
  });

  it('print their parameters as Python would', () => {
    expect(signatureText(filters.get('regex_replace')?.params ?? [])).toBe(
      "(pattern='', replacement='', ignorecase=false, multiline=false, count=0, mandatory_count=0)",
    );
    expect(signatureText(filters.get('map')?.params ?? [])).toBe('(*args, **kwargs)');
  });
});
