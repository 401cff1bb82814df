import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explanations } from '../../../src/cli/explanations.ts';

const root = join(import.meta.dirname, '../../..');
/** What a case expects: not its input, and not the tests that only list codes. */
const expectations = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter(
  (path) => /(\.test\.ts|expected\.txt|-cases\.ts)$/.test(path) && !/(explanations|codes-raised)\.test\.ts$/.test(path),
);

/** No case makes a machine such that these are raised. */
const onRealMachines: Readonly<Record<string, string>> = {
  'lab/image-gone': 'a lab of real hosts whose image was removed',
  'lab/no-vagrant': 'a machine without Vagrant; one that has it would start virtual machines',
  'lab/not-built': 'a package whose dist/ was removed',
  'lab/not-removed': 'a process in uninterruptible sleep, or a mount that stays busy',
};

describe('Every stable code', () => {
  const wanted = new Set(
    expectations.flatMap((path) =>
      // In a regular expression the slash is escaped.
      [
        ...readFileSync(join(root, 'test', path), 'utf8')
          .replaceAll('\\/', '/')
          .matchAll(/\b[a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*/g),
      ].map(([code]) => code),
    ),
  );

  it('is what some case expects', () => {
    const missing = [...explanations().keys()].filter((code) => !wanted.has(code));
    expect(missing).toEqual(Object.keys(onRealMachines));
  });

  it('is raised somewhere', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/(^|\/)codes(-\w+)?\.ts$/.test(path))
      .map((path) => readFileSync(join(root, 'src', path), 'utf8'))
      .join('\n');
    const isRaised = (code: string): boolean =>
      sources.includes(`'${code}'`) ||
      // Some are put together, as in `expr/unknown-${kind}` and problem('bad-name').
      sources.includes(`'${code.slice(code.indexOf('/') + 1)}'`) ||
      /^expr\/unknown-(filter|test|lookup)$/.test(code);
    expect([...explanations().keys()].filter((code) => !isRaised(code))).toEqual([]);
  });
});
