import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../../src/core/diagnostic-text.ts';
import { playbookCodes } from '../../../src/playbook/codes.ts';
import { loadFolder } from '../../unit/playbook/disk.ts';

/** What is said about the playbook `site.yml` of a folder, with the inventory `hosts.yml` beside it or that of all cases. */
async function said(folder: string): Promise<string> {
  const own = join(folder, 'hosts.yml');
  const { diagnostics } = await loadFolder(folder, existsSync(own) ? own : join(import.meta.dirname, 'hosts.yml'));
  return formatDiagnostics(diagnostics, 'text', { color: false });
}

for (const layer of ['playbook', 'args']) {
  const root = join(import.meta.dirname, layer);
  const cases = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  describe(`diagnostics of ${layer}`, () => {
    it('have a case each', () => {
      const codes = Object.keys(playbookCodes).filter((code) => code.startsWith(`${layer}/`));
      expect(cases.sort()).toEqual(codes.map((code) => code.slice(layer.length + 1)).sort());
    });
    for (const name of cases) {
      it(`${layer}/${name}`, async () => {
        const text = await said(join(root, name));
        expect(text).toContain(`${layer}/${name}: `);
        await expect(text).toMatchFileSnapshot(join(root, name, 'expected.txt'));
      });
    }
  });
}
