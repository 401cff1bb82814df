import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { generatedFiles } from '../../../src/cli/reference/generated.ts';
import { createSystem } from '../../../src/cli/system.ts';
import { project } from './pages.ts';

describe('what is made of definitions', () => {
  const files = generatedFiles(
    createProgram(
      createSystem(process, (url) => import(url)),
      () => {},
    ),
  );

  for (const [path, text] of files) {
    it(`${path} is as "npm run docs" writes it`, () => {
      const there = readFileSync(join(project, path), 'utf8');
      expect(there === text, `Run "npm run docs" and commit ${path}`).toBe(true);
    });
  }

  it('is all that lies in its folders', () => {
    const folders = [...new Set([...files.keys()].map((path) => path.replace(/\/[^/]+$/, '')))];
    const there = folders.flatMap((folder) =>
      readdirSync(join(project, folder), { encoding: 'utf8', withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(project.length + 1)),
    );
    expect(there.sort()).toEqual([...files.keys()].sort());
  });
});
