import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { cliCodes } from '../../../src/cli/codes.ts';
import { ranHere } from '../../rig/hlb-here.ts';

const root = join(import.meta.dirname, 'cli');
const cases = readdirSync(root);

/** Modules beside a playbook are loaded by a hook that only the built program has: test/cli/own-modules.test.ts. */
const ofTheBuilt = ['module-invalid', 'module-taken', 'module-unreadable'];

/** What is typed, one command after the other, and in what environment. */
const Case = z.strictObject({
  commands: z.array(z.array(z.string())),
  env: z.record(z.string(), z.string()).default({}),
});

/** What the commands of a folder say, each below its own line, and how they end. */
async function said(folder: string): Promise<string> {
  const { commands, env } = Case.parse(parse(readFileSync(join(folder, 'case.yml'), 'utf8')));
  const dir = mkdtempSync(join(tmpdir(), 'hlb-golden-'));
  const before = process.cwd();
  onTestFinished(() => {
    process.chdir(before);
    rmSync(dir, { recursive: true });
  });
  cpSync(folder, dir, { recursive: true });
  process.chdir(dir);
  const texts: string[] = [];
  for (const args of commands) {
    const { code, out, err } = await ranHere(dir, args, env);
    texts.push(`$ hlb ${args.join(' ')}\n${out}${err}exit code ${code}\n`);
  }
  return texts.join('\n').replaceAll(dir, '');
}

describe('diagnostics of the command line', () => {
  it('have a case each', () => {
    const codes = Object.keys(cliCodes).map((code) => code.slice('cli/'.length));
    expect([...cases, ...ofTheBuilt].sort()).toEqual(codes.sort());
  });
  for (const name of cases) {
    it(`cli/${name}`, async () => {
      const text = await said(join(root, name));
      expect(text).toContain(`cli/${name}: `);
      await expect(text).toMatchFileSnapshot(join(root, name, 'expected.txt'));
    });
  }
});
