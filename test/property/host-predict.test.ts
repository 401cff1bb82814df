import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { directory, file, glob } from '../../src/host/ask.ts';
import type { Change } from '../../src/host/change.ts';
import { contentOf } from '../../src/host/content.ts';
import type { Facts } from '../../src/host/facts.ts';
import { factOf } from '../../src/host/facts.ts';
import type { FileFact, Observation } from '../../src/host/observation.ts';
import { predict } from '../../src/host/predict.ts';
import { apply, observe } from '../rig/apply.ts';
import { shellRig } from '../rig/shells.ts';

const rig = shellRig();
const root = mkdtempSync(join(tmpdir(), 'hlb-predict-'));
afterAll(() => {
  rig.dispose();
  rmSync(root, { recursive: true, force: true });
});
const isRoot = process.getuid?.() === 0;

const names = ['a', 'b', 'a/x', 'a/y', 'b/x', 'l', 'l/x', 'a/x/deep', 'b/x/deep/er'] as const;
const name = fc.constantFrom(...names);
const mode = fc.constantFrom(0o644, 0o600, 0o755, 0o2755, 0o700, 0o4711, 0o1777, 0o664);
const account = isRoot ? fc.constantFrom('root', '0', 'daemon', '12', '4321') : fc.constant(String(process.getuid?.()));
const attributes = fc.record({ mode, owner: account, group: account }, { requiredKeys: [] });
const text = fc.constantFrom('', 'one\n', 'two', 'caf\u00e9');

type Start = readonly {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly mode: number;
  readonly target: string;
}[];
const start: fc.Arbitrary<Start> = fc.array(
  fc.record({
    path: name,
    kind: fc.constantFrom('file', 'directory', 'link'),
    mode,
    target: fc.constantFrom('a', 'b', 'a/x', 'nowhere', '../b'),
  }),
  { maxLength: 6 },
);

type Draft = (at: (path: string) => string) => Change;
const draft: fc.Arbitrary<Draft> = fc.oneof(
  fc.tuple(name, text, attributes, fc.boolean()).map(
    ([path, content, dress, follow]): Draft =>
      (at) => ({
        kind: 'write-file',
        path: at(path),
        content: contentOf(content),
        backup: false,
        follow,
        ...dress,
      }),
  ),
  fc.tuple(name, attributes, fc.boolean()).map(
    ([path, dress, parents]): Draft =>
      (at) => ({
        kind: 'make-directory',
        path: at(path),
        parents,
        ...dress,
      }),
  ),
  fc.tuple(name, attributes, fc.boolean(), fc.boolean()).map(
    ([path, dress, recursive, follow]): Draft =>
      (at) => ({
        kind: 'set-attributes',
        path: at(path),
        recursive,
        follow,
        ...dress,
      }),
  ),
  fc.tuple(name, fc.constantFrom('a', 'b/x', 'gone', '..'), fc.boolean()).map(
    ([path, target, force]): Draft =>
      (at) => ({
        kind: 'make-link',
        path: at(path),
        target,
        hard: false,
        force,
      }),
  ),
  fc.tuple(name, fc.boolean()).map(
    ([path, recursive]): Draft =>
      (at) => ({ kind: 'remove', path: at(path), recursive }),
  ),
  fc.tuple(name, name).map(
    ([from, to]): Draft =>
      (at) => ({ kind: 'rename', from: at(from), to: at(to) }),
  ),
  fc.tuple(name, name, attributes).map(
    ([from, to, dress]): Draft =>
      (at) => ({
        kind: 'copy-path',
        from: at(from),
        to: at(to),
        recursive: true,
        backup: false,
        ...dress,
      }),
  ),
  fc.tuple(name, attributes, fc.constantFrom('now' as const, 'preserve' as const, 1_000_000_000)).map(
    ([path, dress, time]): Draft =>
      (at) => ({
        kind: 'touch',
        path: at(path),
        mtime: time,
        atime: time,
        ...dress,
      }),
  ),
  name.map(
    (path): Draft =>
      (at) => ({
        kind: 'run',
        command: { argv: ['touch', at(path)] },
        env: {},
        detach: false,
        touches: [`file:${at(path)}`],
      }),
  ),
);

