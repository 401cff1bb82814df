import { type PlaceJson, placeJson } from '../../core/place-json.ts';
import { type Location, placeText } from '../../core/source.ts';
import { type Json, type JsonObject, toJson } from '../../core/value.ts';
import { written } from '../../vars/written.ts';
import type { Candidate, Scope } from '../../vars/scope.ts';
import type { Level } from '../../vars/term.ts';
import { valueOf } from '../../vars/value-of.ts';

/** A value that a name was given, and where. */
export interface Given {
  readonly level: Level;
  /** Such as `group web`. */
  readonly origin: string;
  readonly place: Location | undefined;
  /** As it stands there, templates as their text. */
  readonly written: Json | undefined;
}

export interface Explained {
  readonly name: string;
  /** Absent where it cannot be known, and why not. */
  readonly value: Json | undefined;
  readonly error: string | undefined;
  readonly from: Given;
  /** The strongest first. */
  readonly shadows: readonly Given[];
}

/** What a variable is and where its values come from; absent where nothing defines it. */
export function explain(name: string, scope: Scope): Explained | undefined {
  const [first, ...others] = scope.explain(name).map(given);
  if (first === undefined) return undefined;
  const outcome = valueOf(name, scope);
  const value = outcome?.kind === 'value' ? toJson(outcome.value) : undefined;
  const error = outcome?.kind === 'failed' ? outcome.error.message : undefined;
  return { name, value, error, from: first, shadows: others };
}

function given({ level, origin, at, term }: Candidate): Given {
  return { level, origin, place: at, written: term === undefined ? undefined : toJson(written(term)) };
}

export function explainedJson({ value, error, from, shadows }: Explained): JsonObject {
  return {
    ...(value === undefined ? {} : { value }),
    ...(error === undefined ? {} : { error }),
    ...givenJson(from),
    shadows: shadows.map(givenJson),
  };
}

function givenJson({ level, origin, place, written }: Given) {
  return {
    level,
    origin,
    ...(place === undefined ? {} : { place: { ...placeOf(place) } }),
    ...(written === undefined ? {} : { written }),
  };
}

function placeOf(place: Location): PlaceJson {
  return placeJson(place);
}

/** The value on the first line, then where it stands and what it hides. */
export function explainedText({ name, value, error, from, shadows }: Explained): readonly string[] {
  const shown =
    value === undefined ? `cannot be known: ${error ?? 'it is set while a play runs'}` : JSON.stringify(value);
  const isComputed = from.written !== undefined && JSON.stringify(from.written) !== JSON.stringify(value);
  return [
    `${name}: ${shown}`,
    ...(isComputed ? [`  written ${JSON.stringify(from.written)}`] : []),
    `  from ${sourceText(from)}`,
    ...shadows.map((one) => `  over ${JSON.stringify(one.written)} from ${sourceText(one)}`),
  ];
}

function sourceText({ origin, place }: Given): string {
  return place === undefined || place.source.text === '' ? origin : `${origin}, ${placeText(place)}`;
}
