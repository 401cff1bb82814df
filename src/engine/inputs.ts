import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { lstat, open, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { err, ok, type Result, unreachable } from '../core/result.ts';
import type { Source } from '../core/source.ts';
import type { Environment, ExprError, FreeNames, Template } from '../expr/api.ts';
import { compileTemplate } from '../expr/compile.ts';
import { evaluateTemplate } from '../expr/evaluate.ts';
import { toText } from '../expr/runtime/text.ts';
import type { Content } from '../host/change.ts';
import type {
  FileInput,
  Need,
  NeedTable,
  TemplateInput,
  TemplateOptions,
  TreeInput,
  VarsFolder,
  VarsInput,
} from '../module/need.ts';
import { isVaultText } from '../vars/vault.ts';
import { type Answers, settle } from './ask.ts';
import type { RunOptions } from './options.ts';
import { withTemplateNames } from './template-names.ts';
import { readVars } from './vars-file.ts';
import { readVarsFolder } from './vars-folder.ts';

/** Up to this size a file travels inside the change; above, by an upload of its own. */
const inlineLimit = 64 * 1024;

export type InputError =
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'template'; readonly error: ExprError };

/** Files read and templates compiled once a run. */
export interface InputCache {
  readonly files: Map<string, Promise<FileInput>>;
  readonly templates: Map<string, CompiledFile>;
}

interface CompiledFile {
  readonly text: string;
  readonly options: string;
  readonly result: Result<Template, ExprError>;
}

export function createInputCache(): InputCache {
  return { files: new Map(), templates: new Map() };
}

export interface InputSetting {
  readonly cache: InputCache;
  readonly env: Environment;
  readonly answers: Answers;
  readonly readFile: RunOptions['readFile'];
  readonly decrypt: RunOptions['decrypt'];
  /** Hears every line of what was decrypted. */
  readonly onSecret: (text: string) => void;
  readonly search: (kind: 'files' | 'templates' | 'vars', name: string) => readonly string[];
}

/** Reads and renders what a module needs of the controller. */
export async function resolveNeed(
  need: Need,
  setting: InputSetting,
): Promise<Result<NeedTable[Need['kind']], InputError>> {
  const kind = need.kind === 'template' ? 'templates' : need.kind === 'vars' ? 'vars' : 'files';
  const tried = setting.search(kind, need.src);
  // Asked without a thread: a play looks for a file once a task and host, and a thread costs more than the answer.
  const path = tried.find((one) => existsSync(one));
  if (path === undefined) {
    return err({
      kind: 'missing',
      message: `Cannot find "${need.src}" on the controller; looked at ${tried.map((one) => `"${one}"`).join(', ')}`,
    });
  }
  switch (need.kind) {
    case 'file':
      return opened(await cachedFile(setting.cache, path), need.decrypt !== false, setting);
    case 'tree':
      return openedTree(
        await readTree(setting.cache, path, need.followLinks !== false),
        need.decrypt !== false,
        setting,
      );
    case 'template':
      return renderTemplate(need.src, path, need.options, setting);
    case 'vars':
      return readVarsInput(path, need.folder, setting);
    default:
      return unreachable(need);
  }
}

function hashes(bytes: Uint8Array): { readonly sha256: string; readonly sha1: string; readonly md5: string } {
  const hash = (name: string): string => createHash(name).update(bytes).digest('hex');
  return { sha256: hash('sha256'), sha1: hash('sha1'), md5: hash('md5') };
}

function contentOf(bytes: Uint8Array, sha256: string, localPath: string): Content {
  return bytes.length <= inlineLimit
    ? { kind: 'bytes', bytes, sha256 }
    : { kind: 'handle', sha256, size: bytes.length, localPath };
}

async function cachedFile(cache: InputCache, path: string): Promise<FileInput> {
  const info = statSync(path);
  const key = `${path}\0${info.mtimeMs}\0${info.size}`;
  const before = cache.files.get(key);
  if (before !== undefined) return before;
  const reading = (async (): Promise<FileInput> => {
    const bytes = await readFile(path);
    const { sha256, sha1, md5 } = hashes(bytes);
    return { path, mode: info.mode & 0o7777, content: contentOf(bytes, sha256, path), sha1, md5 };
  })();
  cache.files.set(key, reading);
  return reading;
}

/** A file that is an Ansible Vault as a whole, decrypted; any other as it is. */
async function opened(
  file: FileInput,
  decrypts: boolean,
  { decrypt, onSecret }: InputSetting,
): Promise<Result<FileInput, InputError>> {
  const { path } = file;
  const text = decrypts ? await vaultText(file) : undefined;
  if (text === undefined) return ok(file);
  if (decrypt === undefined) {
    return err({ kind: 'missing', message: `"${path}" is an Ansible Vault, and no password for it is given` });
  }
  const plain = decrypt(text, { source: { path, text }, start: 0, end: 0 });
  if (!plain.ok) return err({ kind: 'missing', message: `Cannot decrypt "${path}": ${plain.error}` });
  for (const line of plain.value.split('\n')) onSecret(line.trim());
  const bytes = Buffer.from(plain.value, 'utf8');
  const { sha256, sha1, md5 } = hashes(bytes);
  return ok({ ...file, content: { kind: 'bytes', bytes, sha256 }, sha1, md5 });
}

