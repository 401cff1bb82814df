import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { bin } from './hlb.ts';
import type { Run } from './losses.ts';

const Told = z.looseObject({
  type: z.string(),
  at: z.number(),
  host: z.string().optional(),
  outcome: z.string().optional(),
  /** Of a batch. */
  kind: z.string().optional(),
  index: z.number().optional(),
  /** Of a batch its hosts; other events call other things so. */
  hosts: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
  message: z.string().optional(),
  failure: z.looseObject({ message: z.string(), stderr: z.string().optional() }).optional(),
});
/** An event of a run, as far as a test looks at it. */
export type Told = z.output<typeof Told>;

/** The hosts of a batch that begins. */
export function batchHosts({ type, kind, hosts }: Told): readonly string[] {
  return type === 'batch-start' && kind === 'rolling' && Array.isArray(hosts) ? hosts : [];
}

/** One run of the built `hlb`, by the machine's clock, with all that it told. */
export interface Roll extends Run {
  readonly code: number | null;
  readonly told: readonly Told[];
  /** Every message, in order, and what stands on stderr. */
  readonly text: string;
  /** Hosts on which something was changed, in order and each once. */
  readonly changed: readonly string[];
}

/** Runs `hlb play … --json`; `onTold` sees each event when it comes. */
export async function roll(args: readonly string[], onTold: (told: Told) => void = () => undefined): Promise<Roll> {
  const from = Date.now();
  const child = spawn(process.execPath, [bin, 'play', ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const told: Told[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const one = Told.parse(JSON.parse(line));
    told.push(one);
    onTold(one);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const messages = told.flatMap(({ type, host, message, failure }) => {
    const words = [message, failure?.message, failure?.stderr].filter((one) => one !== undefined);
    return words.map((one) => [type, host, one].filter((part) => part !== undefined).join(': '));
  });
  const changed = told.flatMap(({ type, host, outcome }) =>
    type === 'host-result' && outcome === 'changed' && host !== undefined ? host : [],
  );
  return {
    code,
    told,
    text: [...messages, stderr].join('\n'),
    changed: [...new Set(changed)],
    from,
    until: Date.now(),
  };
}
