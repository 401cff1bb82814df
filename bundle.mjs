import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const bundle = resolve('dist/bundle/main.cjs');

const fitted = {
  name: 'fitted',
  setup(on) {
    // zod brings 64 languages of its own messages, 0.3 MB to read at each start; hlb writes its messages itself.
    on.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';" }));
    // The native part of ssh2 lies where npm built it, if it could.
    on.onResolve({ filter: /sshcrypto\.node$/ }, () => ({
      path: 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node',
      external: true,
    }));
  },
};

const common = { bundle: true, platform: 'node', target: 'node20', legalComments: 'none', logLevel: 'warning' };

await rm('dist/bundle', { recursive: true, force: true });

/**
 * The command line as one file, which bin/code-cache.js can keep compiled: loading some 500 small modules costs 0.25 s at
 * every start. As Node's older module system, since compiled code of the newer one can be neither kept nor given back.
 */
await build({
  ...common,
  entryPoints: ['dist/cli/bundle.js'],
  outfile: bundle,
  format: 'cjs',
  // Large and seldom needed, or native.
  external: ['zx', 'listr2', 'cpu-features'],
  plugins: [fitted],
  minifyWhitespace: true,
  minifySyntax: true,
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
});

// Characters of one byte each are read, kept and compiled in half the time.
const code = (await readFile(bundle, 'utf8')).replace(/[^\x00-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
// Compiled code that is kept is told by what it was made from.
await writeFile(bundle, `${code}//${createHash('sha256').update(code).digest('hex')}\n`);

await build({
  ...common,
  entryPoints: { 'own-module-hooks': 'dist/cli/own-modules/hooks.js' },
  outdir: 'dist/bundle',
  format: 'esm',
});

/** What a module beside a playbook imports is what the command line itself holds. */
const { moduleApi, zod } = createRequire(import.meta.url)(bundle);
const shared = (from, of) => {
  // Some names of zod, such as `catch`, are words of the language as well.
  const names = Object.keys(of).map((name, index) => ({ name, local: `_${index}` }));
  return [
    "import { createRequire } from 'node:module';",
    `const { ${from} } = createRequire(import.meta.url)('./main.cjs');`,
    `const { ${names.map(({ name, local }) => `${name}: ${local}`).join(', ')} } = ${from};`,
    `export { ${names.map(({ name, local }) => `${local} as ${name}`).join(', ')} };`,
    '',
  ].join('\n');
};
await writeFile('dist/bundle/own-module-api.js', shared('moduleApi', moduleApi));
await writeFile('dist/bundle/own-module-zod.js', shared('zod', zod));
