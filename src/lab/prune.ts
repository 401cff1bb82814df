import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const weekMs = 7 * 86_400_000;

/**
 * Removes what earlier versions left in the cache: entries of one kind (`base-`, `store-`, `doubles-`) that are not the
 * one just built, are older than `ageMs` and lie under no mounted host.
 */
export function pruneCache(cache: string, kind: string, keep: string, ageMs = weekMs): void {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  for (const name of readdirSync(cache).filter((one) => one.startsWith(kind))) {
    const path = join(cache, name);
    if (path === keep || mounts.includes(path)) continue;
    if (Date.now() - statSync(path).mtimeMs > ageMs) rmSync(path, { recursive: true, force: true });
  }
}
