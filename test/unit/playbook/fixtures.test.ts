import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../../src/core/diagnostic-text.ts';
import { loadFolder } from './disk.ts';

const root = join(import.meta.dirname, '../../fixtures/playbooks');

describe('Playbooks as operators write them', () => {
  for (const name of readdirSync(root).sort()) {
    it(`finds nothing wrong in ${name}`, async () => {
      const folder = join(root, name);
      const { diagnostics, playbooks } = await loadFolder(folder, join(folder, 'hosts.yml'));
      expect(formatDiagnostics(diagnostics, 'text', { color: false })).toBe('');
      expect(playbooks.flatMap((one) => one.plays).length).toBeGreaterThan(0);
    });
  }
});
