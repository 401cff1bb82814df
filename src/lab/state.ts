import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { bridgeExists } from './bridge.ts';
import type { LabPlaces } from './places.ts';
import { labFiles } from './places.ts';
import { problem } from './problem.ts';

const ProcessId = z.strictObject({ pid: z.int(), started: z.int() });

/** What a lab is, written before anything of it exists, so that a crash leaves nothing that nobody knows of. */
const LabState = z.strictObject({
  name: z.string(),
  /** Which block of addresses. */
  index: z.int(),
  shape: z.strictObject({ controlPlanes: z.int(), workers: z.int(), balancers: z.int() }),
  /** The host image and the container store that its hosts were made with. */
  image: z.string(),
  store: z.string(),
  kubernetes: z.strictObject({ kind: z.enum(['doubles', 'real']), folder: z.string() }),
  /** Where the inventory was written, so that `down` removes it. */
  inventory: z.string(),
  /** The process that keeps each host running. */
  supervisors: z.record(z.string(), ProcessId),
});
export type LabState = z.infer<typeof LabState>;

/** Undefined when there is no such lab. */
export function readState(places: LabPlaces, name: string): LabState | undefined {
  const path = labFiles(places, name).state;
  if (!existsSync(path)) return undefined;
  const read = parsed(path);
  if (read.success) return read.data;
  throw problem(
    'lab/unreadable-state',
    `Expected "${path}" to describe a lab of this version of hlb, but it does not: ${z.prettifyError(read.error)}`,
    `Run "hlb lab down --name ${name}" to remove the lab, then "hlb lab up" again`,
  );
}

function parsed(path: string): z.ZodSafeParseResult<LabState> {
  try {
    return LabState.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return LabState.safeParse(undefined);
  }
}

export function writeState(places: LabPlaces, state: LabState): void {
  const { home, state: path } = labFiles(places, state.name);
  mkdirSync(home, { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

export function labNames(places: LabPlaces): readonly string[] {
  if (!existsSync(places.labs)) return [];
  return readdirSync(places.labs)
    .filter((name) => existsSync(join(places.labs, name, 'state.json')))
    .sort();
}

/** The lowest block of addresses that no other lab has: neither in a state that can be read, nor by its bridge. */
export function freeIndex(places: LabPlaces): number {
  const taken = new Set(
    labNames(places).map((name) => {
      const read = parsed(labFiles(places, name).state);
      return read.success ? read.data.index : undefined;
    }),
  );
  for (let index = 0; index < 250; index++) if (!taken.has(index) && !bridgeExists(index)) return index;
  throw problem('lab/too-many', 'Expected fewer than 250 labs on this machine', 'Run "hlb lab down --name NAME"');
}
