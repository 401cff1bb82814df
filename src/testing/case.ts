import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json, JsonObject } from '../core/value.ts';
import type { Change, ChangeOutcome } from '../host/change.ts';
import { factOf, type Known } from '../host/facts.ts';
import { keyOf } from '../host/key.ts';
import type { FactOf, Observation } from '../host/observation.ts';
import { canonicalArguments } from '../module/arguments.ts';
import type { Context, Module, Plan, Seen, Stage } from '../module/define.ts';
import { type Inputs, type Need, type NeedTable } from '../module/need.ts';
import { answer, isPart, type KnownFact } from './facts.ts';
import { inputSchemas } from './input-schemas.ts';

const Facts = z.array(
  z.strictObject({ ask: z.record(z.string(), z.unknown()), fact: z.record(z.string(), z.unknown()).default({}) }),
);
const Records = z.array(z.record(z.string(), z.unknown()));

const ran = {
  code: z.int().default(0),
  stdout: z.string().default(''),
  stderr: z.string().default(''),
  durationMs: z.number().default(10),
};
/** What became of a change: done without a word unless the case says otherwise. */
const Outcome: z.ZodType<ChangeOutcome> = z.union([
  z.strictObject({
    status: z.literal('done').default('done'),
    ...ran,
    noop: z.boolean().exactOptional(),
    backup: z.string().exactOptional(),
  }),
  z.strictObject({
    status: z.literal('failed'),
    ...ran,
    reason: z.enum(['exit-code', 'timeout', 'verify', 'validate', 'not-started', 'no-directory']),
  }),
  z.strictObject({ status: z.literal('stale'), message: z.string() }),
  z.strictObject({ status: z.literal('skipped') }),
]);

/** A stage that is planned once the changes before it were made. */
const Later = z.strictObject({
  host: Facts.default([]),
  changes: Records.default([]),
  why: z.string().optional(),
  refuse: z.string().optional(),
});

/** A module's case as data: what it was asked, what the host is like, and what must come of it. */
export const Case = z.strictObject({
  /** Why this is what must come of it. A case without changes cannot do without. */
  why: z.string().optional(),
  params: z.json(),
  now: z.number().default(1_700_000_000),
  check: z.boolean().default(false),
  verbosity: z.number().default(0),
  host: Facts.default([]),
  inputs: z
    .array(z.strictObject({ need: z.record(z.string(), z.unknown()), input: z.record(z.string(), z.unknown()) }))
    .default([]),
  /** Rounds of observation; one unless said otherwise. */
  rounds: z.int().default(1),
  changes: Records.default([]),
  effects: Records.optional(),
  unknown: z.string().optional(),
  skip: z.boolean().optional(),
  /** What follows once the changes were made. */
  later: z.array(Later).default([]),
  disrupts: z.array(z.string()).optional(),
  done: z.array(Outcome).default([]),
  result: z.record(z.string(), z.unknown()).optional(),
  /** A part of the reason. */
  refuse: z.string().optional(),
  /** A part of what is wrong with the parameters. */
  invalid: z.string().optional(),
});
export type Case = z.output<typeof Case>;

function seenIn(facts: ReadonlyMap<string, Known>): Seen {
  const maybe = <const O extends Observation>(observation: O): FactOf<O> | undefined => factOf(facts, observation);
  const seen = <const O extends Observation>(observation: O): FactOf<O> => {
    const fact = maybe(observation);
    if (fact === undefined) throw new Error(`The module never asked for ${keyOf(observation)}`);
    return fact;
  };
  return Object.assign(seen, { maybe });
}

/** Asks as the engine does: until nothing new is named. Returns how often it had to. */
function observeAll(
  observe: (seen: Seen) => readonly Observation[],
  facts: Map<string, Known>,
  host: readonly KnownFact[],
): number {
  for (let rounds = 0; rounds < 5; rounds++) {
    const missing = observe(seenIn(facts)).filter((one) => !facts.has(keyOf(one)));
    if (missing.length === 0) return rounds;
    for (const one of missing) facts.set(keyOf(one), { observation: one, fact: answer(one, host) });
  }
  throw new Error('The module asks in more than four rounds');
}

function inputsOf(one: Case): Inputs {
  return <const N extends Need>(need: N): NeedTable[N['kind']] => {
    const known = one.inputs.find((entry) => isPart(entry.need, need));
    if (known === undefined) throw new Error(`The case has no input for ${JSON.stringify(need)}`);
    const kind: N['kind'] = need.kind;
    return readInput(kind, completeInput(kind, known.input));
  };
}

function readInput<K extends keyof NeedTable>(kind: K, input: unknown): NeedTable[K] {
  const read = inputSchemas[kind].safeParse(input);
  if (read.success) return read.data;
  throw new Error(`No input of the kind "${kind}" is so: ${z.prettifyError(read.error)}`);
}

