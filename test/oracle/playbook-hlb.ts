import { z } from 'zod';
import { ranHere } from '../rig/hlb-here.ts';
import { type Answer, type Playbook, Step } from './playbook-driver.ts';

const Told = z.discriminatedUnion('type', [
  z.object({ type: z.literal('play-start'), playId: z.string(), name: z.string() }),
  z.object({
    type: z.literal('task-start'),
    playId: z.string(),
    taskId: z.string(),
    kind: z.string(),
    name: z.string(),
    module: z.string(),
  }),
  Step.pick({ host: true, outcome: true, ignored: true, result: true }).extend({
    type: z.literal('host-result'),
    taskId: z.string(),
  }),
  z.object({ type: z.literal('run-end'), hosts: z.record(z.string(), z.record(z.string(), z.number())) }),
]);

/** What the command imports when it runs, so that no case waits for it. */
export async function loadHlb(): Promise<void> {
  await import('../../src/cli/play/play.ts');
}

/** Runs a playbook with the command line `hlb play --json` in this process. `says` is what it wrote for a person. */
export async function runHlb(id: number, { dir, args }: Playbook): Promise<Answer & { readonly says: string }> {
  const { code, out, err: says } = await ranHere(dir, ['play', '--json', ...args]);
  return { id, code, error: code === 5 ? says : null, says, ...storyOf(out) };
}

function storyOf(ndjson: string): Pick<Answer, 'steps' | 'recap'> {
  const plays = new Map<string, string>();
  const tasks = new Map<string, Omit<Step, 'host' | 'outcome' | 'ignored' | 'result'>>();
  const steps: Step[] = [];
  let recap: Answer['recap'] = {};
  for (const line of ndjson.split('\n').filter((one) => one !== '')) {
    const { data: event } = Told.safeParse(JSON.parse(line));
    if (event === undefined) continue;
    if (event.type === 'play-start') plays.set(event.playId, event.name);
    if (event.type === 'task-start') {
      const kind = event.kind === 'include' ? 'include' : 'task';
      const play = plays.get(event.playId) ?? '';
      tasks.set(event.taskId, { play, task: event.name, id: event.taskId, action: event.module, kind });
    }
    if (event.type === 'host-result') {
      const { host, outcome, ignored, result } = event;
      const task = tasks.get(event.taskId);
      if (task !== undefined) steps.push({ ...task, host, outcome, ignored, result });
    }
    if (event.type === 'run-end') recap = event.hosts;
  }
  return { steps, recap };
}
