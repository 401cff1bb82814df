import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JournalRecord, Store } from './store.ts';

/** The journal as a file of one JSON record a line, append-only; records that are ready together share one fsync. */
export async function openFileStore(path: string): Promise<Store> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  let waiting: JournalRecord[] = [];
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    const records = waiting;
    waiting = [];
    await file.appendFile(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await file.datasync();
  };
  return {
    append: async (records) => {
      waiting.push(...records);
      // What arrives while a write is under way goes with the next one.
      const mine = records.at(-1);
      while (mine !== undefined && waiting.includes(mine)) {
        writing ??= write().finally(() => {
          writing = undefined;
        });
        await writing;
      }
      await writing;
    },
    close: async () => {
      await writing;
      await file.close();
    },
  };
}
