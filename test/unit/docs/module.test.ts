import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Module } from '../../../src/module/define.ts';
import { Case, runCase } from '../../../src/testing/api.ts';
import { project, readPage } from './pages.ts';

/** The module that the guide writes does what the cases beside it say. */

const { fences } = readPage('docs/guide/writing-a-module.md');
// Inside of the project, so that zod is found.
const folder = mkdtempSync(join(import.meta.dirname, '.module-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function moduleOf(text: string): Promise<Module> {
  const path = join(folder, 'login_banner.ts');
  writeFileSync(path, text.replaceAll("from 'hlb/module'", `from '${project}/src/module/api.ts'`));
  const loaded: { readonly default: Module } = await import(path);
  return loaded.default;
}

describe('the module of the guide', async () => {
  const [source, ...others] = fences.filter(({ language }) => language === 'ts');
  if (source === undefined) throw new Error('The guide has no module');
  const module = await moduleOf(source.text);

  it('is the only one', () => {
    expect(others).toEqual([]);
    expect(module.name).toBe('login_banner');
  });

  for (const { text, place } of fences.filter(({ kind }) => kind === 'case')) {
    it(`does what the case at ${place} says`, () => {
      const one = Case.parse(parse(text));
      const came = runCase(module, one);
      expect(came.invalid).toBeUndefined();
      expect(came.changes).toEqual(one.changes);
      expect(came.plan).toMatchObject(one.changes.length === 0 ? { why: expect.stringMatching(/./) } : {});
      expect(came.result).toMatchObject(one.result ?? {});
    });
  }

  it('refuses what the guide says it refuses', () => {
    const one = Case.parse({
      params: { text: 'x' },
      host: [{ ask: { kind: 'file' }, fact: { exists: true, type: 'directory', hashes: {} } }],
    });
    expect(runCase(module, one).plan).toMatchObject({ kind: 'refuse' });
  });
});
