/** One spelling of a secret to look for. */
export interface Needle {
  readonly text: string;
  /** Only where no letter or digit touches it. */
  readonly wholeWord: boolean;
}

/** Below this a secret is too common a text to be replaced inside of words. */
const shortest = 4;
/** A line of a longer text is looked for alone from this length on; shorter ones are braces and keywords. */
const shortestLine = 8;

/** Every spelling in which a secret usually appears. */
export function needlesOf(secret: string): readonly Needle[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const raw = [secret, secret.trim(), ...(lines.length > 1 ? lines.filter((line) => line.length >= shortestLine) : [])];
  const texts = new Set(raw.flatMap(spellings).filter((text) => text.length > 1));
  return [...texts].map((text) => ({ text, wholeWord: text.length < shortest }));
}

function spellings(secret: string): readonly string[] {
  if (secret.length < shortest) return [secret];
  return [
    secret,
    secret.replaceAll('\n', '\r\n'),
    JSON.stringify(secret).slice(1, -1),
    // In single quotes, both ways in which shells and Python's shlex write an apostrophe; in double quotes; backslashes.
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll("'", `'"'"'`),
    secret.replaceAll(/[\\"$`]/g, '\\$&'),
    secret.replaceAll(/[^\w./-]/g, '\\$&'),
    // Through bytes, since half a surrogate pair cannot be percent-encoded.
    encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8')),
    ...base64(secret),
  ];
}

/**
 * Base64 of the secret alone, and the part of it that does not depend on its neighbours at each of the three
 * alignments inside longer data (such as `user:password` of HTTP's basic authentication).
 */
function base64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const inside = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const from = shift === 0 ? 0 : shift + 1;
    const to = (bytes.length + shift) % 3 === 0 ? encoded.length : encoded.length - 1;
    return encoded.slice(from, to);
  });
  const all = [bytes.toString('base64'), ...inside].filter((text) => text.length >= shortest);
  return all.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}
