import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Playbook } from './playbook-driver.ts';
import { precedenceCase } from './playbook-precedence.ts';

const ExitClass = z.enum(['ok', 'failed', 'unreachable', 'refused']);
const PlaybookCase = z.strictObject({
  name: z.string(),
  files: z.record(z.string(), z.string()),
  inventory: z.string().default('[nodes]\nh1\nh2\nh3\n'),
  args: z.array(z.string()).default([]),
  playbooks: z.array(z.string()).default(['site.yml']),
  exit: ExitClass.default('ok'),
  unordered: z.boolean().default(false),
  differs: z
    .strictObject({
      why: z.string(),
      exit: ExitClass,
      says: z.string().optional(),
      story: z.array(z.string()).optional(),
    })
    .optional(),
});
export type PlaybookCase = z.output<typeof PlaybookCase>;

/** All cases of playbooks/, each with the name of its file. */
export function playbookCases(): readonly (PlaybookCase & { readonly topic: string })[] {
  const at = join(import.meta.dirname, 'playbooks');
  const computed = { ...PlaybookCase.parse(precedenceCase()), topic: 'precedence' };
  const written = readdirSync(at)
    .toSorted()
    .flatMap((file) =>
      z
        .array(PlaybookCase)
        .parse(parse(readFileSync(join(at, file), 'utf8')))
        .map((one) => ({ ...one, topic: file.replace(/\.yml$/, '') })),
    );
  return [...written, computed];
}

/** A case's own folder. Those of both programs have names of one length, so that nothing that counts characters differs. */
export function prepare(root: string, one: PlaybookCase & { readonly index: number }): Playbook {
  const dir = join(root, String(one.index));
  const files = { ...one.files, inventory: inventoryOf(one.inventory, dir) };
  for (const host of ['h1', 'h2', 'h3']) mkdirSync(join(dir, 'hosts', host), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name.replace(/!$/, ''));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, name.endsWith('!') ? 0o755 : 0o644);
  }
  const args = one.args.map((arg) => arg.replaceAll('DIR', dir));
  const playbooks = one.playbooks.map((name) => join(dir, name));
  return { dir, args: ['-i', join(dir, 'inventory'), ...playbooks, ...args], log: `${dir}.log` };
}

function inventoryOf(text: string, dir: string): string {
  return `${text.trimEnd()}\n\n[all:vars]\nansible_connection=local\nscratch=${dir}/hosts/{{ inventory_hostname }}\n`;
}
