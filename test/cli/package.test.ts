import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from '../unit/docs/pages.ts';

/** The packed package, unpacked where another project would have it. */

const root = join(import.meta.dirname, '..', '..');
const execute = promisify(execFile);
let dir = '';

beforeAll(async () => {
  if (!existsSync(join(root, 'dist', 'cli', 'main.js'))) throw new Error('Run "npm run build" first');
  dir = mkdtempSync(join(tmpdir(), 'hlb-package-'));
  const packed = await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', dir], { cwd: root });
  const archive = packed.stdout.trim().split('\n').at(-1) ?? '';
  const modules = join(dir, 'node_modules');
  mkdirSync(join(modules, 'hlb'), { recursive: true });
  await execute('tar', ['-xzf', join(dir, archive), '-C', join(modules, 'hlb'), '--strip-components=1']);
  const there = join(root, 'node_modules');
  for (const name of readdirSync(there)) symlinkSync(join(there, name), join(modules, name));
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function names(entry: string): Promise<readonly string[]> {
  const script = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(entry)})).sort()))`;
  const { stdout } = await execute('node', ['--input-type=module', '-e', script], { cwd: dir });
  return JSON.parse(stdout);
}

describe('the package', () => {
  it('exports these names and no others', async () => {
    expect(await names('hlb/module')).toEqual([
      'ask',
      'change',
      'contentOf',
      'defineModule',
      'hashOf',
      'outcomeFields',
      'outputReturns',
      'param',
      'plan',
      'quote',
      'quoteAll',
      'refuse',
      'staged',
      'z',
    ]);
    expect(await names('hlb/testing')).toEqual(['Case', 'laws', 'runCase']);
    await expect(names('hlb')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
    await expect(names('hlb/dist/core/value.js')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('has a command that runs', async () => {
    const { stdout } = await execute('node', [join(dir, 'node_modules', 'hlb', 'bin', 'hlb.js'), '--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('gives the module of the guide its types, and its laws their cases', async () => {
    const { fences } = readPage('docs/guide/writing-a-module.md');
    const text = (language: string): string => fences.find((fence) => fence.language === language)?.text ?? '';
    const cases = fences.filter(({ kind }) => kind === 'case').map((fence) => fence.text);
    const folder = join(dir, 'modules', 'login_banner');
    mkdirSync(folder, { recursive: true });
    for (const [index, one] of cases.entries()) writeFileSync(join(folder, `case-${index + 1}.yml`), one);
    writeFileSync(join(dir, 'modules', 'login_banner.ts'), text('ts'));
    writeFileSync(
      join(dir, 'modules', 'login_banner.test.js'),
      text('js').replace('./login_banner.ts', './login_banner.js'),
    );
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
    await execute(join(root, 'node_modules', '.bin', 'tsc'), [...options, 'modules/login_banner.ts'], { cwd: dir });
    const { stdout } = await execute('node', ['--test', 'modules/login_banner.test.js'], { cwd: dir });
    expect(stdout).toContain('# fail 0');
    expect(stdout).toMatch(/# pass 1\d/);
  });

  it('is packed as publint would have it', async () => {
    const { messages } = await publint({ pkgDir: root, strict: true });
    expect(messages).toEqual([]);
  });
});
