import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/**
 * Loads a file of Node's older module system with the compiled code that the last run of the same command left, which
 * halves the time to start. Node's own compile cache begins with Node 22, and lies where other users may write.
 */
export function loadKept(url, command = '') {
  const file = fileURLToPath(url);
  const source = readFileSync(file, 'latin1');
  const kept = placeOf(source, command);
  const cachedData = readOwn(kept.path);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const require = createRequire(file);
  const loaded = { exports: {} };
  // For the files beside it that want the same instance.
  require.cache[file] = loaded;
  script.runInThisContext()(loaded.exports, require, loaded, file, dirname(file));
  // Taken at the end, it holds what this command needed.
  if (cachedData === undefined || script.cachedDataRejected)
    process.once('exit', () => keep(kept, script.createCachedData()));
  return loaded.exports;
}

/** V8 looks at the length of the source alone: the sum at its end tells it from any other. */
function placeOf(source, command) {
  const dir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hlb', 'code');
  const version = `${source.slice(-17, -1)}-${process.version}-${process.arch}`;
  const name = /^[a-z]+$/.test(command) ? command : 'hlb';
  return { dir, version, path: join(dir, `${version}-${name}`) };
}

/** Compiled code is code: only what this user alone may have written is run. */
function readOwn(path) {
  try {
    const opened = openSync(path, 'r');
    try {
      const { uid, mode } = fstatSync(opened);
      return uid === process.getuid() && (mode & 0o022) === 0 ? readFileSync(opened) : undefined;
    } finally {
      closeSync(opened);
    }
  } catch {
    return undefined;
  }
}

/** Where it cannot be kept, the next run compiles again. */
function keep({ dir, version, path }, code) {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(dir)) if (!name.startsWith(version)) rmSync(join(dir, name));
    const writing = `${path}.${process.pid}`;
    writeFileSync(writing, code, { mode: 0o600, flag: 'wx' });
    renameSync(writing, path);
  } catch {
    // As said above.
  }
}
