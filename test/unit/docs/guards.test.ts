import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { builtinGuards } from '../../../src/guards/registry.ts';
import { metaOf } from '../../../src/module/arguments.ts';
import { readPage } from './pages.ts';

/** What the guide says of guards is what their schemas say. */

const { prose } = readPage('docs/guide/guards.md');

describe.each(builtinGuards.map((guard) => [guard.name, guard] as const))('the guard %s', (name, guard) => {
  it('is in the guide with every parameter', () => {
    const section = prose.split(`### ${name}\n`)[1]?.split(/^#/m)[0] ?? '';
    const rows = Object.entries(guard.params.shape).map(
      ([field, schema]) => `| \`${field}\` | ${String(metaOf(schema)?.['description'])} |`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(section).toContain(row);
    expect(section.match(/^\| `/gm)?.length).toBe(rows.length);
  });

  it('has examples that it takes', () => {
    const example = z.union([z.literal(name), z.strictObject({ [name]: z.record(z.string(), z.unknown()) })]);
    expect(guard.examples.length).toBeGreaterThan(0);
    for (const text of guard.examples) {
      const written = example.parse(parse(text));
      const args = typeof written === 'string' ? {} : written[name];
      expect(guard.params.safeParse(args).error?.issues ?? []).toEqual([]);
    }
  });

  it('has a summary that is one line', () => {
    expect(guard.summary).toMatch(/^[A-Z][^\n]+[^.]$/);
  });
});
