import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import type { ChangeOutcome } from '../host/change.ts';
import type { HttpFact } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';

/** An answer, however it was got. */
export interface Answer {
  /** -1 where none came. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly redirected: boolean;
  /** Why none came. */
  readonly error: string;
  readonly elapsedMs: number;
}

export function answerOfFact(fact: HttpFact): Answer {
  const headers = Object.entries(fact.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: fact.status === 0 ? -1 : fact.status,
    headers: Object.fromEntries(headers),
    body: textOf(fact.body),
    redirected: false,
    error: fact.error ?? '',
    elapsedMs: 0,
  };
}

/** Of `curl -i`: the heads of all answers on the way, then the body of the last. */
export function answerOfRun(outcome: ChangeOutcome): Answer {
  const none = { status: -1, headers: {}, body: '', redirected: false, error: '', elapsedMs: 0 };
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
    headers: Object.fromEntries(headers),
    body: rest,
    redirected: heads.filter((one) => / 3\d\d/.test(one.slice(0, 16))).length > 0,
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
  const size = `(${answer.headers['content-length'] ?? 'unknown'} bytes)`;
  const msg =
    answer.status === -1
      ? `Request failed: ${answer.error}`
      : `${answer.status === 200 ? 'OK' : `HTTP ${answer.status}`} ${size}`;
  return {
    ...Object.fromEntries(headers),
    url,
    status: answer.status,
    redirected: answer.redirected,
    elapsed: Math.round(answer.elapsedMs / 1000),
    cookies,
    cookies_string: Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    ...(parsed === undefined ? {} : { json: parsed }),
    ...(wanted.content || !isGood ? { content: answer.body } : {}),
    msg: isGood ? msg : `Status code was ${answer.status} and not [${wanted.statuses.join(', ')}]: ${msg}`,
    ...(isGood ? {} : { failed: true }),
  };
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
