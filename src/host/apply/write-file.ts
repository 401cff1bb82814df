import type { CopyPath, WriteFile } from '../change.ts';
import { printfBytes, quotePath } from '../quote.ts';
import { atomicWrite } from './atomic.ts';
import { slashed } from './paths.ts';

export interface ContentOptions {
  readonly flush: boolean;
  /** Where the bytes of a handle lie on the host. */
  readonly uploaded: (sha256: string) => string;
}

export function writeFile(change: WriteFile, options: ContentOptions): string {
  return atomicWrite({ ...change, flush: options.flush, fill: fillOf(change, options) });
}

/** An upload that was cut off is never put in place. */
function fillOf({ content }: WriteFile, options: ContentOptions): string {
  if (content.kind === 'bytes') return `${printfBytes(content.bytes)} >"$t" || drop`;
  return `cat -- ${quotePath(options.uploaded(content.sha256))} >"$t" || drop
v=$(sha256sum <"$t") && [ "\${v%% *}" = ${content.sha256} ] || drop "The uploaded content of \\"$p\\" did not arrive whole"`;
}

/** A file is replaced in one rename; a directory is copied into what is there. */
export function copyPath(change: CopyPath, flush: boolean): string {
  const from = quotePath(slashed(change.from));
  const file = atomicWrite({ ...change, path: change.to, follow: false, flush, fill: `cat -- ${from} >"$t" || drop` });
  if (!change.recursive) return file;
  return `if [ -d ${from} ]; then
p=${quotePath(slashed(change.to))}
if [ -d "$p" ]; then cp -R -P -- ${from}/. "$p"/; else cp -R -P -- ${from} "$p"; fi
else
${file}fi
`;
}
