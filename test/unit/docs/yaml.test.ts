import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { formatDiagnostics } from '../../../src/core/diagnostic-text.ts';
import { loadInventory } from '../../../src/inventory/load.ts';
import { indent, load } from '../playbook/harness.ts';
import { type Fence, fences } from './pages.ts';

/** What the guides show must be what hlb takes. */

const yaml = fences.filter((fence) => fence.language === 'yaml');

function told(diagnostics: readonly Diagnostic[]): string {
  return formatDiagnostics(diagnostics, 'text', { color: false });
}

/** A list of plays, or of the tasks of one. */
function playbookOf({ text, place }: Fence): string {
  const items: unknown = parse(text);
  if (!Array.isArray(items)) throw new Error(`${place} is no list: name its kind behind \`\`\`yaml`);
  const isPlay = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && ('hosts' in item || 'import_playbook' in item);
  return items.some(isPlay) ? text : `- hosts: all\n  tasks:\n${indent(text)}`;
}

async function readInventory(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hlb-docs-'));
  try {
    const path = join(folder, 'hosts.yml');
    writeFileSync(path, text);
    return await loadInventory({
      sources: [path],
      playbookDirs: [],
      runProgram: () => Promise.reject(new Error('There is no program')),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('YAML in the guides', () => {
  it('is of a kind that is tested', () => {
    expect(yaml.filter(({ kind }) => !['', 'inventory', 'case', 'own'].includes(kind))).toEqual([]);
    expect(fences.filter(({ language }) => ['yml', ''].includes(language))).toEqual([]);
  });

  for (const fence of yaml.filter(({ kind }) => kind === '')) {
    it(`is a playbook or tasks without a mistake at ${fence.place}`, () => {
      const { playbooks, diagnostics } = load(playbookOf(fence));
      expect(told(diagnostics)).toBe('');
      expect(playbooks.flatMap((one) => one.plays)).not.toEqual([]);
    });
  }

  for (const fence of yaml.filter(({ kind }) => kind === 'inventory')) {
    it(`is an inventory without a mistake at ${fence.place}`, async () => {
      const { inventory, diagnostics } = await readInventory(fence.text);
      expect(told(diagnostics)).toBe('');
      expect(inventory.hosts.size).toBeGreaterThan(0);
    });
  }
});
