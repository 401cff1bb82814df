import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JournalRecord, Store } from './store.ts';

/** The journal as a file of one JSON record a line, append-only; records that are ready together share one fsync. */
export async function openFileStore(path: string): Promise<Store> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  let waiting: JournalRecord[] = [];
  let last: Promise<void> = Promise.resolve();
  let queued: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    queued = undefined;
    const records = waiting;
    waiting = [];
    await file.appendFile(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await file.datasync();
  };
  return {
    append: (records) => {
      waiting.push(...records);
      // What arrives while a write is under way goes together with the next one.
      if (queued === undefined) {
        queued = last.then(write);
        last = queued;
      }
      return queued;
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
}
