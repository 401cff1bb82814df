import type { Event } from '../core/events.ts';
import { placeJson } from '../core/place-json.ts';
import type { Location } from '../core/source.ts';
import type { View } from './view.ts';

/** `--json`: each event as one line of JSON. Places are `{path, line, column, endLine, endColumn}`. */
export function createNdjsonView(write: (text: string) => void): View {
  return {
    emit: (event) => write(`${eventJson(event)}\n`),
    suspend: async () => {},
    resume: () => {},
    end: async () => {},
  };
}

export function eventJson(event: Event): string {
  return JSON.stringify(event, (_key, value: unknown) => (isLocation(value) ? placeJson(value) : value));
}

/** Told apart by its source, which no result of a host has beside two offsets. */
function isLocation(value: unknown): value is Location {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    'start' in value &&
    'end' in value &&
    typeof value.start === 'number' &&
    typeof value.end === 'number' &&
    typeof value.source === 'object' &&
    value.source !== null &&
    'path' in value.source &&
    'text' in value.source
  );
}
