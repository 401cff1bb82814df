import type { Command } from 'commander';
import { schemaText } from '../schema/schemas.ts';
import { schemaNames } from '../schema-names.ts';
import { commandsPage } from './commands-page.ts';
import { markdown } from './page.ts';
import { referencePages } from './pages.ts';

/** Every file of the repository that is made of definitions, by its path: `npm run docs` writes them. */
export function generatedFiles(program: Command): ReadonlyMap<string, string> {
  const pages = new Map([...referencePages(), ['commands', commandsPage(program)] as const]);
  return new Map([
    ...schemaNames.map((name) => [`schemas/${name}.json`, schemaText(name)] as const),
    ...[...pages].map(([path, page]) => [`docs/reference/${path}.md`, markdown(page)] as const),
  ]);
}
