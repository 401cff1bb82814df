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

/** Runs `work` while no other process of this machine holds the same lock. A lock whose holder died is taken over. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const self = identify(process.pid);
  const mine = `${process.pid} ${self?.started ?? 0}`;
  for (;;) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      break;
    } catch {
      if (!isHeld(path)) rmSync(path, { force: true });
      else await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
