import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/events.ts';
import type { Json } from '../../src/core/value.ts';
import { folder, localHosts, type PlayOptions, type PlayRun, runPlay } from '../rig/run-play.ts';

type Entry = Readonly<Record<string, Json>>;

const path = fc.constantFrom('a', 'b', 'd', 'd/x', 'd/e', 'd/e/f', 'l').map((name) => `{{ root }}/${name}`);
const mode = fc.constantFrom('0600', '0644', '0755');
const word = fc.constantFrom('one', 'two', '{{ fact | default("no fact") }}', '{{ inventory_hostname }}');
const reading = fc.constantFrom(
  '{{ said is defined and said is changed }}',
  '{{ said.rc | default("none") }}',
  '{{ derived }}',
  '{{ ansible_play_hosts | length }}',
);
const text = fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: reading });

const action: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ path, state: fc.constantFrom('directory', 'touch', 'absent', 'file'), mode }).map((file) => ({
    file: file.state === 'touch' ? { ...file, modification_time: 'preserve', access_time: 'preserve' } : file,
  })),
  fc.record({ src: path, path, force: fc.boolean() }).map((link) => ({ file: { ...link, state: 'link' } })),
  fc.record({ content: text, dest: path, mode }).map((copy) => ({ copy })),
  fc
    .record({ src: fc.constantFrom('from.txt', '{{ fact | default("missing") }}.txt'), dest: path })
    .map((copy) => ({ copy })),
  fc.record({ dest: path }).map(({ dest }) => ({ template: { src: 'from.j2', dest } })),
  fc
    .record({ path, line: text, create: fc.boolean(), state: fc.constantFrom('present', 'absent') })
    .map((lineinfile) => ({ lineinfile })),
  fc
    .record({ path, line: word })
    .map(({ path: where, line }) => ({ lineinfile: { path: where, line, regexp: '^t', create: true } })),
  fc.constantFrom('true', 'test {{ inventory_hostname }} != h2', 'cat {{ root }}/a').map((command) => ({ command })),
  fc
    .constantFrom(
      'echo more >> {{ root }}/b',
      'mkdir {{ root }}/d',
      'rm -rf {{ root }}/d',
      'exit 3',
      'echo {{ fact | default("-") }}',
    )
    .map((shell) => ({ shell })),
  fc.constantFrom('true', 'cat {{ root }}/b || :').map((shell) => ({ shell, changed_when: false })),
  text.map((fact) => ({ set_fact: { fact } })),
  fc.record({ path }).map((stat) => ({ stat })),
  text.map((msg) => ({ debug: { msg } })),
  fc.constantFrom({ fail: { msg: 'on purpose' } }, { assert: { that: 'inventory_hostname != "h1"' } }),
);

const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 5 });

const keywords = fc.record({
  when: rarely(
    fc.constantFrom(
      'inventory_hostname != "h2"',
      'fact is defined',
      'said is defined and said is changed',
      'said is not failed',
      'ansible_play_hosts | length > 1',
    ),
  ),
  register: rarely(fc.constant('said')),
  ignore_errors: rarely(fc.constant(true)),
  loop: rarely(fc.constantFrom<Json[]>(['one', 'two'], ['x', 'x', 'y'], [])),
  notify: rarely(fc.constantFrom('first', 'second', '{{ "no" ~ "body" }}')),
  changed_when: rarely(fc.constantFrom<Json>(true, 'said.rc | default(0) == 0', '{"h1": true}[inventory_hostname]')),
  failed_when: rarely(fc.constantFrom<Json>(true, false, 'said is failed')),
  no_log: rarely(fc.constant(true)),
  diff: rarely(fc.boolean()),
});

const withItem = (value: Json): Json =>
  typeof value === 'string'
    ? value.replace('one', '{{ item }}').replace('/a', '/{{ item }}').replace('more', '{{ item }}')
    : value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withItem(inner ?? null)]))
      : value;

const task: fc.Arbitrary<Entry> = fc.tuple(action, keywords).map(([module, extra]) => {
  const entries = Object.entries(extra).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  const looped = extra.loop === undefined ? module : withItem(module);
  return { ...(isEntry(looped) ? looped : {}), ...Object.fromEntries(entries) };
});

const tasks = fc.array(task, { minLength: 1, maxLength: 4 });

const block: fc.Arbitrary<Entry> = fc
  .record({ block: tasks, rescue: rarely(tasks), always: rarely(tasks), when: rarely(fc.constant('fact is defined')) })
  .map((one) => Object.fromEntries(Object.entries(one).flatMap(([key, value]) => (value ? [[key, value]] : []))));

