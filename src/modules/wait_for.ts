import { z } from 'zod';
import { compilePythonRegex } from '../core/python-regex.ts';
import type { JsonObject } from '../core/value.ts';
import { file, wait } from '../host/ask.ts';
import type { Condition } from '../host/condition.ts';
import type { FileQuery, WaitQuery } from '../host/observation.ts';
import { textOf } from '../host/quote.ts';
import { type Context, defineModule, type Seen } from '../module/define.ts';
import { extendedRegex } from '../module/extended-regex.ts';
import { choice, int, optional, path, text, withDefault } from '../module/params.ts';
import { plan, refuse } from '../module/plan.ts';

const params = z
  .strictObject({
    host: withDefault(text(), '127.0.0.1', 'Name or address to connect to, seen from the host'),
    port: optional(int({ min: 1, max: 65535 }), 'TCP port'),
    path: optional(path(), 'Path on the host'),
    search_regex: optional(
      text(),
      "Python's regular expression that a line of the file, or of what comes from the port, must match",
    ),
    state: withDefault(
      choice(['absent', 'drained', 'present', 'started', 'stopped']),
      'started',
      'What to wait for: a port that answers or a path that is there ("started", "present"), the opposite ("stopped", "absent"), or no connection left ("drained")',
    ),
    timeout: withDefault(int({ min: 0 }), 300, 'Seconds to wait at most'),
    delay: withDefault(int({ min: 0 }), 0, 'Seconds to wait before the first look'),
    sleep: withDefault(int({ min: 1 }), 1, 'Seconds between two looks'),
    connect_timeout: withDefault(int({ min: 1 }), 5, 'Seconds for each try to connect'),
    msg: optional(text(), 'What to say where it does not come'),
  })
  .superRefine((p, context) => {
    const issue = (message: string, field: string): void =>
      context.addIssue({ code: 'custom', message, path: [field] });
    if (p.port !== undefined && p.path !== undefined) issue('Only one of "port" and "path" can be given', 'path');
    if (p.path !== undefined && (p.state === 'stopped' || p.state === 'drained')) {
      issue(`State "${p.state}" needs "port"`, 'state');
    }
    if (p.state === 'drained' && p.port === undefined && p.path === undefined)
      issue('State "drained" needs "port"', 'state');
    if (p.search_regex === undefined) return;
    if (p.path === undefined && p.port === undefined) issue('"search_regex" needs "port" or "path"', 'search_regex');
    const pattern = extendedRegex(p.search_regex);
    if (!pattern.ok) issue(pattern.error, 'search_regex');
  });

type Params = z.output<typeof params>;

function conditionOf(p: Params): Condition | undefined {
  const isWanted = p.state === 'started' || p.state === 'present';
  if (p.path !== undefined) {
    const pattern = p.search_regex === undefined ? undefined : extendedRegex(p.search_regex);
    return {
      kind: 'path',
      path: p.path,
      present: isWanted,
      ...(pattern?.ok === true ? { search: pattern.value } : {}),
    };
  }
  if (p.port === undefined) return undefined;
  if (p.state === 'drained') return { kind: 'drained', port: p.port };
  const search = isWanted && p.search_regex !== undefined ? extendedRegex(p.search_regex) : undefined;
  return {
    kind: 'tcp',
    host: p.host,
    port: p.port,
    open: isWanted,
    timeoutMs: (search === undefined ? p.connect_timeout : Math.max(p.connect_timeout, p.timeout)) * 1000,
    ...(search?.ok === true ? { search: search.value } : {}),
  };
}

function queryOf(p: Params): WaitQuery | undefined {
  const until = conditionOf(p);
  if (until === undefined) return undefined;
  return wait(until, { timeoutMs: p.timeout * 1000, delayMs: p.delay * 1000, intervalMs: p.sleep * 1000 });
}

/** Groups of the pattern are read from the file once it has come. */
function contentQuery(p: Params): FileQuery | undefined {
  if (p.path === undefined || p.search_regex?.includes('(') !== true) return undefined;
  return file(p.path, { follow: true, contentLimit: 1024 * 1024 });
}

