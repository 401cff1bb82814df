import { statSync } from 'node:fs';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { problem } from '../problem.ts';
import type { System } from '../system.ts';
import { standardStream } from './content.ts';
import { replaceFile } from './replace-file.ts';

export interface Written {
  /** The input that it was made of. */
  readonly name: string;
  readonly content: Uint8Array | string;
}

/** Writes each over the file that it came from, or to `output`. */
export function writeContents(
  contents: readonly Written[],
  { output, wipes }: { readonly output: string | undefined; readonly wipes: boolean },
  system: System,
): readonly Diagnostic[] {
  return contents.flatMap(({ name, content }) => {
    const to = output ?? name;
    if (to === standardStream) {
      system.out.write(content);
      return [];
    }
    try {
      replaceFile(to, content, { wipes: wipes && to === name });
      return [];
    } catch (error) {
      return [problem('cli/unwritable-file', `"${to}" cannot be written${codeOf(error)}`, helpFor(to))];
    }
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
}

function helpFor(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : 'The file is as it was';
}
