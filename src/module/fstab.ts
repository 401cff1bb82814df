/** A line of fstab. */
export interface FstabEntry {
  readonly src: string;
  readonly path: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

const escaped = (text: string): string =>
  text.replace(/[ \t\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

function parse(line: string): FstabEntry | undefined {
  if (line.trim() === '' || line.trim().startsWith('#')) return undefined;
  const [src = '', path = '', fstype = '', opts = 'defaults', dump = '0', passno = '0'] = line.trim().split(/\s+/);
  return { src: unescaped(src), path: unescaped(path), fstype, opts, dump, passno };
}

function lineOf(entry: FstabEntry): string {
  const { src, path, fstype, opts, dump, passno } = entry;
  return `${escaped(src)} ${escaped(path)} ${fstype} ${opts} ${dump} ${passno}`;
}

/** Of swap the source is what tells entries apart, of all else the path. */
function isSame(a: FstabEntry, b: FstabEntry): boolean {
  const isSwap = b.fstype === 'swap' || b.path === 'none';
  return isSwap ? a.src === b.src && a.path === b.path : a.path === b.path;
}

/** The text with this entry in it, in place of one for the same path. */
export function withEntry(text: string, entry: FstabEntry): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const at = lines.findIndex((line) => {
    const found = parse(line);
    return found !== undefined && isSame(found, entry);
  });
  const found = parse(lines[at] ?? '');
  if (found !== undefined && lineOf(found) === lineOf(entry)) return text;
  const edited = at === -1 ? [...lines, lineOf(entry)] : lines.with(at, lineOf(entry));
  return edited.map((line) => `${line}\n`).join('');
}

/** The text without the entries for a path; of swap, whose path is none, those of the source that is named. */
export function withoutEntry(text: string, path: string, src: string | undefined): string {
  const lines = text.split('\n');
  const kept = lines.filter((line) => {
    const found = parse(line);
    if (found === undefined || found.path !== path) return true;
    return src !== undefined && path === 'none' && found.fstype === 'swap' && found.src !== src;
  });
  return kept.length === lines.length ? text : kept.join('\n');
}
