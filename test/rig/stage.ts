import { expect } from 'vitest';
import { detectionMs, type Fault, type Run } from './losses.ts';
import {
  type ListName,
  lists,
  type Measured,
  type MeasureOptions,
  type NeverEmptyRig,
  neverEmptyRig,
} from './never-empty.ts';
import { batchHosts, type Roll, type Told } from './roll.ts';

/** With fewer requests a short gap would not be seen. */
export const leastPerSecond = 80;
export const update = 'playbooks/update-backends.yml';
export const other: Readonly<Record<ListName, ListName>> = { old: 'new', new: 'old' };

/** What happens to a roll while it goes on. */
export interface Break {
  /** Of all rolling batches of the run, from 1: it breaks when this one begins. */
  readonly batch: number;
  readonly does: (begun: readonly string[]) => Promise<Fault>;
}

/** The lab of the never-empty suite as its tests leave it to each other: what is listed where, and what has been measured. */
export interface Stage {
  readonly rig: NeverEmptyRig;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** The list that every balancer has. */
  listed: ListName;
  readonly inventory: (list: ListName) => string;
  /** Puts the balancer of every node where a group of tests wants it, with the list that is due. */
  readonly place: (playbook: string) => Promise<void>;
  /** Runs a play under the clients, and breaks something in it; notes what was measured. */
  readonly measured: (
    what: string,
    playbook: string,
    inventory: string,
    options?: MeasureOptions & { readonly breaks?: Break; readonly args?: readonly string[] },
  ) => Promise<Measured<Roll>>;
  readonly note: (what: string, measured: Measured<Run>) => void;
  /** An API server that dies now. */
  readonly dies: (server: string) => Promise<Fault>;
  /** Everything that was measured, as a table of Markdown. */
  readonly table: () => string;
}

export function createStage(): Stage {
  let rig: NeverEmptyRig | undefined;
  const rows: string[] = [];
  const up = (): NeverEmptyRig => {
    if (rig === undefined) throw new Error('The lab is not up');
    return rig;
  };
  const stage: Stage = {
    get rig() {
      return up();
    },
    listed: 'old',
    start: async () => {
      rig = await neverEmptyRig();
    },
    stop: async () => {
      await rig?.stop();
    },
    inventory: (list) => up().inventory(list, lists[list]),
    place: async (playbook) => {
      const made = await up().play(playbook, stage.inventory(stage.listed), { args: ['-e', 'balancer_min_up=0'] });
      expect(made, made.text).toMatchObject({ code: 0 });
      await up().settled(lists[stage.listed]);
    },
    measured: async (what, playbook, inventory, { breaks, args = [], ...options } = {}) => {
      const measured = await up().measure(async (faults) => {
        const broken: Promise<Fault>[] = [];
        let batches = 0;
        const onTold = (told: Told): void => {
          const begun = batchHosts(told);
          if (begun.length === 0) return;
          batches += 1;
          if (breaks?.batch === batches) broken.push(breaks.does(begun));
        };
        const done = await up().play(playbook, inventory, { args, onTold });
        faults.push(...(await Promise.all(broken)));
        expect(breaks === undefined || broken.length > 0, `the roll never came to its batch\n${done.text}`).toBe(true);
        return done;
      }, options);
      stage.note(what, measured);
      return measured;
    },
    note: (what, { numbers, losses, margin, done }) => {
      const { requests, lost, gapMs, perSecond } = numbers;
      const own = lost - losses.fault;
      rows.push(
        `| ${what} | ${requests} | ${lost} | ${own} | ${(gapMs / 1000).toFixed(2)} s | ${margin?.margin ?? '?'} | ${perSecond} |`,
      );
      const seconds = Math.round((done.until - done.from) / 1000);
      process.stdout.write(`${what}: ${seconds} s, ${perSecond} requests/s on the slowest node\n`);
    },
    dies: async (server) => {
      const at = Date.now();
      await up().servers.set({ [server]: 'dead' });
      return { what: `${server} dies`, at, until: Date.now() + detectionMs };
    },
    table: () => {
      const head = [
        'what',
        'requests',
        'lost',
        'of these not by the fault',
        'longest gap',
        'lowest margin',
        'a second',
      ];
      return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows].join('\n');
    },
  };
  return stage;
}

/** hlb has lost no request, and no node was ever without a live backend by its doing. */
export function expectNothingLost(measured: Measured<unknown>, least = 1): void {
  expect(measured.losses, measured.losses.examples.join('\n')).toMatchObject({ run: 0, nobody: 0 });
  expect(measured.margin?.margin, JSON.stringify(measured.margin)).toBeGreaterThanOrEqual(least);
  expect(measured.numbers.perSecond).toBeGreaterThanOrEqual(leastPerSecond);
}
