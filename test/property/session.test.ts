import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step, StepResult } from '../../src/host/session.ts';
import { installedShells, missingShells } from '../rig/shell-pipe.ts';
import { openShellSession } from '../rig/shell-session.ts';

for (const name of missingShells) it.skip(`${name}: not installed here`, () => undefined);

/** Bytes that are hard on shells and on frames, more often than chance has them. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .constantFrom('\0', '\n', '\r\n', ' E 1 0\n', ' B 2\n', "'", '\\', '$x `y`', '%s', '\x1b[0m', 'hlb_e 0\n')
    .map((text) => Buffer.from(text)),
);

const octal = (data: Uint8Array): string => [...data].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');

interface Case {
  readonly out: Uint8Array;
  readonly err: Uint8Array;
  readonly code: number;
  readonly fatal: boolean;
  readonly allowed: readonly number[] | 'any' | undefined;
  readonly kind: 'plain' | 'timed';
}

const one: fc.Arbitrary<Case> = fc.record({
  out: bytes,
  err: bytes,
  code: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 125 })),
  fatal: fc.boolean(),
  allowed: fc.constantFrom(undefined, 'any' as const, [0], [0, 1, 2], [3], []),
  kind: fc.oneof({ weight: 4, arbitrary: fc.constant('plain' as const) }, fc.constant('timed' as const)),
});

const stepOf = (one: Case): Step => ({
  script: `printf '${octal(one.out)}'; printf '${octal(one.err)}' >&2; exit ${one.code}`,
  fatal: one.fatal,
  ...(one.allowed === undefined ? {} : { allowed: one.allowed }),
  ...(one.kind === 'timed' ? { timeoutMs: 30_000 } : {}),
});

/** What must come of them, by the contract's own words. */
function expected(cases: readonly Case[]): readonly unknown[] {
  let stopped = false;
  return cases.map((one) => {
    if (stopped) return 'skipped';
    const allowed = one.allowed ?? [0];
    stopped = one.fatal && allowed !== 'any' && !allowed.includes(one.code);
    return { code: one.code, out: Buffer.from(one.out).toString('hex'), err: Buffer.from(one.err).toString('hex') };
  });
}

function seen(results: readonly StepResult[]): readonly unknown[] {
  return results.map((one) =>
    one.status === 'done'
      ? { code: one.code, out: Buffer.from(one.stdout).toString('hex'), err: Buffer.from(one.stderr).toString('hex') }
      : one.status,
  );
}

describe.each(installedShells)('a session over %s', (shell) => {
  it('gives each step its own bytes and code, whatever they are and however they arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(one, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 5 }),
        async (runs, chunks) => {
          await using rig = openShellSession(shell, { chunks });
          for (const cases of runs) {
            const result = await rig.session.run(cases.map(stepOf));
            expect(result.ok && seen(result.value)).toEqual(expected(cases));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('runs any text exactly as it is written', async () => {
    await using rig = openShellSession(shell);
    const text = fc.string({ unit: 'binary', maxLength: 200 }).map((raw) => raw.replaceAll('\0', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
        // The text stands in a here-document that expands nothing: only the session's own quoting is in its way.
        const steps = texts.map((one) => ({
          script: `cat <<'hlb-end-of-text'\n${one}\nhlb-end-of-text\n`,
          fatal: true,
        }));
        const result = await rig.session.run(steps);
        const outputs = result.ok
          ? result.value.map((it) => (it.status === 'done' ? Buffer.from(it.stdout).toString() : it.status))
          : result;
        expect(outputs).toEqual(texts.map((one) => `${Buffer.from(one).toString()}\n`));
      }),
      { numRuns: 60 },
    );
  });
});
