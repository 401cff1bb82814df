import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What each layer may import (ARCHITECTURE.md). A layer always may import itself, but for `modules` and `guards`. */
const below: Readonly<Record<string, readonly string[]>> = {
  core: [],
  yaml: ['core'],
  expr: ['core'],
  host: ['core'],
  vars: ['core', 'yaml', 'expr'],
  module: ['core', 'host'],
  ha: ['core', 'host'],
  inventory: ['core', 'yaml', 'expr', 'vars'],
  playbook: ['core', 'yaml', 'expr', 'host', 'vars', 'module', 'inventory'],
  report: ['core'],
  engine: ['core', 'yaml', 'expr', 'host', 'vars', 'module', 'ha', 'inventory', 'playbook'],
  transport: ['core', 'host'],
  modules: ['core', 'host', 'module', 'ha'],
  guards: ['core', 'host', 'module', 'ha'],
  testing: ['core', 'host', 'module'],
  lab: ['core', 'host', 'yaml'],
  cli: ['*'],
};

/** Where each of these may be used: elsewhere it is handed in. */
const reserved: readonly { readonly what: string; readonly pattern: RegExp; readonly allowed: RegExp }[] = [
  { what: 'console', pattern: /\bconsole\.\w+\(/, allowed: /^$/ },
  { what: 'process.exit', pattern: /\bprocess\.exit\b/, allowed: /^cli\// },
  { what: 'child_process', pattern: /['"](node:)?child_process['"]/, allowed: /^(transport|lab|cli)\// },
  {
    what: 'the clock',
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bsetTimeout\b|\bsetInterval\b/,
    allowed: /^(cli|transport|lab|report)\//,
  },
  { what: 'randomness', pattern: /\bMath\.random\b|\brandomBytes\b|\brandomUUID\b/, allowed: /^(cli|transport|lab)\// },
];

const root = join(import.meta.dirname, '..', 'src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)].map((match) =>
    relative(root, join(root, dirname(file), match[1] ?? '')),
  );
}

const layerOf = (file: string): string => file.split('/')[0] ?? '';

describe('the layers', () => {
  it('import only downwards', () => {
    const wrong = files.flatMap((file) => {
      const allowed = below[layerOf(file)];
      if (allowed === undefined) return [`${file}: unknown layer`];
      if (allowed.includes('*')) return [];
      return importsOf(file)
        .filter((imported) => layerOf(imported) !== layerOf(file) && !allowed.includes(layerOf(imported)))
        .map((imported) => `${file} imports ${imported}`);
    });
    expect(wrong).toEqual([]);
  });

  it('keep modules and guards apart from each other', () => {
    const entry = /^(modules|guards)\/[^/]+\.ts$/;
    const wrong = files
      .filter((file) => entry.test(file) && !file.endsWith('/registry.ts'))
      .flatMap((file) =>
        importsOf(file)
          .filter((imported) => entry.test(imported))
          .map((imported) => `${file} imports ${imported}`),
      );
    expect(wrong).toEqual([]);
  });

  it('have no cycles', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file)]));
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('are handed time, randomness, output and processes', () => {
    const wrong = files.flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      return reserved
        .filter((one) => one.pattern.test(text) && !one.allowed.test(file))
        .map((one) => `${file} uses ${one.what}`);
    });
    expect(wrong).toEqual([]);
  });

  it('are made of small files', () => {
    const sizes = files.map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length }));
    expect(sizes.filter((one) => one.lines > 500)).toEqual([]);
    const sorted = sizes.map((one) => one.lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)] ?? 0).toBeLessThanOrEqual(120);
  });
});
