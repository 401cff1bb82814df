import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive } from './processes.ts';

/** Whether the process that wrote the lock still runs. An empty lock is one that is just being written. */
function isHeld(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return false;
  }
  const [pid, started] = text.split(' ').map(Number);
  return pid === undefined || started === undefined || isAlive({ pid, started });
}

/**
 * Waits until no other process of this machine holds the lock, takes it, and gives what lets it go again. A lock whose
 * holder died is taken over, so that one that is never let go ends with its process.
 */
export async function takeLock(path: string): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${process.pid} ${identify(process.pid)?.started ?? 0}`;
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch {
      if (!isHeld(path)) rmSync(path, { force: true });
      else await sleep(100);
    }
  }
}

/** Runs `work` while no other process of this machine holds the same lock. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const release = await takeLock(path);
  try {
    return await work();
  } finally {
    release();
  }
}
