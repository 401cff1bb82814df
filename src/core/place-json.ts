import { type Location, positionOf } from './source.ts';

/** A place as other programs read it: lines and columns from 1, the end exclusive. */
export interface PlaceJson {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function placeJson(at: Location): PlaceJson {
  const start = positionOf(at.source, at.start);
  const end = positionOf(at.source, Math.max(at.start, at.end));
  return { path: at.source.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
