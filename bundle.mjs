import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const englishOnly = {
  name: 'english-only',
  setup(on) {
    // zod brings 64 languages of its own messages, 0.3 MB to compile at each start; hlb writes its messages itself.
    on.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';" }));
  },
};

/** The command line and what it loads by name, as a few files: loading some 500 small ones costs 0.25 s at every start. */
await rm('dist/bundle', { recursive: true, force: true });
await build({
  entryPoints: {
    main: 'dist/cli/main.js',
    'own-module-hooks': 'dist/cli/own-modules/hooks.js',
    'own-module-api': 'dist/module/api.js',
    'own-module-zod': 'dist/cli/own-modules/zod.js',
  },
  outdir: 'dist/bundle',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // ssh2 has native parts; the others are large and seldom needed.
  external: ['ssh2', 'node-ssh', 'zx', 'listr2'],
  banner: { js: "import { createRequire as hlbRequire } from 'node:module'; const require = hlbRequire(import.meta.url);" },
  plugins: [englishOnly],
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
});
