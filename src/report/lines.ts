import { painter } from '../core/paint.ts';
import { createPrinter } from './printer.ts';
import type { View } from './view.ts';

export interface LinesOptions {
  readonly write: (text: string) => void;
  readonly color: boolean;
  /** How many `-v` were given. */
  readonly verbosity: number;
}

/** The plain report, for CI and logs: each event is written when it comes, and nothing is ever redrawn. */
export function createLinesView({ write, color, verbosity }: LinesOptions): View {
  const printer = createPrinter({ paint: painter(color), verbosity, quiet: false });
  return {
    emit: (event) => {
      const lines = printer.lines(event);
      if (lines.length > 0) write(`${lines.join('\n')}\n`);
    },
    suspend: async () => {},
    resume: () => {},
    end: async () => {},
  };
}
