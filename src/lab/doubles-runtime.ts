import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runtimeDir } from './doubles/name.ts';
import { librariesOf } from './libraries.ts';
import { withLock } from './lock.ts';
import type { LabPlaces } from './places.ts';
import { problem } from './problem.ts';
import { pruneCache } from './prune.ts'; // from './problem.ts';

/** The doubles that are commands of a host; those of the control plane are images. */
export const doubleCommands = ['kubelet', 'kubeadm', 'kubectl', 'crictl'] as const;

function newest(dir: string): number {
  return Math.max(0, ...readdirSync(dir).map((name) => statSync(join(dir, name)).mtimeMs));
}

/** The compiled doubles: beside this file when it is compiled itself, otherwise in dist, which must be up to date. */
function compiledDoubles(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const own = join(here, 'doubles');
  if (existsSync(join(own, 'kubelet.js'))) return own;
  // From a bundle or from source: both two levels below the package.
  const built = join(here, '../../dist/lab/doubles');
  const isCurrent = (): boolean => !existsSync(own) || newest(built) >= newest(own);
  if (existsSync(join(built, 'kubelet.js')) && isCurrent()) return built;
  throw problem(
    'lab/not-built',
    `Expected the compiled test doubles in "${built}", but they are missing or older than their source`,
    'Run "npm run build" first',
  );
}

/**
 * What hosts find at /opt/hlb-doubles: the compiled doubles and this very Node with its libraries and loader, so that
 * they run on any host and the host itself has no Node.
 */
export async function doublesRuntime(places: LabPlaces): Promise<string> {
  const scripts = compiledDoubles();
  const node = realpathSync(process.execPath);
  const yaml = dirname(createRequire(import.meta.url).resolve('yaml/package.json'));
  const names = readdirSync(scripts).filter((name) => name.endsWith('.js'));
  const hash = createHash('sha256').update(`${process.version} ${node} ${statSync(node).mtimeMs} ${yaml}`);
  for (const name of names) hash.update(name).update(readFileSync(join(scripts, name)));
  const runtime = join(places.cache, `doubles-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(runtime)) return runtime;
  return withLock(`${runtime}.lock`, async () => {
    if (existsSync(runtime)) return runtime;
    const building = `${runtime}.building`;
    rmSync(building, { recursive: true, force: true });
    for (const dir of ['bin', 'lib', 'js/node_modules']) mkdirSync(join(building, dir), { recursive: true });
    copyFileSync(node, join(building, 'bin/node'));
    const libraries = await librariesOf('/', node);
    for (const library of libraries) copyFileSync(realpathSync(library), join(building, 'lib', basename(library)));
    for (const name of readdirSync(join(building, 'lib'))) chmodSync(join(building, 'lib', name), 0o755);
    for (const name of names) copyFileSync(join(scripts, name), join(building, 'js', name));
    cpSync(yaml, join(building, 'js/node_modules/yaml'), { recursive: true });
    writeFileSync(join(building, 'js/package.json'), '{"type":"module"}\n');
    const loader = basename(libraries.at(-1) ?? '');
    for (const command of doubleCommands) {
      writeFileSync(
        join(building, 'bin', command),
        `#!/bin/sh
# hlb test double of ${command}
exec ${runtimeDir}/lib/${loader} --argv0 ${command} --library-path ${runtimeDir}/lib ${runtimeDir}/bin/node --max-semi-space-size=1 ${runtimeDir}/js/${command}.js "$@"
`,
        { mode: 0o755 },
      );
    }
    renameSync(building, runtime);
    // Labs hold links to its files, so that an hour is long enough for who is just taking them.
    pruneCache(places.cache, 'doubles-', runtime, 3_600_000);
    return runtime;
  });
}
