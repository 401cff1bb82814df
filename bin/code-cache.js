const { createHash } = require('node:crypto');
const {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { createRequire } = require('node:module');
const { homedir } = require('node:os');
const { basename, dirname, isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');

module.exports = { loadKept };

/**
 * Loads a file of Node's older module system, and those beside it that it asks for, with the compiled code that an earlier
 * run of the same command left, which halves the time to start. Node's own compile cache begins with Node 22, and lies
 * where other users may write.
 */
function loadKept(file, command = '') {
  const nodeRequire = createRequire(file);
  const known = nodeRequire.cache[file];
  if (known !== undefined) return known.exports;
  const source = readFileSync(file, 'latin1');
  // V8 looks at the length of the source alone: the sum at its end tells it from any other.
  const sum = source.slice(-17, -1);
  const name = `${sum}-${process.version}-${process.arch}-${commands.has(command) ? command : 'hlb'}-${basename(file, '.cjs')}`;
  const dir = ownFolder();
  const cachedData = dir === undefined ? undefined : readSound(join(dir, name));
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const loaded = { exports: {} };
  // Modules beside a playbook find the same instance there.
  nodeRequire.cache[file] = loaded;
  const requireBeside = (path) =>
    path.startsWith('./') ? loadKept(join(dirname(file), path), command) : nodeRequire(path);
  script.runInThisContext()(loaded.exports, requireBeside, loaded, file, dirname(file));
  // Taken at the end, it holds what this command needed.
  if (dir !== undefined && (cachedData === undefined || script.cachedDataRejected))
    process.once('exit', () => keep(dir, name, script.createCachedData()));
  return loaded.exports;
}

/** Those that need more than the first file; each keeps what it needs. */
const commands = new Set(
  'play plan status check inventory run ping facts vars vault lab schema doc explain completion'.split(' '),
);

const form = /^[0-9a-f]{16}-v[\d.]+[^-]*-\w+-[a-z]+-(main|work)(\.\d+)?$/;
const monthMs = 30 * 24 * 3600 * 1000;

/** The folder for it, made if need be; undefined where it cannot be had, or where somebody else could write. */
function ownFolder() {
  try {
    const given = process.env.XDG_CACHE_HOME ?? '';
    const home = homedir();
    // Debian's users without a home have "/nonexistent", which must stay so.
    if (!isAbsolute(given) && !statSync(home).isDirectory()) return undefined;
    const dir = join(isAbsolute(given) ? given : join(home, '.cache'), 'hlb', 'code');
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return isOwn(lstatSync(dir), 'isDirectory') ? dir : undefined;
  } catch {
    return undefined;
  }
}

function isOwn(stat, isKind) {
  return stat[isKind]() && stat.uid === process.getuid() && (stat.mode & 0o022) === 0;
}

/** Compiled code is code, and V8 dies of a damaged one: only what this user wrote, and as it was written. */
function readSound(path) {
  try {
    if (!isOwn(lstatSync(path), 'isFile')) return undefined;
    const bytes = readFileSync(path);
    const code = bytes.subarray(sumLength);
    return sumOf(code).equals(bytes.subarray(0, sumLength)) ? code : undefined;
  } catch {
    return undefined;
  }
}

const sumLength = 32;

function sumOf(code) {
  return createHash('sha256').update(code).digest();
}

/** Where it cannot be kept, the next run compiles again. */
function keep(dir, name, code) {
  const writing = join(dir, `${name}.${process.pid}`);
  try {
    rmSync(writing, { force: true });
    writeFileSync(writing, Buffer.concat([sumOf(code), code]), { mode: 0o600, flag: 'wx' });
    renameSync(writing, join(dir, name));
    for (const other of readdirSync(dir)) if (form.test(other)) removeOld(join(dir, other));
  } catch {
    rmSync(writing, { force: true });
  }
}

/** Of other versions of hlb and Node, and what a run that was killed left. */
function removeOld(path) {
  const { mtimeMs } = lstatSync(path);
  if (Date.now() - mtimeMs > monthMs) rmSync(path);
}
