import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { ansibleCore } from '../rig/ansible-core.ts';

/** What a task came to on a host, as either program tells it. */
export const Step = z.object({
  play: z.string(),
  task: z.string(),
  /** Of the task; consecutive steps with one id are one task on several hosts. */
  id: z.string(),
  action: z.string(),
  kind: z.enum(['task', 'include']),
  host: z.string(),
  outcome: z.enum(['ok', 'changed', 'failed', 'skipped', 'unreachable', 'unknown']),
  ignored: z.boolean(),
  result: z.record(z.string(), z.unknown()),
});
export type Step = z.output<typeof Step>;

const Answer = z.object({
  id: z.number(),
  code: z.number(),
  error: z.string().nullable(),
  steps: z.array(Step),
  recap: z.record(z.string(), z.record(z.string(), z.number())),
});
export type Answer = z.output<typeof Answer>;

export interface Playbook {
  readonly dir: string;
  readonly args: readonly string[];
  readonly log: string;
}

/** Where jobs run in the background leave their results: `~` is one folder to the job and another one to who asks for it. */
function elsewhere(home: string): Readonly<Record<string, string>> {
  return { ANSIBLE_ASYNC_DIR: join(home, '.ansible_async') };
}

/** Nothing of the machine's own settings, and nothing that differs between two machines. */
const settings = {
  // Where each host includes a file of its own, Ansible takes the files as their hosts' answers come in
  // (StrategyBase._process_pending_results): one worker makes that the order of the hosts, which hlb always has.
  ANSIBLE_FORKS: '1',
  ANSIBLE_PIPELINING: 'true',
  ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
  ANSIBLE_RETRY_FILES_ENABLED: 'false',
  ANSIBLE_LOCALHOST_WARNING: 'false',
  ANSIBLE_INVENTORY_UNPARSED_WARNING: 'false',
  ANSIBLE_DEPRECATION_WARNINGS: 'false',
  ANSIBLE_NOCOWS: 'true',
  TZ: 'UTC',
};

/**
 * Runs playbooks with ansible-core 2.19 in one long-lived process, two at a time, and gives the promise of each one's
 * answer in their order.
 */
export async function startAnsible(
  playbooks: readonly Playbook[],
  home: string,
): Promise<(index: number) => Promise<Answer>> {
  const { python, env } = await ansibleCore();
  mkdirSync(home, { recursive: true });
  const child = spawn(python, [join(import.meta.dirname, 'playbook-driver.py')], {
    cwd: home,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      ANSIBLE_HOME: join(home, '.ansible'),
      ...elsewhere(home),
      ...settings,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const told = new Map<number, Answer>();
  let isOver = false;
  const news = new EventEmitter().setMaxListeners(0);
  child.on('close', () => {
    isOver = true;
    news.emit('news');
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === '"ready"') return;
    const answer = Answer.parse(JSON.parse(line));
    told.set(answer.id, answer);
    news.emit('news');
  });
  for (const [id, one] of playbooks.entries()) child.stdin.write(`${JSON.stringify({ id, ...one })}\n`);
  child.stdin.end();
  return async (index) => {
    for (;;) {
      const answer = told.get(index);
      if (answer !== undefined) return answer;
      if (isOver) throw new Error(`The driver of ansible-playbook ended without an answer: ${complaints}`);
      await once(news, 'news');
    }
  };
}

/** What Ansible printed, for who looks for the reason of a difference. */
export function logOf({ log }: Playbook): string {
  return readFileSync(log, 'utf8');
}
