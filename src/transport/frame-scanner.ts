/** What a stream of a shell is made of: bytes of steps, and frames of the session. */
export interface FrameHandler {
  readonly bytes: (bytes: Buffer) => void;
  /** The words after the marker. Answers whether it was expected; what was not is output that happens to look alike. */
  readonly frame: (words: readonly string[]) => boolean;
}

/** The longest frame behind its marker; what goes on for longer without a line break is output. */
const longestFrame = 4096;

/**
 * Finds `MARKER word word …\n` anywhere in a stream, whatever its chunks are.
 * Bytes are handed on as soon as they cannot be the beginning of a marker.
 */
export function createFrameScanner(marker: string, handler: FrameHandler): (chunk: Buffer) => void {
  const needle = Buffer.from(`${marker} `, 'latin1');
  let held: Buffer | undefined;

  const emit = (bytes: Buffer): void => {
    if (bytes.length > 0) handler.bytes(bytes);
  };

  return (chunk) => {
    const data = held === undefined ? chunk : Buffer.concat([held, chunk]);
    held = undefined;
    let from = 0;
    let search = 0;
    for (;;) {
      const at = data.indexOf(needle, search);
      if (at === -1) {
        const keep = partialAtEnd(data, needle, Math.max(from, search));
        emit(data.subarray(from, data.length - keep));
        if (keep > 0) held = data.subarray(data.length - keep);
        return;
      }
      const end = data.indexOf(0x0a, at + needle.length);
      const length = (end === -1 ? data.length : end) - at - needle.length;
      if (end === -1 && length <= longestFrame) {
        emit(data.subarray(from, at));
        held = data.subarray(at);
        return;
      }
      const line = length <= longestFrame ? data.toString('utf8', at + needle.length, end) : '';
      // What was read before the frame belongs before it, so it is emitted first; a rejected frame is output that follows.
      emit(data.subarray(from, at));
      from = at;
      search = at + needle.length;
      if (length <= longestFrame && handler.frame(line.split(' '))) {
        from = end + 1;
        search = from;
      }
    }
  };
}

/** How many bytes at the end of `data` (not before `from`) are a beginning of `needle`. */
function partialAtEnd(data: Buffer, needle: Buffer, from: number): number {
  const first = needle[0] ?? 0;
  let at = Math.max(from, data.length - needle.length + 1);
  for (;;) {
    at = data.indexOf(first, at);
    if (at === -1) return 0;
    const length = data.length - at;
    if (data.compare(needle, 0, length, at) === 0) return length;
    at += 1;
  }
}
