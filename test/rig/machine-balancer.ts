import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { takeLock } from '../../src/lab/lock.ts';

/** A balancer's socket has one place on a node, so files of tests for which this machine is the node take turns. */
export function takeTurns(): void {
  let release: (() => void) | undefined;
  beforeAll(async () => {
    release = await takeLock(join(tmpdir(), 'hlb-machine-balancer.lock'));
  }, 300_000);
  afterAll(() => release?.());
}
