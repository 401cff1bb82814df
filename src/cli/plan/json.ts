import { placeText } from '../../core/source.ts';
import type { JsonObject } from '../../core/value.ts';
import type { Judged } from '../../engine/guarding.ts';
import type { PaperRoll } from '../../engine/rehearsal.ts';

/** The stable shape of `hlb plan --json` (docs/guide/plan.md); fields may be added, none is renamed. */
export function planJson(rolls: readonly PaperRoll[]): JsonObject {
  return { refused: rolls.some((roll) => roll.refused), rolls: rolls.map(rollJson) };
}

function rollJson(roll: PaperRoll): JsonObject {
  return {
    name: roll.name,
    place: placeText(roll.place),
    hosts: [...roll.hosts],
    asked: roll.asked.map((batch) => [...batch]),
    guards: [...roll.guards],
    max_failed: roll.maxFailed,
    begin: roll.begin.map(judgedJson),
    batches: roll.batches.map((batch) => ({
      hosts: [...batch.hosts],
      asked: batch.asked,
      note: batch.note ?? null,
      refused: batch.refused,
      work: batch.work.map(({ host, disrupts, lists }) => ({
        host,
        disrupts: [...disrupts],
        lists: lists.map((list) => (list === 'unknown' ? list : [...list])),
      })),
      guards: batch.judged.map(judgedJson),
    })),
    refused: roll.refused,
    untouched: [...roll.untouched],
    would_stop: roll.stoppings.map(({ failure, batches, guard, message, done, untouched }) => ({
      failure: failure.kind,
      host: failure.host,
      before_batches: batches.map((index) => index + 1),
      guard,
      message,
      done: [...done],
      untouched: [...untouched],
    })),
  };
}

function judgedJson({ guard, verdict, message, numbers }: Judged): JsonObject {
  return { guard, verdict, message, numbers };
}
