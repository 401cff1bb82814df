import { placeJson } from '../../core/place-json.ts';
import { placeText } from '../../core/source.ts';
import type { JsonObject } from '../../core/value.ts';
import { type SetByRun, wouldBeFact } from '../../playbook/check/set-by-run.ts';
import type { Scope } from '../../vars/scope.ts';
import type { PlaySetting } from './play-setting.ts';

/** What of a variable only a run can say. */
export interface KnownInRun {
  readonly name: string;
  /** It has a value before, which a run may replace. */
  readonly isDefined: boolean;
  readonly isFact: boolean;
  readonly places: readonly SetByRun[];
}

/** Absent where a run adds nothing to what is known. */
export function knownInRun(name: string, scope: Scope, setting: PlaySetting | undefined): KnownInRun | undefined {
  const places = setting?.setByRun(name) ?? [];
  const isDefined = scope.explain(name).length > 0;
  const isFact = !isDefined && wouldBeFact(name);
  const isSet = places.some((one) => !one.perhaps);
  if (!isSet && !isFact && (isDefined || places.length === 0)) return undefined;
  return { name, isDefined, isFact, places };
}

export function inRunText({ name, isDefined, isFact, places }: KnownInRun): string {
  const isSet = places.some((one) => !one.perhaps);
  const head = isDefined
    ? '  a run sets it anew:'
    : isFact && !isSet
      ? `${name}: a fact, which only the host knows; "hlb facts" asks it`
      : isSet
        ? `${name}: known only while a play runs`
        : `${name}: nothing that is known before a run defines it; these may:`;
  const lines = places.map((one) => `  ${one.perhaps ? 'perhaps ' : ''}${one.how}, ${placeText(one.at)}`);
  return [head, ...lines].map((line) => `${line}\n`).join('');
}

export function inRunJson({ isFact, places }: KnownInRun): JsonObject {
  return {
    ...(isFact ? { fact: true } : {}),
    whileRunning: places.map(({ how, at, perhaps }) => ({ how, perhaps, place: { ...placeJson(at) } })),
  };
}
