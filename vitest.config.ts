import { defineConfig } from 'vitest/config';

/** One project a kind of suite, so that `vitest run --project unit` is quick and the lab runs alone. */
const project = (name: string, include: string[], rest: object = {}) => ({
  test: { name, include, testTimeout: 20_000, hookTimeout: 60_000, ...rest },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', ['test/*.test.ts', 'test/unit/**/*.test.ts', 'test/golden/**/*.test.ts']),
      project('property', ['test/property/**/*.test.ts'], { testTimeout: 60_000 }),
      project('oracle', ['test/oracle/**/*.test.ts'], { testTimeout: 120_000, hookTimeout: 300_000 }),
      project('ssh', ['test/ssh/**/*.test.ts'], { testTimeout: 60_000 }),
      project('cli', ['test/cli/**/*.test.ts'], { testTimeout: 60_000 }),
      project('lab', ['test/lab/**/*.test.ts'], { testTimeout: 300_000, hookTimeout: 600_000, fileParallelism: false }),
    ],
  },
});
