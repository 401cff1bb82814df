import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Case } from './case.ts';

/** A case with the sentence that its file is named after. */
export interface NamedCase {
  readonly name: string;
  readonly data: Case;
}

/** The cases of a folder, one a `.yml` file. Throws with the file's name where one is no case. */
export function readCases(folder: string): readonly NamedCase[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
  return files.sort().map((file) => {
    const read = Case.safeParse(parse(readFileSync(join(folder, file), 'utf8')));
    if (read.success) return { name: file.slice(0, -'.yml'.length).replaceAll('-', ' '), data: read.data };
    const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`${join(folder, file)} is no case: ${problems.join('; ')}`);
  });
}
