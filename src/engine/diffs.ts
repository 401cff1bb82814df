import type { Diff } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { file } from '../host/ask.ts';
import type { Change } from '../host/change.ts';
import { diffOf } from '../host/describe.ts';
import { predict } from '../host/predict.ts';
import { nothingKnown, observe, seenIn } from './observing.ts';
import type { Planned } from './planning.ts';
import type { Shell } from './shell.ts';

/** Bigger files are not shown. */
const contentLimit = 100 * 1024;

/**
 * What each planned change would make different, with the old content fetched from the host in one round trip and the
 * earlier planned changes applied to it.
 */
export async function diffsOf(
  planned: readonly Planned[],
  shell: Shell,
): Promise<Result<ReadonlyMap<Change, readonly Diff[]>, Failure>> {
  const shown = planned.filter(({ call }) => call.context.diff).flatMap(({ plan }) => plan.changes);
  const before = (path: string): ReturnType<typeof file> => file(path, { follow: true, contentLimit });
  const paths = new Set(shown.flatMap((change) => (change.kind === 'write-file' ? [change.path] : [])));
  const facts = paths.size === 0 ? ok(nothingKnown) : await observe([...paths].map(before), shell);
  if (!facts.ok) return facts;
  const diffs = new Map<Change, readonly Diff[]>();
  let now = facts.value.facts;
  for (const { call, plan } of planned) {
    for (const change of plan.changes) {
      if (call.context.diff) {
        const fact = change.kind === 'write-file' ? seenIn(now).maybe(before(change.path)) : undefined;
        diffs.set(change, diffOf(change, fact));
      }
      now = predict(now, change);
    }
  }
  return ok(diffs);
}