const named = (entries: readonly Entry[], prefix: string): Json[] =>
  entries.map((entry, index) => {
    const name = `${prefix}${index}`;
    const inner = Object.fromEntries(
      ['block', 'rescue', 'always'].flatMap((key) => {
        const list = entry[key];
        return Array.isArray(list) ? [[key, named(list.filter(isEntry), `${name}.${key}.`)]] : [];
      }),
    );
    return { name, ...entry, ...inner };
  });

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const plays = fc.record({
  entries: fc.array(fc.oneof({ weight: 5, arbitrary: task }, { weight: 1, arbitrary: block }), {
    minLength: 2,
    maxLength: 7,
  }),
  handlers: fc.tuple(task, task),
  hosts: fc.integer({ min: 1, max: 3 }),
  check: fc.boolean().chain((one) => (one ? fc.boolean() : fc.constant(false))),
  diff: fc.boolean(),
});

type Play = typeof plays extends fc.Arbitrary<infer T> ? T : never;

function playbook({ entries, handlers }: Play): string {
  const [first, second] = handlers;
  return JSON.stringify([
    {
      hosts: 'all',
      gather_facts: false,
      vars: { said: { changed: false, failed: false }, derived: 'derived from {{ fact | default("nothing") }}' },
      tasks: named(entries, 't'),
      handlers: [
        { ...first, name: 'first' },
        { ...second, name: 'second' },
      ],
    },
  ]);
}

/** Times, ids and what else no two runs share. */
const incidental = new Set([
  'start',
  'end',
  'delta',
  'atime',
  'mtime',
  'ctime',
  'inode',
  'dev',
  'block_size',
  'blocks',
]);

function normal(value: unknown, dir: string): unknown {
  const text = JSON.stringify(value, (key, inner: unknown) => (incidental.has(key) ? undefined : inner));
  return text === undefined ? undefined : (JSON.parse(text.replaceAll(dir, '')) as unknown);
}

/** One line a task: its name, then what each host told of it in order; intents, which may come in pieces, put together. */
function told(events: readonly Event[], dir: string): readonly unknown[] {
  const parts: { readonly head: unknown; readonly hosts: Map<string, { intents: string[]; told: unknown[] }> }[] = [];
  const byTask = new Map<string, (typeof parts)[number]>();
  for (const event of events) {
    if (event.type === 'task-start') {
      const part = { head: [event.name, event.kind], hosts: new Map() };
      parts.push(part);
      byTask.set(event.taskId, part);
    } else if ('taskId' in event) {
      const part = byTask.get(event.taskId);
      if (part === undefined || part !== parts.at(-1)) throw new Error(`An event of another task: ${event.type}`);
      const host = part.hosts.get(event.host) ?? { intents: [], told: [] };
      part.hosts.set(event.host, host);
      if (event.type === 'intent') host.intents.push(...event.changes);
      else {
        const { at: _at, taskId: _id, ...rest } = event;
        host.told.push('durationMs' in rest ? { ...rest, durationMs: 0 } : rest);
      }
    }
  }
  return parts.map(({ head, hosts }) =>
    normal([head, Object.fromEntries([...hosts].toSorted(([a], [b]) => a.localeCompare(b)))], dir),
  );
}

/** Every file below a folder: kind, mode, content. */
function tree(root: string, dir: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const full = join(root, name);
      const info = lstatSync(full);
      const rights = (info.mode & 0o7777).toString(8);
      if (info.isSymbolicLink()) return `${name} -> ${readlinkSync(full).replaceAll(dir, '')}`;
      return info.isDirectory() ? `${name}/ ${rights}` : `${name} ${rights} ${readFileSync(full, 'utf8')}`;
    });
}

async function outcomeOf(play: Play, options: PlayOptions): Promise<unknown> {
  const made = folder({
    'site.yml': playbook(play),
    'files/from.txt': 'from a file\n',
    'templates/from.j2': '{{ fact | default("none") }} on {{ inventory_hostname }}\n',
  });
  try {
    writeFileSync(join(made.dir, 'inventory'), localHosts(play.hosts, made.dir));
    const passes = [];
    // The second pass finds what the first left: a warm run.
    for (const pass of ['cold', 'warm']) {
      const run: PlayRun = await runPlay(made.dir, { ...options, check: play.check, diff: play.diff });
      const hosts = Object.entries(run.outcome.hosts).map(([name, counts]) => [name, { ...counts, roundTrips: 0 }]);
      passes.push({
        pass,
        told: told(run.events, made.dir),
        hosts,
        exitCode: run.outcome.exitCode,
        files: tree(join(made.dir, 'hosts'), made.dir),
      });
    }
    return passes;
  } finally {
    made.remove();
  }
}

describe('fusing', () => {
  it('is not to be told from running each task alone, by end state, results and order', async () => {
    await fc.assert(
      fc.asyncProperty(plays, async (play) => {
        expect(await outcomeOf(play, { fuse: true })).toEqual(await outcomeOf(play, { fuse: false }));
      }),
      // A play that hangs is a counterexample with a seed, not a suite that is late.
      { numRuns: 30, timeout: 60_000, interruptAfterTimeLimit: 120_000 },
    );
  });
});
