import { defineTest, type Test } from '../define.ts';
import { isTruthy } from '../runtime/compare.ts';
import { fail } from '../runtime/failure.ts';
import { known } from '../runtime/force.ts';
import { typeName } from '../runtime/type-name.ts';
import { type Dict, isDict, isList, type Val } from '../runtime/value.ts';

/** Tests of what `register` holds. */
export const resultTests: readonly Test[] = [
  of('failed', ['failure'], 'Whether the task failed', (result) => flag(result, 'failed')),
  of('success', ['succeeded', 'successful'], 'Whether the task did not fail', (result) => !flag(result, 'failed')),
  of('changed', ['change'], 'Whether the task, or one of its items, changed something', changed),
  of('skipped', ['skip'], 'Whether the task was skipped', (result) => flag(result, 'skipped')),
  of('unreachable', [], 'Whether the host could not be reached', (result) => flag(result, 'unreachable')),
  of('reachable', [], 'Whether the host could be reached', (result) => !flag(result, 'unreachable')),
  of(
    'started',
    [],
    'Whether an asynchronous task has started',
    (result) => !result.has('started') || flag(result, 'started'),
  ),
  of(
    'finished',
    [],
    'Whether an asynchronous task has ended',
    (result) => !result.has('finished') || flag(result, 'finished'),
  ),
  of('timedout', [], 'Whether the task ran out of time', timedOut),
];

function of(name: string, aliases: readonly string[], summary: string, holds: (result: Dict) => boolean): Test {
  return defineTest({
    name,
    aliases,
    summary,
    run(value) {
      const result = known(value);
      return isDict(result)
        ? holds(result)
        : fail('type', `The test "${name}" needs the result of a task, not ${typeName(result)}`);
    },
  });
}

function flag(result: Dict, name: string): boolean {
  return isTruthy(result.get(name) ?? false);
}

function changed(result: Dict): boolean {
  if (result.has('changed')) return flag(result, 'changed');
  const items: Val = known(result.get('results'));
  return isList(items) && items.some((item) => isChanged(known(item)));
}

function isChanged(item: Val): boolean {
  return isDict(item) && flag(item, 'changed');
}

function timedOut(result: Dict): boolean {
  const limit = known(result.get('timedout'));
  return isDict(limit) && flag(limit, 'period');
}
