import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { parseKeyValues } from '../../src/playbook/key-value.ts';
import { keywords } from '../../src/playbook/keywords.ts';
import { isSelected } from '../../src/playbook/select.ts';
import type { Playbook } from '../../src/playbook/tree.ts';
import { parseYaml } from '../../src/yaml/parse.ts';
import { load, registry, tasksOf } from '../unit/playbook/harness.ts';
import { gatherInventory } from '../unit/playbook/inventory.ts';

const inventory = gatherInventory(['web', 'db']);

/** Every place lies inside of its text. */
function expectPlaces(diagnostics: readonly Diagnostic[]): void {
  for (const { at, related = [] } of diagnostics) {
    for (const place of [at, ...related.map((one) => one.at)]) {
      if (place === undefined) continue;
      expect(place.start).toBeGreaterThanOrEqual(0);
      expect(place.end).toBeGreaterThanOrEqual(place.start);
      expect(place.end).toBeLessThanOrEqual(Math.max(place.source.text.length, place.start));
    }
  }
}

function expectIds(playbooks: readonly Playbook[]): void {
  const ids = playbooks
    .flatMap((one) => one.plays)
    .flatMap((play) => [...tasksOf(play), ...play.handlers].map((task) => task.id));
  expect(new Set(ids).size).toBe(ids.length);
}

const word = fc.constantFrom(
  'a',
  'b',
  '{{ a }}',
  '{{ a.b | default(1) }}',
  '{{',
  'a == b',
  'yes',
  '',
  'web',
  'main.yml',
  '1',
  '50%',
);
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...keywords.map((keyword) => keyword.name)) },
  { weight: 3, arbitrary: fc.constantFrom(...registry.names()) },
  fc.constantFrom(
    'include_tasks',
    'import_tasks',
    'include_role',
    'import_role',
    'with_items',
    'with_dict',
    'import_playbook',
    'name',
    'file',
    'dest',
    'that',
    'loop_var',
  ),
  word,
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(word, fc.boolean(), fc.integer(), fc.constant(null), fc.double({ noNaN: true })),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5 }),
  ),
}));
const task = fc.dictionary(name, value, { maxKeys: 5 });
const play = fc.record(
  {
    hosts: fc.constantFrom('all', 'web:!db', 'nobody', '{{ a }}'),
    tasks: fc.array(task, { maxLength: 4 }),
    handlers: fc.array(task, { maxLength: 2 }),
    vars: value,
    roles: value,
  },
  { requiredKeys: ['hosts'] },
);

describe('Reading anything', () => {
  it('never throws, and every place lies inside of the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.oneof(play, task), { maxLength: 3 }), value), (tree) => {
        const { diagnostics, playbooks } = load(JSON.stringify(tree, null, 1), { inventory });
        expectPlaces(diagnostics);
        expectIds(playbooks);
      }),
      { numRuns: 400 },
    );
  });
});

describe('Damaged playbooks', () => {
  const root = join(import.meta.dirname, '../fixtures/playbooks');
  const texts = readdirSync(root).map((folder) => readFileSync(join(root, folder, 'site.yml'), 'utf8'));

  it('are read to their end, whatever lines and characters are lost or doubled', () => {
    const damage = fc.record({
      text: fc.constantFrom(...texts),
      lines: fc.array(fc.nat(), { maxLength: 4 }),
      at: fc.nat(),
      how: fc.constantFrom('drop', 'double', 'indent', 'swap'),
    });
    fc.assert(
      fc.property(damage, ({ text, lines, at, how }) => {
        const all = text.split('\n');
        const chosen = new Set(lines.map((line) => line % all.length));
        const changed = all.flatMap((line, index) => {
          if (!chosen.has(index)) return [line];
          if (how === 'drop') return [];
          if (how === 'double') return [line, line];
          return how === 'indent' ? [`  ${line}`] : [line.split('').reverse().join('')];
        });
        const joined = changed.join('\n');
        const cut = at % (joined.length + 1);
        const { diagnostics, playbooks } = load(joined.slice(0, cut) + joined.slice(cut + 1), { inventory });
        expectPlaces(diagnostics);
        expectIds(playbooks);
      }),
      { numRuns: 200 },
    );
  });
});

describe('Argument strings', () => {
  it('give back what was written into them', () => {
    const key = fc.stringMatching(/^[a-z_]{1,8}$/);
    const text = fc.stringMatching(/^[^"\\\n\r\0-\x1f{}\x7f-\x9f\u2028\u2029\ufeff]{0,12}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, text), { selector: ([one]) => one, minLength: 1, maxLength: 5 }),
        (pairs) => {
          const written = pairs.map(([one, other]) => `${one}="${other}"`).join('  ');
          const { root } = parseYaml({ path: 'x.yml', text: `'${written.replaceAll("'", "''")}'` });
          if (root?.kind !== 'scalar') return;
          const read = parseKeyValues(root, () => true);
          expect(read.rest).toBeUndefined();
          expect(read.pairs.map((pair) => [pair.key.text, pair.value.value])).toEqual(pairs);
        },
      ),
    );
  });
});

describe('Tags', () => {
  const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'always', 'never', 'tagged', 'untagged'), {
    maxLength: 3,
  });

  it('that are skipped by name never run, and skipping more never runs more', () => {
    fc.assert(
      fc.property(tags, tags, tags, tags, (own, only, skip, more) => {
        const [first] = own;
        if (first !== undefined) expect(isSelected(own, { only, skip: [...skip, first] })).toBe(false);
        if (!isSelected(own, { only, skip })) expect(isSelected(own, { only, skip: [...skip, ...more] })).toBe(false);
      }),
    );
  });

  it('that are asked for by name run unless they are skipped', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'never', 'always'), tags, (own, only) => {
        expect(isSelected([own], { only: [...only, own], skip: [] })).toBe(true);
      }),
    );
  });
});
