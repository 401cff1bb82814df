import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type AnsibleCore, ansibleCore } from '../rig/ansible-core.ts';

/** What was printed, what was found, or what is wrong. */
export type Answer = string | readonly string[] | { readonly error: string };

/**
 * What ansible-core 2.19 says of inventories and patterns: of each case one answer a question, in the driver's order. The
 * reason where it cannot be asked here.
 */
export async function askAnsible(cases: unknown, cwd: string): Promise<readonly (readonly Answer[])[] | string> {
  const ansible = await ansibleCore().catch((error: unknown) => String(error));
  return typeof ansible === 'string' ? ansible : JSON.parse(await runDriver(ansible, cases, cwd));
}

async function runDriver({ python, env }: AnsibleCore, cases: unknown, cwd: string): Promise<string> {
  const child = spawn(python, [join(import.meta.dirname, 'inventory-driver.py')], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(JSON.stringify(cases));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`The driver of ansible-inventory failed: ${stderr}`);
  return stdout;
}
