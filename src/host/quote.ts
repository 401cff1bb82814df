/**
 * A text as one POSIX shell word. Any text without NUL comes back unchanged in dash, busybox ash and bash.
 * Bytes of a name that are not UTF-8 travel as lone surrogates U+DC80 to U+DCFF (see `textOf`) and come back as those bytes.
 */
export function quote(text: string): string {
  if (text === '') return "''";
  return text.replace(/([^\uDC80-\uDCFF]+)|([\uDC80-\uDCFF]+)/gu, (_, plain: string | undefined, raw: string) =>
    plain === undefined ? `"$(printf '${octal(bytesOf(raw))}')"` : `'${plain.replaceAll("'", String.raw`'\''`)}'`,
  );
}

/** Words of a command line, each quoted. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/**
 * A path as one shell word: a leading `~` or `~user` is left to the shell, and `-` cannot be taken for an option.
 */
export function quotePath(path: string): string {
  const home = /^~[A-Za-z0-9._-]*(?=\/|$)/.exec(path)?.[0];
  if (home === undefined) return quote(path.startsWith('-') ? `./${path}` : path);
  const rest = path.slice(home.length);
  return rest === '' ? home : `${home}/${rest.length > 1 ? quote(rest.slice(1)) : ''}`;
}

const base64Above = 2048;

/**
 * A command that writes exactly these bytes to its stdout, with no process of its own where it can: text travels
 * quoted, a few odd bytes as printf's octal, more of them as base64, decoded by whatever the host has.
 */
export function printfBytes(bytes: Uint8Array): string {
  const text = plainText(bytes);
  if (text !== undefined) return `printf %s ${quote(text)}`;
  if (bytes.length <= base64Above) return `printf '${octal(bytes)}'`;
  return `printf '%s\\n' '${wrapped(Buffer.from(bytes).toString('base64'))}' | ${decodeBase64}`;
}

/** Bytes that a host printed as text, without loss: what is no UTF-8 becomes lone surrogates, as Python names files. */
export function textOf(bytes: Uint8Array): string {
  const text = plainUtf8(bytes);
  if (text !== undefined) return text;
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    const part = length === 0 ? undefined : plainUtf8(bytes.subarray(at, at + length));
    out += part ?? String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += part === undefined ? 1 : length;
  }
  return out;
}

/** The bytes behind a text of `textOf`. */
export function bytesOf(text: string): Uint8Array {
  if (!/[\uDC80-\uDCFF]/u.test(text)) return Buffer.from(text, 'utf8');
  return Buffer.concat(
    Array.from(text, (char) => {
      const code = char.codePointAt(0) ?? 0;
      return code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(char, 'utf8');
    }),
  );
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function plainUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function plainText(bytes: Uint8Array): string | undefined {
  return bytes.includes(0) ? undefined : plainUtf8(bytes);
}

function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/** The inside of a single-quoted printf format. */
function octal(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    out += /[A-Za-z0-9 ./:,_=+]/.test(char) ? char : `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return out;
}

function wrapped(base64: string): string {
  return base64.replace(/.{1,76}/g, '$&\n').trimEnd();
}

/** awk turns base64 into octal escapes for the shell's printf where nothing better is there: awk itself may not print NUL. */
const awkDecoder = [
  'BEGIN { for (i = 0; i < 64; i++) v[substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", i + 1, 1)] = i }',
  '{ for (i = 1; i <= length($0); i += 4) { b = substr($0, i, 4); n = 3;',
  'if (substr(b, 4, 1) == "=") n = 2; if (substr(b, 3, 1) == "=") n = 1;',
  'x = v[substr(b, 1, 1)] * 262144 + v[substr(b, 2, 1)] * 4096 + v[substr(b, 3, 1)] * 64 + v[substr(b, 4, 1)];',
  's = sprintf("%c%03o%c%03o%c%03o", 92, int(x / 65536), 92, int(x / 256) % 256, 92, x % 256); printf "%s", substr(s, 1, n * 4) }; print "" }',
].join(' ');

const decodeBase64 = [
  '{ if command -v base64 >/dev/null 2>&1; then base64 -d',
  'elif command -v openssl >/dev/null 2>&1; then openssl base64 -d',
  `else awk '${awkDecoder}' | while IFS= read -r l; do printf "$l"; done; fi; }`,
].join('; ');