function timeoutText(p: Params): string {
  if (p.msg !== undefined) return p.msg;
  if (p.path === undefined) {
    if (p.search_regex !== undefined && (p.state === 'started' || p.state === 'present'))
      return `Timeout when waiting for search string ${p.search_regex} in ${p.host}:${p.port ?? ''}`;
    const what = p.state === 'drained' ? ' to drain' : p.state === 'stopped' || p.state === 'absent' ? ' to stop' : '';
    return `Timeout when waiting for ${p.host}:${p.port ?? ''}${what}`;
  }
  if (p.search_regex !== undefined) return `Timeout when waiting for search string ${p.search_regex} in ${p.path}`;
  return p.state === 'absent'
    ? `Timeout when waiting for ${p.path} to be absent.`
    : `Timeout when waiting for file ${p.path}`;
}

/** What the expression was found in. */
function foundText(p: Params, seen: Seen): string {
  const query = contentQuery(p);
  const fact = query === undefined ? undefined : seen.maybe(query);
  if (fact !== undefined) return fact.exists ? textOf(fact.content ?? new Uint8Array()) : '';
  const waited = p.port === undefined ? undefined : queryOf(p);
  const came = waited === undefined ? undefined : seen.maybe(waited);
  return came?.met === true ? came.last : '';
}

function groupsOf(p: Params, seen: Seen): JsonObject {
  const regex = compilePythonRegex(p.search_regex ?? '', { multiline: true });
  const match = regex.ok && p.search_regex !== undefined ? regex.value.exec(foundText(p, seen)) : null;
  return {
    match_groups: (match ?? []).slice(1).map((group) => group ?? null),
    match_groupdict: { ...match?.groups },
  };
}

/** In check mode a single look: what it waits for may come of a task that does not run there. */
function asked(p: Params, { check }: Pick<Context, 'check'>): Params {
  return check ? { ...p, timeout: 0, delay: 0 } : p;
}

/** A condition that comes by itself. */
export default defineModule({
  name: 'wait_for',
  aliases: ['ansible.builtin.wait_for', 'ansible.legacy.wait_for'],
  summary: 'Waits until a port answers or a file is there',
  examples: ['wait_for:\n  port: 6443\n  timeout: 120', 'wait_for:\n  path: /var/lib/kubelet/config.yaml\n  delay: 2'],
  params,
  returns: z.object({
    elapsed: z.int().meta({ description: 'Seconds that it waited' }),
    state: z.string().meta({ description: 'The state that was waited for' }),
    port: z.int().nullable().meta({ description: 'The port' }),
    path: z.string().nullable().meta({ description: 'The path' }),
    search_regex: z.string().nullable().meta({ description: 'The expression' }),
    match_groups: z.array(z.string().nullable()).meta({ description: 'Groups of the match' }),
    match_groupdict: z.looseObject({}).meta({ description: 'Named groups of the match' }),
  }),
  convergence: () => 'reads',
  observe: (written, seen, _inputs, context) => {
    const p = asked(written, context);
    const query = queryOf(p);
    if (query === undefined) return [];
    const content = contentQuery(p);
    return [query, ...(content !== undefined && seen.maybe(query)?.met === true ? [content] : [])];
  },
  plan: (written, seen, _inputs, context) => {
    const p = asked(written, context);
    const query = queryOf(p);
    if (query === undefined) {
      return plan([], {
        effects: [{ kind: 'pause', ms: (p.delay + p.timeout) * 1000, echo: false }],
        why: 'waiting changes nothing',
      });
    }
    const fact = seen(query);
    if (fact.met) return plan([], { why: 'waiting changes nothing' });
    if (context.check)
      return plan([], { unknown: 'what it waits for may come of a task that check mode does not run' });
    const last = fact.last.trim();
    return refuse(last === '' || p.msg !== undefined ? timeoutText(p) : `${timeoutText(p)} (last seen: ${last})`, {
      result: { elapsed: Math.round(fact.elapsedMs / 1000) },
    });
  },
  result: (written, seen, _plan, _outcomes, _inputs, context) => {
    const p = asked(written, context);
    const query = queryOf(p);
    const fact = query === undefined ? undefined : seen.maybe(query);
    return {
      elapsed: fact === undefined ? p.timeout : Math.round(fact.elapsedMs / 1000),
      state: p.state,
      port: p.port ?? null,
      path: p.path ?? null,
      search_regex: p.search_regex ?? null,
      ...groupsOf(p, seen),
    };
  },
});
