import { z } from 'zod';
import type { JsonObject } from '../core/value.ts';
import { glob } from '../host/ask.ts';
import type { Observation } from '../host/observation.ts';
import { bytesOf } from '../host/quote.ts';
import { attributeFields, attributeReturns, identityQueries } from '../module/attributes.ts';
import { contentOf } from '../module/content.ts';
import { defineModule, type Seen } from '../module/define.ts';
import { type Destination, destinationPath, destinationQueries, targetQuery } from '../module/destination.ts';
import { plan } from '../module/plan.ts';
import { planFile } from '../module/put-file.ts';
import { type Answer, answerFields, answerOfFact, answerOfRun } from '../module/uri-answer.ts';
import { type UriParams, uriParams } from '../module/uri-params.ts';
import { isRead, readQuery, requestRun } from '../module/uri-request.ts';

function fileName(url: string): string {
  return decodeURIComponent(new URL(url).pathname).split('/').at(-1) || 'index.html';
}

function destination(p: UriParams): Destination {
  return { dest: p.dest ?? '', name: fileName(p.url), follow: true };
}

/** Why nothing is to be sent. */
function idleReason(p: UriParams, seen: Seen): string | undefined {
  if (p.creates !== undefined && seen(glob(p.creates)).matches.length > 0)
    return `skipped, since '${p.creates}' exists`;
  if (p.removes !== undefined && seen(glob(p.removes)).matches.length === 0) {
    return `skipped, since '${p.removes}' does not exist`;
  }
  return undefined;
}

function guards(p: UriParams): readonly Observation[] {
  return [p.creates, p.removes].flatMap((pattern) => (pattern === undefined ? [] : [glob(pattern)]));
}

function isGood(p: UriParams, answer: Answer): boolean {
  return p.status_code.includes(answer.status);
}

/** A request over HTTP, from the host. */
export default defineModule({
  name: 'uri',
  aliases: ['ansible.builtin.uri', 'ansible.legacy.uri'],
  summary: 'Sends an HTTP request from the host',
  examples: [
    'uri:\n  url: https://127.0.0.1:16443/readyz\n  ca_path: /etc/kubernetes/pki/ca.crt\n  return_content: true\nregister: ready\nuntil: ready.content == "ok"\nretries: 30\ndelay: 2',
    'uri:\n  url: https://hooks.example.org/deploy\n  method: POST\n  body_format: json\n  body:\n    host: "{{ inventory_hostname }}"\n  status_code: [200, 202]',
  ],
  params: uriParams,
  returns: z.looseObject({
    url: z.string().meta({ description: 'The URL' }),
    status: z.int().optional().meta({ description: 'Status of the answer; -1 where none came' }),
    content: z.string().optional().meta({ description: 'The body, where it was asked for' }),
    json: z.unknown().optional().meta({ description: 'The body as a value, where it is JSON' }),
    redirected: z.boolean().optional().meta({ description: 'Whether the request was redirected' }),
    elapsed: z.int().optional().meta({ description: 'Seconds that it took' }),
    cookies: z.looseObject({}).optional().meta({ description: 'Cookies that the answer sets' }),
    cookies_string: z.string().optional().meta({ description: 'The same as a header' }),
    path: z.string().optional().meta({ description: 'File that got the body' }),
    ...attributeReturns,
  }),
  convergence: (p) => (isRead(p) ? (p.dest === undefined ? 'reads' : 'converges') : 'always'),
  observe: (p, seen) => {
    const blocked = guards(p).length > 0 && !guards(p).every((one) => seen.maybe(one) !== undefined);
    if (blocked) return guards(p);
    if (idleReason(p, seen) !== undefined || !isRead(p)) return guards(p);
    const file = p.dest === undefined ? [] : [...destinationQueries(destination(p), seen), ...identityQueries(p)];
    return [...guards(p), readQuery(p), ...file];
  },
  plan: (p, seen, _inputs, context) => {
    const idle = idleReason(p, seen);
    if (idle !== undefined) return plan([], { why: idle });
    if (!isRead(p)) return plan([requestRun(p)], { unknown: 'what a request changes is only known once it was sent' });
    const answer = answerOfFact(seen(readQuery(p)));
    if (p.dest === undefined || !isGood(p, answer))
      return plan([], { why: 'a request that only reads changes nothing' });
    const path = destinationPath(destination(p), seen);
    const { mode, owner, group } = p;
    const rest = { backup: false, validate: undefined, follow: true, force: true };
    const wish = { path, content: contentOf(bytesOf(answer.body)), attributes: { mode, owner, group }, ...rest };
    return planFile(wish, seen(targetQuery(path, true)), seen, context, undefined);
  },
  result: (p, seen, _plan, done): JsonObject => {
    const idle = idleReason(p, seen);
    if (idle !== undefined) return { msg: idle, url: p.url, changed: false };
    const [outcome] = done;
    if (!isRead(p) && outcome === undefined) return { url: p.url };
    const answer = isRead(p)
      ? answerOfFact(seen(readQuery(p)))
      : outcome === undefined
        ? undefined
        : answerOfRun(outcome, p.url);
    if (answer === undefined) return { url: p.url };
    const fields = answerFields(answer, p.url, { statuses: p.status_code, content: p.return_content });
    if (p.dest === undefined || !isGood(p, answer)) return fields;
    const path = destinationPath(destination(p), seen);
    const fact = seen.maybe(targetQuery(path, true));
    const attributes = attributeFields(p, fact, seen, { type: 'file', size: bytesOf(answer.body).length });
    return { ...fields, path, dest: path, ...attributes };
  },
});