const change = draft.map((one) =>
  Object.assign(one, { [fc.toStringMethod]: () => JSON.stringify(one((path) => path)) }),
);

function make(folder: string, entries: Start): void {
  for (const entry of entries) {
    const path = join(folder, entry.path);
    try {
      if (entry.kind === 'directory') mkdirSync(path);
      if (entry.kind === 'file') writeFileSync(path, entry.target);
      if (entry.kind === 'link') symlinkSync(entry.target, path);
      if (entry.kind !== 'link') chmodSync(path, entry.mode);
    } catch {
      // What is not possible here is left out.
    }
  }
}

function questions(folder: string): readonly Observation[] {
  return [
    ...names.flatMap((path) => [
      file(join(folder, path), { hashes: ['sha1', 'sha256'], contentLimit: 100 }),
      file(join(folder, path), { follow: true }),
      file(join(folder, path), { exact: true }),
    ]),
    directory(folder),
    directory(join(folder, 'a')),
    glob(`${folder}/*`),
    glob(`${folder}/a/*`),
  ];
}

/** What a prediction claims to know of a file. */
function claim(fact: FileFact): object {
  if (!fact.exists) return { exists: false, parentMissing: fact.parentMissing };
  const { type, mode: bits, uid, gid, owner, group, target, hashes, content } = fact;
  return {
    type,
    mode: bits,
    uid,
    gid,
    owner,
    group,
    target,
    hashes,
    content: content === undefined ? undefined : Buffer.from(content).toString('latin1'),
    size: type === 'directory' ? undefined : fact.size,
  };
}

function compare(predicted: Facts, real: Facts): void {
  for (const [key, known] of predicted) {
    const seen = real.get(key);
    if (known.fact === undefined || known.observation.kind === 'identity' || seen?.fact === undefined) continue;
    const { observation } = known;
    if (observation.kind !== 'file') {
      expect([key, known.fact]).toEqual([key, seen.fact]);
      continue;
    }
    const one = factOf(predicted, observation);
    const other = factOf(real, observation);
    if (one === undefined || other === undefined) throw new Error(key);
    expect([key, claim(one)]).toEqual([key, claim(other)]);
    inherited(key, one, other);
  }
}

/** What something new would inherit, as far as it is told. */
function inherited(key: string, one: FileFact, other: FileFact): void {
  if (one.exists || other.exists || one.parent === undefined || other.parent === undefined) return;
  const rule = ({ mode: bits, gid }: { readonly mode: number; readonly gid: number }) => (bits & 0o2000) !== 0 && gid;
  expect([key, rule(one.parent)]).toEqual([key, rule(other.parent)]);
}

describe.each(rig.shells.filter((shell) => shell.name !== 'bash'))('predictions, against $name', (shell) => {
  it('are what is seen after the changes, wherever they claim to know', async () => {
    let known = 0;
    let total = 0;
    await fc.assert(
      fc.asyncProperty(start, fc.array(change, { minLength: 1, maxLength: 4 }), async (entries, makers) => {
        const folder = join(mkdtempSync(join(root, 'case-')), 'in');
        mkdirSync(folder);
        make(folder, entries);
        const asked = questions(folder);
        let facts = (await observe(shell, asked)).facts;
        for (const maker of makers) {
          const next = maker((path) => join(folder, path));
          const predicted = predict(facts, next);
          const [outcome] = await apply(shell, [next], { flush: 'later' });
          if (outcome?.status !== 'done') break;
          compare(predicted, (await observe(shell, asked)).facts);
          facts = predicted;
          known += [...facts.values()].filter((one) => one.fact !== undefined).length;
          total += facts.size;
        }
        rmSync(folder, { recursive: true, force: true });
      }),
      { numRuns: 80 },
    );
    // A prediction that knows nothing is right too, and worth nothing.
    expect(known / total).toBeGreaterThan(0.6);
  });
});
