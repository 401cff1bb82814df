import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explanations } from '../../../src/cli/explanations.ts';

const root = join(import.meta.dirname, '../../../src');
const catalogues = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /(^|\/)codes(-\w+)?\.ts$/.test(path),
);

describe('hlb explain', () => {
  for (const path of catalogues) {
    it(`knows every code of ${path}`, async () => {
      const exported: Readonly<Record<string, unknown>> = await import(join(root, path));
      const codes = Object.values(exported)
        .flatMap((table) => (typeof table === 'object' && table !== null ? Object.keys(table) : []))
        .filter((key) => /^[a-z]+\/[a-z0-9-]+$/.test(key));
      const known = explanations();
      expect(codes.length).toBeGreaterThan(0);
      expect(codes.filter((code) => !known.has(code))).toEqual([]);
    });
  }
});
