import type { ApplyOptions } from '../../src/host/apply.ts';
import { compileChange } from '../../src/host/apply.ts';
import type { Change, ChangeOutcome } from '../../src/host/change.ts';
import type { Observation } from '../../src/host/observation.ts';
import type { Observed } from '../../src/host/observe.ts';
import { compileObservations } from '../../src/host/observe.ts';
import type { RunOptions, Shell } from './shells.ts';

/** Applies changes one after the other, as an engine does: what follows a failure is skipped. */
export async function apply(
  shell: Shell,
  changes: readonly Change[],
  options: ApplyOptions & RunOptions = {},
): Promise<readonly ChangeOutcome[]> {
  const compiled = changes.map((change) => compileChange(change, options));
  const results = await shell.run(
    compiled.map((one) => one.step),
    options,
  );
  return compiled.flatMap((one, index) => {
    const result = results[index];
    return result === undefined ? [] : [one.decode(result)];
  });
}

export async function observe(
  shell: Shell,
  observations: readonly Observation[],
  options: RunOptions = {},
): Promise<Observed> {
  const compiled = compileObservations(observations);
  return compiled.decode(await shell.run(compiled.steps, options));
}
