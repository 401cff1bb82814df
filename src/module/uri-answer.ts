import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import type { ChangeOutcome } from '../host/change.ts';
import type { HttpFact } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import { noAnswerText } from './no-answer.ts';

/** An answer, however it was got. */
export interface Answer {
  /** -1 where none came. */
  readonly status: number;
  /** What the server calls it. */
  readonly phrase?: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where redirects led; absent without any. */
  readonly redirectedTo?: string;
  /** Why none came. */
  readonly error: string;
  readonly elapsedMs: number;
}

export function answerOfFact(fact: HttpFact): Answer {
  const headers = Object.entries(fact.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: fact.status === 0 ? -1 : fact.status,
    ...(fact.phrase === undefined ? {} : { phrase: fact.phrase }),
    headers: Object.fromEntries(headers),
    body: textOf(fact.body),
    ...(fact.redirectedTo === undefined ? {} : { redirectedTo: fact.redirectedTo }),
    error: fact.error ?? '',
    elapsedMs: 0,
  };
}

/** Of `curl -i`: the heads of all answers on the way, then the body of the last. */
export function answerOfRun(outcome: ChangeOutcome, url: string): Answer {
  const none = { status: -1, headers: {}, body: '', error: '', elapsedMs: 0 };
  if (outcome.status === 'stale' || outcome.status === 'skipped') return none;
  const heads: string[] = [];
  let rest = outcome.stdout;
  for (;;) {
    const head = /^HTTP\/[\d.]+ \d{3}[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n/.exec(rest)?.[0];
    if (head === undefined) break;
    heads.push(head);
    rest = rest.slice(head.length);
  }
  const head = heads.at(-1);
  if (head === undefined) return { ...none, error: outcome.stderr.trim(), elapsedMs: outcome.durationMs };
  const lines = head.split(/\r?\n/);
  const headers = lines.slice(1).flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
  });
  return {
    status: Number(/ (\d{3})/.exec(head)?.[1] ?? -1),
    phrase: /^HTTP\/\S+ \d{3} ?([^\r\n]*)/.exec(head)?.[1] ?? '',
    headers: Object.fromEntries(headers),
    body: rest,
    ...redirect(heads, url),
    error: outcome.status === 'failed' ? outcome.stderr.trim() : '',
    elapsedMs: outcome.durationMs,
  };
}

/** What `register` holds of an answer. */
export function answerFields(
  answer: Answer,
  url: string,
  wanted: { readonly statuses: readonly number[]; readonly content: boolean },
): JsonObject {
  const isGood = wanted.statuses.includes(answer.status);
  const headers = Object.entries(answer.headers).map(([name, value]) => [name.replaceAll('-', '_'), value]);
  const type = answer.headers['content-type'] ?? '';
  const parsed = /\b(json|javascript)\b/i.test(type.replace('+', ' ')) ? jsonOf(answer.body) : undefined;
  const cookies = cookiesOf(answer.headers['set-cookie']);
  const msg = messageOf(answer);
  const isError = answer.status === -1 || answer.status >= 400;
  const final = answer.redirectedTo ?? url;
  const { location: written } = answer.headers;
  const location = written !== undefined && URL.canParse(written, final) ? new URL(written, final).href : written;
  return {
    ...Object.fromEntries(headers),
    ...(location === undefined ? {} : { location }),
    url: final,
    status: answer.status,
    redirected: answer.redirectedTo !== undefined,
    elapsed: Math.round(answer.elapsedMs / 1000),
    // Python's urllib throws where a status is an error, and nobody looks at cookies or reads the body then.
    ...(isError
      ? {}
      : {
          cookies,
          cookies_string: Object.entries(cookies)
            .map(([name, value]) => `${name}=${value}`)
            .join('; '),
        }),
    ...(isError && isGood && !wanted.content ? { body: answer.body } : {}),
    ...(parsed === undefined ? {} : { json: parsed }),
    ...(wanted.content || (!isGood && answer.status !== -1) ? { content: answer.body } : {}),
    msg: isGood ? msg : `Status code was ${answer.status} and not [${wanted.statuses.join(', ')}]: ${msg}`,
    ...(isGood ? {} : { failed: true }),
  };
}

/** As Python's urllib words it. */
function messageOf(answer: Answer): string {
  if (answer.status === -1) return noAnswerText(answer.error);
  if (answer.status < 300) return `OK (${answer.headers['content-length'] ?? 'unknown'} bytes)`;
  const phrase = answer.phrase === undefined || answer.phrase === '' ? STATUS_CODES[answer.status] : answer.phrase;
  return `HTTP Error ${answer.status}: ${phrase ?? ''}`.trimEnd();
}

/** Where the answers on the way led. */
function redirect(heads: readonly string[], url: string): Pick<Answer, 'redirectedTo'> {
  let final = url;
  for (const head of heads.slice(0, -1)) {
    const location = /^HTTP\/\S+ 3\d\d/.test(head) ? /^location:\s*(.*?)\s*$/im.exec(head)?.[1] : undefined;
    if (location !== undefined && URL.canParse(location, final)) final = new URL(location, final).href;
  }
  return final === url ? {} : { redirectedTo: final };
}

function jsonOf(body: string): z.core.util.JSONType | undefined {
  try {
    return z.json().parse(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function cookiesOf(header: string | undefined): Readonly<Record<string, string>> {
  const pair = /^\s*([^=;\s]+)=([^;]*)/.exec(header ?? '');
  return pair === null ? {} : { [pair[1] ?? '']: pair[2] ?? '' };
}
