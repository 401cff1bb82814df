import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { compileChange, compileFlush } from '../host/apply.ts';
import type { Change, ChangeOutcome } from '../host/change.ts';
import { describeChange } from '../host/describe.ts';
import type { Call } from './call.ts';
import { rebootHost } from './reboot.ts';
import { keepWhatIsReplaced, noteOutcomes } from './rollback.ts';
import type { Shell } from './shell.ts';

export interface Work {
  readonly call: Call;
  readonly changes: readonly Change[];
}

/** Journals the intent, uploads what is big, then sends every change in one round trip. Outcomes by call, in order. */
export async function applyChanges(
  work: readonly Work[],
  shell: Shell,
): Promise<Result<readonly (readonly ChangeOutcome[])[], Failure>> {
  const all = work.flatMap(({ call, changes }) =>
    changes.map((change, index) => ({ call, change, last: index === changes.length - 1 })),
  );
  if (all.length === 0) return ok(work.map(() => []));
  await shell.intend(all.map(({ call, change }) => ({ call, summary: describeChange(change) })));
  const keptBefore = shell.kept?.length ?? 0;
  const saved = await keepWhatIsReplaced(
    all.map(({ change }) => change),
    shell,
  );
  if (!saved.ok) return saved;
  const reboot = all.find(({ change }) => change.kind === 'reboot')?.change;
  if (reboot?.kind === 'reboot') {
    const outcome = await rebootHost(reboot, shell);
    return outcome.ok ? ok(work.map(({ changes }) => changes.map(() => outcome.value))) : outcome;
  }
  const uploads = await upload(
    all.map(({ change }) => change),
    shell,
  );
  if (!uploads.ok) return uploads;
  const compiled = all.map(({ call, change, last }) => {
    const one = compileChange(change, {
      env: call.environment,
      uploaded: (sha256) => uploads.value.get(sha256) ?? '',
      id: `${shell.runId}-${shell.nextId()}`,
      flush: 'later',
    });
    // The last change of a call may fail without stopping what comes after; the others guard the rest of their own call.
    const fatal = !(last && (call.ignoreErrors || call.item !== undefined));
    const timeoutMs = call.timeoutMs ?? one.step.timeoutMs;
    return { ...one, step: { ...one.step, fatal, ...(timeoutMs === undefined ? {} : { timeoutMs }) } };
  });
  const session = await shell.session();
  if (!session.ok) return session;
  const flush = compileFlush(all.map(({ change }) => change));
  const results = await session.value.run(
    [...compiled.map((one) => one.step), ...(flush === undefined ? [] : [flush])],
    { signal: shell.signal },
  );
  if (!results.ok) return results;
  const outcomes = compiled.map((one, index) => one.decode(results.value[index] ?? { status: 'skipped' }));
  noteOutcomes(shell, keptBefore, outcomes);
  let at = 0;
  return ok(
    work.map(({ changes }) => {
      const own = outcomes.slice(at, at + changes.length);
      at += changes.length;
      return own;
    }),
  );
}

/** Big contents go first, each once, to temporary names on the host. */
async function upload(changes: readonly Change[], shell: Shell): Promise<Result<ReadonlyMap<string, string>, Failure>> {
  const paths = new Map<string, string>();
  for (const change of changes.flatMap(flatten)) {
    if (change.kind !== 'write-file' || change.content.kind !== 'handle' || paths.has(change.content.sha256)) continue;
    const path = `/tmp/.hlb-${shell.runId}-${change.content.sha256.slice(0, 16)}`;
    const connection = await shell.connection();
    if (!connection.ok) return connection;
    const sent = await connection.value.upload(
      { localPath: change.content.localPath },
      path,
      shell.signal,
      await shell.become(),
    );
    if (!sent.ok) return sent;
    paths.set(change.content.sha256, path);
  }
  return ok(paths);
}

function flatten(change: Change): readonly Change[] {
  return change.kind === 'transaction' ? change.do.flatMap(flatten) : [change];
}
