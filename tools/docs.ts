import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from '../src/cli/reference/generated.ts';

/** `npm run docs`: writes docs/reference and schemas anew, from the definitions. */
const root = process.cwd();
for (const folder of ['docs/reference', 'schemas']) rmSync(join(root, folder), { recursive: true, force: true });
for (const [path, text] of generatedFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