/** Big files are read whole only where they begin as a vault does. */
async function vaultText({ content, path }: FileInput): Promise<string | undefined> {
  if (content.kind === 'bytes') {
    const bytes = Buffer.from(content.bytes.buffer, content.bytes.byteOffset, content.bytes.byteLength);
    return isVaultText(bytes.toString('latin1', 0, 32)) ? bytes.toString('latin1') : undefined;
  }
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0);
    return isVaultText(buffer.toString('latin1', 0, bytesRead)) ? await readFile(path, 'latin1') : undefined;
  } finally {
    await file.close();
  }
}

async function openedTree(
  tree: TreeInput,
  decrypts: boolean,
  setting: InputSetting,
): Promise<Result<TreeInput, InputError>> {
  const files: TreeInput['files'][number][] = [];
  for (const file of tree.files) {
    const plain = await opened(file, decrypts, setting);
    if (!plain.ok) return plain;
    files.push({ ...plain.value, relative: file.relative });
  }
  return ok({ ...tree, files });
}

async function readTree(cache: InputCache, path: string, follow: boolean): Promise<TreeInput> {
  const info = await stat(path);
  if (!info.isDirectory()) {
    return {
      path,
      isDirectory: false,
      directories: [],
      files: [{ ...(await cachedFile(cache, path)), relative: basename(path) }],
      links: [],
    };
  }
  const directories: { path: string; mode: number }[] = [];
  const files: TreeInput['files'][number][] = [];
  const links: TreeInput['links'][number][] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const name of (await readdir(folder)).sort()) {
      const full = join(folder, name);
      const below = relative(path, full);
      const found = follow ? await stat(full) : await lstat(full);
      if (found.isSymbolicLink()) links.push({ relative: below, target: await readlink(full) });
      else if (found.isDirectory()) {
        directories.push({ path: below, mode: found.mode & 0o7777 });
        await visit(full);
      } else if (found.isFile()) files.push({ ...(await cachedFile(cache, full)), relative: below });
    }
  };
  await visit(path);
  return { path, isDirectory: true, directories, files, links };
}

/** A template file, compiled once for each text and set of options. */
export function compiledTemplate(
  cache: InputCache,
  path: string,
  options: TemplateOptions,
): Result<Template, ExprError> {
  const source: Source = { path, text: readFileSync(path, 'utf8') };
  const key = JSON.stringify(options);
  const before = cache.templates.get(path);
  if (before !== undefined && before.text === source.text && before.options === key) return before.result;
  const compiled = compileTemplate(source.text, (from, to) => ({ source, start: from, end: to }), {
    trimBlocks: options.trimBlocks,
    lstripBlocks: options.lstripBlocks,
    keepTrailingNewline: true,
    ...(options.delimiters === undefined ? {} : { delimiters: options.delimiters }),
    // Nothing has read the escapes of a file yet, as YAML has those of its texts.
    escapes: true,
  });
  const first = compiled.ok ? undefined : compiled.diagnostics[0];
  const result: Result<Template, ExprError> = compiled.ok
    ? ok(compiled.value)
    : err({
        reason: 'syntax',
        message: first?.message ?? 'Cannot parse the template',
        at: first?.at ?? { source, start: 0, end: 0 },
      });
  cache.templates.set(path, { text: source.text, options: key, result });
  return result;
}

const defaultOptions: TemplateOptions = { trimBlocks: true, lstripBlocks: false, newlineSequence: '\n' };

/** What a template file reads; absent where it is missing or does not compile. */
export function templateFileNames(cache: InputCache, paths: readonly string[]): FreeNames | undefined {
  for (const path of paths) {
    try {
      const compiled = compiledTemplate(cache, path, defaultOptions);
      return compiled.ok ? compiled.value.names : undefined;
    } catch {
      // Not this one: the next candidate.
    }
  }
  return undefined;
}

async function renderTemplate(
  src: string,
  path: string,
  options: TemplateOptions,
  setting: InputSetting,
): Promise<Result<TemplateInput, InputError>> {
  const compiled = compiledTemplate(setting.cache, path, options);
  if (!compiled.ok) return err({ kind: 'template', error: compiled.error });
  const env = withTemplateNames(setting.env, src, path);
  const outcome = await settle(() => evaluateTemplate(compiled.value, env, { native: false }), setting.answers);
  if (outcome.kind === 'failed') return err({ kind: 'template', error: outcome.error });
  const text = toText(outcome.value);
  const bytes = Buffer.from(
    options.newlineSequence === '\n' ? text : text.replaceAll('\n', options.newlineSequence),
    'utf8',
  );
  const { sha256, sha1, md5 } = hashes(bytes);
  const { mode } = await stat(path);
  return ok({ path, mode: mode & 0o7777, content: { kind: 'bytes', bytes, sha256 }, sha1, md5 });
}

async function readVarsInput(
  path: string,
  folder: VarsFolder | undefined,
  setting: InputSetting,
): Promise<Result<VarsInput, InputError>> {
  if (folder !== undefined) {
    const all = await readVarsFolder(path, folder, setting.readFile);
    return all.ok ? all : err({ kind: 'missing', message: all.error });
  }
  const read = readVars(path, setting.readFile);
  return read.ok ? ok({ path, vars: read.value }) : err({ kind: 'missing', message: read.error });
}
