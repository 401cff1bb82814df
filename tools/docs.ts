import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createProgram } from '../src/cli/program.ts';
import { generatedFiles } from '../src/cli/reference/generated.ts';
import { createSystem } from '../src/cli/system.ts';

/** `npm run docs`: writes docs/reference and schemas anew, from the definitions. */
const root = process.cwd();
const program = createProgram(
  createSystem(process, (url) => import(url)),
  () => {},
);
for (const folder of ['docs/reference', 'schemas']) rmSync(join(root, folder), { recursive: true, force: true });
for (const [path, text] of generatedFiles(program)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
