import { defineConfig } from 'vitest/config';

/** Tests on lab hosts whose times are compared or stated: they run with nothing beside them (test/all.mjs). */
const measured = ['test/lab/never-empty.test.ts', 'test/lab/speed.test.ts'];
const onLabHosts = { testTimeout: 300_000, hookTimeout: 600_000, fileParallelism: false, retry: 1 };

/**
 * One project a kind of suite, so that `vitest run --project unit` is quick. What starts real programs is tried once more:
 * two cores shared with eight hosts are late now and then, and a bug is there both times.
 */
const project = (name: string, include: string[], rest: object = {}) => ({
  test: { name, include, testTimeout: 60_000, hookTimeout: 120_000, ...rest },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', ['test/*.test.ts', 'test/unit/**/*.test.ts', 'test/golden/**/*.test.ts']),
      project('property', ['test/property/**/*.test.ts'], { testTimeout: 300_000, retry: 1 }),
      project('oracle', ['test/oracle/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 300_000 }),
      project('ssh', ['test/ssh/**/*.test.ts'], { testTimeout: 120_000, retry: 1 }),
      project('cli', ['test/cli/**/*.test.ts'], { testTimeout: 120_000, retry: 1 }),
      project('lab', ['test/lab/**/*.test.ts'], { ...onLabHosts, exclude: measured }),
      project('measured', measured, onLabHosts),
    ],
  },
});
