import { schemaText } from '../schema/schemas.ts';
import { schemaNames } from '../schema-names.ts';

/** Every file of the repository that is made of definitions, by its path: `npm run docs` writes them. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map(schemaNames.map((name) => [`schemas/${name}.json`, schemaText(name)]));
}