const path = '/controller/file';

/** A tree is an empty folder, and a file's mode is 0644, unless the case says otherwise. */
function completeInput(kind: Need['kind'], input: Record<string, unknown>): Record<string, unknown> {
  if (kind === 'vars') return { path, ...input };
  if (kind !== 'tree') return completeFile(input);
  const files = Records.parse(input['files'] ?? []);
  const directories = Records.parse(input['directories'] ?? []).map((one) => ({ ...one, mode: modeOf(one) }));
  return { path, isDirectory: true, links: [], ...input, files: files.map(completeFile), directories };
}

/** A text named `content` becomes content with its hashes. */
function completeFile(input: Record<string, unknown>): Record<string, unknown> {
  const { content, ...given } = input;
  const data = new TextEncoder().encode(typeof content === 'string' ? content : '');
  const hash = (name: string): string => createHash(name).update(data).digest('hex');
  const made = {
    content: { kind: 'bytes', bytes: data, sha256: hash('sha256') },
    sha1: hash('sha1'),
    md5: hash('md5'),
  };
  return { path, ...given, mode: modeOf(input), ...made };
}

function modeOf({ mode }: Record<string, unknown>): number {
  return typeof mode === 'string' ? Number.parseInt(mode, 8) : 0o644;
}

/** A change as a case writes it: contents as text, modes as octal text, fields at their usual value left out. */
export function shownChange(change: Change): Record<string, unknown> {
  const shown = Object.entries(change).flatMap(([key, value]): [string, unknown][] => {
    if (value === undefined || value === false || (key === 'recursive' && change.kind === 'remove')) return [];
    if (key === 'env' && Object.keys(value).length === 0) return [];
    if (key === 'mode') return [[key, Number(value).toString(8).padStart(4, '0')]];
    if (key === 'content' && change.kind === 'write-file') {
      const { content } = change;
      return [[key, content.kind === 'bytes' ? new TextDecoder().decode(content.bytes) : content.localPath]];
    }
    if (key === 'command' && change.kind === 'run') {
      const { command } = change;
      if ('argv' in command) return [['argv', command.argv]];
      return [
        ['shell', command.shell],
        ...(command.executable === undefined ? [] : [['executable', command.executable] as [string, unknown]]),
      ];
    }
    if (key === 'guard') return [];
    if (change.kind === 'transaction' && Array.isArray(value)) return [[key, value.map(shownChange)]];
    return [[key, value]];
  });
  return Object.fromEntries(shown);
}

export interface Came {
  readonly invalid?: string;
  readonly rounds?: number;
  readonly plan?: Plan;
  readonly changes?: readonly Record<string, unknown>[];
  readonly later?: readonly { readonly changes: readonly Record<string, unknown>[]; readonly plan: Plan }[];
  readonly disrupts?: readonly string[];
  readonly result?: JsonObject;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Runs a case through a module as the engine would. */
export function runCase(module: Module, one: Case): Came {
  const given = one.params;
  const parsed = module.params.safeParse(isObject(given) ? canonicalArguments(module, given) : given);
  if (!parsed.success) {
    return { invalid: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') };
  }
  const params: unknown = parsed.data;
  const context: Context = {
    host: 'node1',
    check: one.check,
    diff: false,
    verbosity: one.verbosity,
    now: one.now,
  };
  const inputs = inputsOf(one);
  const facts = new Map<string, Known>();
  const rounds = observeAll((seen) => module.observe(params, seen, inputs, context), facts, one.host);
  const plan = module.plan(params, seenIn(facts), inputs, context);
  if (plan.kind === 'refuse') return { rounds, plan };
  const later: { changes: readonly Record<string, unknown>[]; plan: Plan }[] = [];
  let stage: Stage | undefined = plan.then;
  for (const expected of one.later) {
    if (stage === undefined) break;
    const current: Stage = stage;
    const after = new Map(expected.host.length > 0 ? [] : facts);
    observeAll((seen) => current.observe(seen), after, [...expected.host, ...one.host]);
    for (const [key, fact] of after) facts.set(key, fact);
    const next = current.plan(seenIn(facts));
    later.push({ plan: next, changes: next.kind === 'plan' ? next.changes.map(shownChange) : [] });
    stage = next.kind === 'plan' ? next.then : undefined;
  }
  if (stage !== undefined && !one.check) throw new Error('The plan has a stage more than the case');
  const result = module.result(params, seenIn(facts), plan, one.done, inputs, context);
  return {
    rounds,
    plan,
    changes: plan.changes.map(shownChange),
    later,
    disrupts: module.disrupts?.(params, plan, seenIn(facts), context) ?? ['nothing'],
    result,
  };
}
