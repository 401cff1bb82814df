import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { settingsDir } from './name.ts';

/**
 * How long a double takes for what takes the real one long: 1 is as observed, 0.1 ten times as quick. Read anew each
 * time from the environment (`HLB_DOUBLE_SCALE`) or the host's /etc/hlb-lab/scale, so that a test can change it.
 */
export function timeScale(): number {
  const path = join(settingsDir, 'scale');
  const given = process.env['HLB_DOUBLE_SCALE'] ?? (existsSync(path) ? readFileSync(path, 'utf8').trim() : '1');
  const scale = Number(given);
  return scale > 0 ? scale : 1;
}

/** Milliseconds of the double for milliseconds of the real one. */
export function scaled(ms: number): number {
  return ms * timeScale();
}

export async function pause(ms: number): Promise<void> {
  await sleep(scaled(ms));
}
