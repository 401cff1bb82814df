import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { compileChange } from '../host/apply.ts';
import type { Change, ChangeOutcome } from '../host/change.ts';
import { describeChange } from '../host/describe.ts';
import { keepingOf } from '../host/keep.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import type { Kept, Shell } from './shell.ts';

/** Under it lies what a batch replaced, until the batch is verified. */
const keptUnder = '/var/lib/hlb/kept';

/**
 * Keeps on the host what the changes will replace, where a roll may have to be taken back. What cannot be is remembered by
 * name, for the person who then has to do it.
 */
export async function keepWhatIsReplaced(changes: readonly Change[], shell: Shell): Promise<Result<void, Failure>> {
  const { kept } = shell;
  if (kept === undefined) return ok(undefined);
  const found = changes.map((change) => {
    const place = `${keptUnder}/${shell.runId}/${shell.nextId()}`;
    return { change, keeping: keepingOf(change, place) };
  });
  const done = await send(
    found.flatMap(({ keeping }) => keeping?.keep ?? []),
    shell,
  );
  if (!done.ok) return done;
  for (const { change, keeping } of found) kept.push({ change, keeping, shell });
  return ok(undefined);
}

/** Of the changes that were kept from this index on. */
export function noteOutcomes({ kept }: Shell, from: number, outcomes: readonly ChangeOutcome[]): void {
  for (const [index, { status }] of outcomes.entries()) {
    const one = kept?.[from + index];
    if (one !== undefined) kept?.splice(from + index, 1, { ...one, outcome: status });
  }
}

/** What never began left nothing behind, and a transaction that failed has undone itself: a second time would undo what was before it. */
function leftSomething({ change, outcome }: Kept): boolean {
  if (outcome === 'skipped' || outcome === 'stale') return false;
  return change.kind !== 'transaction' || outcome !== 'failed';
}

/**
 * Takes back what a batch did on a host, the latest first, and says what could not be. False where something that was kept
 * could not be put back: the copies are then all that is left of it.
 */
export async function rollBack(host: HostState, batch: BatchContext): Promise<boolean> {
  const { clock, emit } = batch.play.run.options;
  const kept = (host.kept ?? []).filter(leftSomething);
  if (kept.length === 0) return true;
  const again = kept.flatMap(({ keeping, shell }) => (keeping?.again ?? []).map((change) => ({ change, shell })));
  const back = kept
    .toReversed()
    .flatMap(({ keeping, shell }) => (keeping?.restore ?? []).map((change) => ({ change, shell })));
  const failed: string[] = [];
  for (const { change, shell } of [...back, ...again]) {
    const done = await send([change], shell);
    const [outcome] = done.ok ? done.value : [];
    if (!done.ok || outcome?.status !== 'done')
      failed.push(`${describeChange(change)} (${done.ok ? reasonOf(outcome) : done.error.message})`);
  }
  const left = kept.flatMap(({ change, keeping }) => (keeping === undefined ? [describeChange(change)] : []));
  const message = [
    `Rolled back on ${host.name}: ${kept.length - left.length} of ${kept.length} changes`,
    ...(left.length === 0 ? [] : [`cannot be taken back: ${left.join('; ')}`]),
    ...(failed.length === 0 ? [] : [`failed to take back: ${failed.join('; ')}`, keptText(kept)]),
  ].join('; ');
  emit({ type: 'warning', at: clock.now(), message: batch.play.run.options.redactor.text(message) });
  return failed.length === 0;
}

function keptText(kept: readonly Kept[]): string {
  const places = new Set(kept.map(({ shell }) => `${keptUnder}/${shell.runId}`));
  return `what it replaced is kept under ${[...places].join(', ')}`;
}

/** Of a batch that is not taken back, and of which nothing was verified. */
export function leaveKept(host: HostState, why: string, batch: BatchContext): void {
  const { clock, emit } = batch.play.run.options;
  const kept = host.kept ?? [];
  if (kept.length === 0) return;
  emit({
    type: 'warning',
    at: clock.now(),
    message: `Not taken back on ${host.name}, ${why}: ${keptText(kept)}`,
  });
}

/** A batch that was verified needs nothing of what it replaced any more. */
export async function forgetKept(kept: readonly Kept[]): Promise<void> {
  for (const shell of new Set(kept.map((one) => one.shell))) {
    const session = await shell.session();
    // What stays behind does no harm: the next run has another place.
    if (session.ok) await session.value.run([{ script: `rm -rf ${keptUnder}/${shell.runId}`, fatal: false }]);
  }
}

async function send(changes: readonly Change[], shell: Shell): Promise<Result<readonly ChangeOutcome[], Failure>> {
  if (changes.length === 0) return ok([]);
  const compiled = changes.map((change) =>
    compileChange(change, { env: {}, uploaded: () => '', id: `${shell.runId}-${shell.nextId()}`, flush: 'later' }),
  );
  const session = await shell.session();
  if (!session.ok) return session;
  const results = await session.value.run(
    compiled.map((one) => one.step),
    { signal: shell.signal },
  );
  if (!results.ok) return results;
  return ok(compiled.map((one, index) => one.decode(results.value[index] ?? { status: 'skipped' })));
}

function reasonOf(outcome: ChangeOutcome | undefined): string {
  return outcome?.status === 'failed' ? outcome.stderr.trim() || `exit code ${outcome.code}` : 'not done';
}
