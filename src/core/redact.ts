import { type Needle, needlesOf } from './redact-needles.ts';
import type { Json } from './value.ts';

/** What stands in place of a secret. */
export const placeholder = '********';

/** Replaces registered secrets in everything that leaves the program. */
export interface Redactor {
  /**
   * From here on the secret and its usual spellings are replaced: base64 (alone or inside other bytes), JSON and shell
   * quoting, percent-encoding, and each longer line of a text of several lines. A secret of two or three characters is
   * replaced only where it stands alone as a word, since replacing it everywhere would show where it is not; one
   * character is no secret.
   */
  readonly register: (secret: string) => void;
  readonly text: (text: string) => string;
  /** Strings at any depth, keys, and numbers that are a secret. */
  readonly json: (value: Json) => Json;
  /** For text that comes in pieces: a secret on the border of two pieces is found as well. */
  readonly stream: () => RedactorStream;
}

export interface RedactorStream {
  /** What can be shown already. */
  readonly push: (chunk: string) => string;
  /** The rest. */
  readonly end: () => string;
}

export function createRedactor(): Redactor {
  const needles = new Map<string, Needle>();
  let longest = 0;

  function register(secret: string): void {
    for (const needle of needlesOf(secret)) {
      const known = needles.get(needle.text);
      if (known === undefined || (known.wholeWord && !needle.wholeWord)) needles.set(needle.text, needle);
      longest = Math.max(longest, needle.text.length);
    }
  }

  function text(whole: string): string {
    return replace(whole, spansIn(whole, needles.values()));
  }

  function json(value: Json): Json {
    if (needles.size === 0) return value;
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return needles.has(String(value)) ? placeholder : value;
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map(json);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), json(item)]));
  }

  function stream(): RedactorStream {
    let held = '';
    /** The character before `held`, which decides whether a short secret stands alone. */
    let before = '';
    return {
      push(chunk) {
        held += chunk;
        const spans = spansIn(held, needles.values(), before);
        // A secret that begins before this point is wholly in `held`, with the character after it.
        const safe = Math.max(0, held.length - longest);
        const cut = spans.find((span) => span.start < safe && span.end > safe)?.start ?? safe;
        const shown = replace(
          held.slice(0, cut),
          spans.filter((span) => span.end <= cut),
        );
        before = cut > 0 ? held.slice(cut - 1, cut) : before;
        held = held.slice(cut);
        return shown;
      },
      end() {
        const rest = replace(held, spansIn(held, needles.values(), before));
        held = '';
        return rest;
      },
    };
  }

  return { register, text, json, stream };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const wordCharacter = /[\p{L}\p{N}_]/u;

/** Where secrets stand, in order; secrets that overlap are one span, so that no end of one is left over. */
function spansIn(text: string, needles: Iterable<Needle>, before = ''): readonly Span[] {
  const found: Span[] = [];
  for (const needle of needles) {
    for (let start = text.indexOf(needle.text); start !== -1; start = text.indexOf(needle.text, start + 1)) {
      const end = start + needle.text.length;
      if (needle.wholeWord) {
        const previous = start === 0 ? before : text.charAt(start - 1);
        if (wordCharacter.test(previous) || wordCharacter.test(text.charAt(end))) continue;
      }
      found.push({ start, end });
    }
  }
  if (found.length < 2) return found;
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Span[] = [];
  for (const span of found) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { start: last.start, end: span.end };
  }
  return merged;
}

function replace(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let out = '';
  let at = 0;
  for (const span of spans) {
    out += text.slice(at, span.start) + placeholder;
    at = span.end;
  }
  return out + text.slice(at);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
