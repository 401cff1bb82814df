import { readFile } from 'node:fs/promises';
import type { LoadHook, ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transform } from 'sucrase';

/** How Node is to load modules beside a playbook. Runs in the thread that Node keeps for such hooks. */

/** What a module may import by name, wherever it lies; the files stand beside this one in the bundle. */
const own = new Map([
  ['hlb/module', 'own-module-api.js'],
  ['zod', 'own-module-zod.js'],
]);

export const resolve: ResolveHook = async (specifier, context, next) => {
  const file = own.get(specifier);
  if (file === undefined) return next(specifier, context);
  return { url: new URL(file, import.meta.url).href, format: 'module', shortCircuit: true };
};

/** Types are taken out line by line, so that a line of an error is the line of the file. */
export const load: LoadHook = async (url, context, next) => {
  if (!/^file:.*\.m?ts$/.test(url)) return next(url, context);
  const filePath = fileURLToPath(url);
  const { code } = transform(await readFile(filePath, 'utf8'), {
    transforms: ['typescript'],
    disableESTransforms: true,
    keepUnusedImports: true,
    filePath,
  });
  return { format: 'module', source: code, shortCircuit: true };
};
