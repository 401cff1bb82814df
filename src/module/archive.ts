import { command } from '../host/ask.ts';
import type { CommandFact, CommandQuery } from '../host/observation.ts';

/** Which parts of an archive count. */
export interface ArchiveSelection {
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly extra_opts: readonly string[];
}

export function isZip(path: string): boolean {
  return /\.(zip|jar|war|whl)$/i.test(path);
}

/** Names as Ansible's handlers have them. */
export function handlerName(path: string): string {
  if (isZip(path)) return 'ZipArchive';
  if (/\.(tgz|tar\.gz)$/i.test(path)) return 'TgzArchive';
  if (/\.(tbz2?|tar\.bz2)$/i.test(path)) return 'TarBzipArchive';
  if (/\.(txz|tar\.xz)$/i.test(path)) return 'TarXzArchive';
  return /\.(tzst|tar\.zst)$/i.test(path) ? 'TarZstdArchive' : 'TarArchive';
}

function selected(of: ArchiveSelection): readonly string[] {
  return [...of.extra_opts, ...of.exclude.map((pattern) => `--exclude=${pattern}`), ...of.include];
}

/** Compares an archive with what lies below a directory. For zip files: their names and sizes. */
export function compareQuery(archive: string, into: string, of: ArchiveSelection): CommandQuery {
  if (isZip(archive)) return command(['unzip', '-l', archive, ...of.include, ...excludedOfZip(of)]);
  return command(['tar', '--diff', '-C', into, '-f', archive, ...selected(of)], { timeoutMs: 600_000 });
}

export function listQuery(archive: string, of: ArchiveSelection): CommandQuery {
  if (isZip(archive)) return command(['unzip', '-Z1', archive, ...of.include, ...excludedOfZip(of)]);
  return command(['tar', '-t', '-f', archive, ...selected(of)], { timeoutMs: 600_000 });
}

function excludedOfZip(of: ArchiveSelection): readonly string[] {
  return of.exclude.length === 0 ? [] : ['-x', ...of.exclude];
}

/** What of a difference the attributes that are asked for will set anyway. */
export interface Heeded {
  readonly owner: boolean;
  readonly group: boolean;
  readonly mode: boolean;
  /** Only root can give files to others. */
  readonly isRoot: boolean;
}

/**
 * Whether a `tar --diff` says that something is to be unpacked: a file is missing, or differs in more than what the
 * task sets itself. A tar that cannot compare differs always.
 */
export function tarDiffers(fact: CommandFact, heeded: Heeded): boolean {
  if (fact.code === 0) return false;
  if (fact.code !== 1 || /unrecognized option|invalid option|Usage:/i.test(fact.stderr)) return true;
  const lines = `${fact.stdout}\n${fact.stderr}`.split('\n').filter((line) => line.trim() !== '');
  return lines.some((line) => {
    if (line.endsWith(': Uid differs')) return heeded.isRoot && !heeded.owner;
    if (line.endsWith(': Gid differs')) return heeded.isRoot && !heeded.group;
    if (line.endsWith(': Mode differs')) return !heeded.mode;
    return /: (Mod time differs|Size differs|Contents differ|File type differs|Symlink differs|Not linked to|Warning: Cannot (stat|open)|Cannot (stat|open))/.test(
      line,
    );
  });
}

/** Files of a zip with their sizes, out of `unzip -l`. */
export function zipEntries(listing: string): readonly { readonly path: string; readonly size: number }[] {
  return listing.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+\d{2,4}-\d{2}-\d{2,4}\s+\d{2}:\d{2}\s{3}(.+)$/.exec(line);
    return match === null ? [] : [{ size: Number(match[1]), path: match[2] ?? '' }];
  });
}
