import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const fitted = {
  name: 'fitted',
  setup(on) {
    // zod brings 64 languages of its own messages, 0.3 MB to read at each start; hlb writes its messages itself.
    on.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';" }));
    // Agents for Node's HTTP client, which hlb has no use for, ask for all of HTTP and TLS.
    on.onLoad({ filter: /ssh2\/lib\/http-agents\.js$/ }, () => ({ contents: 'module.exports = {};' }));
    // The native part of ssh2 lies where npm built it, if it could.
    on.onResolve({ filter: /sshcrypto\.node$/ }, () => ({
      path: 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node',
      external: true,
    }));
  },
};

const common = { bundle: true, platform: 'node', target: 'node20', legalComments: 'none', logLevel: 'warning' };

/** As Node's older module system, since compiled code of the newer one can be neither kept nor given back. */
const kept = {
  ...common,
  format: 'cjs',
  write: false,
  // Large and seldom needed, or native.
  external: ['zx', 'listr2', 'cpu-features'],
  minifyWhitespace: true,
  minifySyntax: true,
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** What a command imports when it runs: in the other file, by its path. */
const parts = new Set(['dist/module/api.js', 'node_modules/zod/index.js']);
const later = {
  name: 'later',
  setup(on) {
    on.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const part = relative('.', resolve(resolveDir, path));
      parts.add(part);
      return { path: part, namespace: 'later' };
    });
    on.onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
      contents: `module.exports = require('./work.cjs')[${JSON.stringify(path)}]();`,
    }));
    on.onResolve({ filter: /^\.\/work\.cjs$/, namespace: 'later' }, ({ path }) => ({ path, external: true }));
  },
};

/**
 * The modules and guards that hlb brings, each made when something of it but its names is first asked for: a play names few,
 * and the schemas of all take longer to make than a play takes to read.
 */
const deferred = {
  name: 'deferred',
  setup(on) {
    on.onResolve({ filter: /^\.\/\w+\.js$/ }, ({ importer, path, resolveDir }) =>
      /dist\/(modules|guards)\/registry\.js$/.test(importer)
        ? { path: resolve(resolveDir, path), namespace: 'deferred' }
        : undefined,
    );
    on.onLoad({ filter: /./, namespace: 'deferred' }, async ({ path }) => {
      // An empty list, as asking for one that is not there would make the module.
      const { name, aliases = [] } = (await import(pathToFileURL(path))).default;
      const contents = `
        const known = ${JSON.stringify({ name, aliases })};
        let isWhole = false;
        const whole = () => {
          if (!isWhole) Object.assign(known, require(${JSON.stringify(path)}).default);
          isWhole = true;
          return known;
        };
        export default new Proxy(known, {
          get: (_, key) => known[key] ?? whole()[key],
          has: (_, key) => key in whole(),
          ownKeys: () => Reflect.ownKeys(whole()),
          getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(whole(), key),
        });`;
      return { contents, resolveDir: dirname(path) };
    });
  },
};

/** Characters of one byte each are read, kept and compiled in half the time. */
const ascii = ({ outputFiles: [file] }) =>
  file.text.replace(/[^\x00-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * The command line as two files, which bin/code-cache.js can keep compiled: loading some 500 small modules costs 0.25 s at
 * every start. The first is enough for help and version; the second is the work of all commands.
 */
const main = ascii(await build({ ...kept, entryPoints: ['dist/cli/main.js'], plugins: [fitted, later] }));
const listed = [...parts].map((part) => `exports[${JSON.stringify(part)}] = () => require('./${part}');`).join('\n');
const work = ascii(await build({ ...kept, stdin: { contents: listed, resolveDir: '.' }, plugins: [fitted, deferred] }));
const sum = createHash('sha256').update(main).update(work).digest('hex');

await rm('dist/bundle', { recursive: true, force: true });
await mkdir('dist/bundle', { recursive: true });
// Compiled code that is kept is told by what it was made from.
await writeFile('dist/bundle/main.cjs', `${main}//${sum}\n`);
await writeFile('dist/bundle/work.cjs', `${work}//${sum}\n`);

await build({
  ...common,
  entryPoints: { 'own-module-hooks': 'dist/cli/own-modules/hooks.js' },
  outdir: 'dist/bundle',
  format: 'esm',
});

/**
 * What a module beside a playbook imports is the very instance that the command line holds, as schemas of one zod know the
 * fields of the same.
 */
const shared = (part) => {
  const of = createRequire(import.meta.url)('./dist/bundle/work.cjs')[part]();
  // Some names of zod, such as `catch`, are words of the language as well.
  const names = Object.keys(of).map((name, index) => ({ name, local: `_${index}` }));
  return [
    "import { createRequire } from 'node:module';",
    `const part = createRequire(import.meta.url)('./work.cjs')[${JSON.stringify(part)}]();`,
    `const { ${names.map(({ name, local }) => `${name}: ${local}`).join(', ')} } = part;`,
    `export { ${names.map(({ name, local }) => `${local} as ${name}`).join(', ')} };`,
    '',
  ].join('\n');
};
await writeFile('dist/bundle/own-module-api.js', shared('dist/module/api.js'));
await writeFile('dist/bundle/own-module-zod.js', shared('node_modules/zod/index.js'));
