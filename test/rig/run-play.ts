import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Diagnostic, hasErrors } from '../../src/core/diagnostic.ts';
import { formatDiagnostics } from '../../src/core/diagnostic-text.ts';
import type { Event, HostResult } from '../../src/core/events.ts';
import { createRedactor } from '../../src/core/redact.ts';
import { openFileStore } from '../../src/engine/file-store.ts';
import type { RunOptions } from '../../src/engine/options.ts';
import { type RunOutcome, run } from '../../src/engine/run.ts';
import { builtinGuards } from '../../src/guards/registry.ts';
import { loadInventory } from '../../src/inventory/load.ts';
import { matchHosts } from '../../src/inventory/patterns.ts';
import { createGuardRegistry, type Guard } from '../../src/module/guard.ts';
import type { Module } from '../../src/module/define.ts';
import { createRegistry } from '../../src/module/registry.ts';
import { builtinModules } from '../../src/modules/registry.ts';
import { loadPlaybooks } from '../../src/playbook/load.ts';
import { loadRole, loadTasksFile } from '../../src/playbook/load-include.ts';
import type { LoadOptions } from '../../src/playbook/loading.ts';
import { createTransport } from '../../src/transport/transport.ts';
import { realClock } from './clock.ts';

export interface PlayRun {
  readonly dir: string;
  readonly events: readonly Event[];
  readonly outcome: RunOutcome;
  readonly diagnostics: readonly Diagnostic[];
  /** `task name: host outcome` in the order told. */
  readonly story: readonly string[];
  readonly results: (task: string) => readonly HostResult[];
  readonly journal: readonly unknown[];
}

export type PlayOptions = Partial<Omit<RunOptions, 'limit'>> & {
  readonly limit?: string;
  readonly extra?: Readonly<Record<string, string>>;
  /** Beside those that hlb brings along. */
  readonly guards?: readonly Guard[];
  readonly modules?: readonly Module[];
};

/** A folder with the given files; removed by `remove`. */
export function folder(files: Readonly<Record<string, string>>): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'hlb-play-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Hosts that are this machine, each with its own folder `root` to work in. */
export function localHosts(count: number, dir: string): string {
  const hosts = Array.from({ length: count }, (_, index) => {
    const root = join(dir, 'hosts', `h${index + 1}`);
    mkdirSync(root, { recursive: true });
    return `h${index + 1} ansible_connection=local root=${root}`;
  });
  return `[all]\n${hosts.join('\n')}\n`;
}

/** Runs `site.yml` of a folder on local hosts with the real engine, transport and modules. */
export async function runPlay(dir: string, options: PlayOptions = {}): Promise<PlayRun> {
  const registry = createRegistry([...builtinModules, ...(options.modules ?? [])]);
  const guards = createGuardRegistry([...builtinGuards, ...(options.guards ?? [])]);
  const execute = promisify(execFile);
  const loaded = await loadInventory({
    sources: [join(dir, 'inventory')],
    playbookDirs: [dir],
    runProgram: async (path, args) => {
      const { stdout, stderr } = await execute(path, [...args]);
      return { code: 0, stdout, stderr };
    },
  });
  const load: LoadOptions = {
    registry,
    guards,
    inventory: loaded.inventory,
    extraVarNames: Object.keys(options.extra ?? {}),
    readFile: (path) => (existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : undefined),
    exists: (path) => existsSync(path),
    list: (path) => (existsSync(path) ? readdirSync(path) : []),
    rolesPaths: [],
  };
  const { playbooks, diagnostics } = loadPlaybooks([join(dir, 'site.yml')], load);
  const all = [...loaded.diagnostics, ...diagnostics];
  if (hasErrors(all)) throw new Error(formatDiagnostics(all, 'text', { color: false }));
  const events: Event[] = [];
  const journal = join(dir, 'journal.ndjson');
  const { limit, extra, guards: _, modules: __, ...rest } = options;
  const at = { source: { path: '-e', text: '' }, start: 0, end: 0 };
  const outcome = await run({
    runId: 'test',
    playbooks,
    inventory: loaded.inventory,
    ...(limit === undefined ? {} : { limit: new Set(matchHosts(limit, loaded.inventory).hosts) }),
    extraVars: new Map(
      Object.entries(extra ?? {}).map(([name, value]) => [
        name,
        { term: { kind: 'constant', value, at }, level: 'extra', origin: '-e' },
      ]),
    ),
    module: registry.find,
    guard: guards.find,
    load: {
      tasks: (path, include) => loadTasksFile(path, include, load),
      role: (name, include, from) => loadRole(name, include, load, from),
    },
    readFile: load.readFile,
    transport: createTransport({ clock: realClock, random: Math.random, onWarning: () => undefined }),
    controller: {
      env: (name) => process.env[name],
      pipe: async (command) => {
        const { stdout, stderr } = await execute('/bin/sh', ['-c', command]);
        return { code: 0, stdout, stderr };
      },
      prompt: async () => 'answer',
      python: () => '/usr/bin/python3',
      password: ({ initial = 'secret' }) => ({ text: initial }),
      workingDirectory: dir,
      home: homedir(),
    },
    connection: {
      connection: 'auto',
      hostKey: 'strict',
      connectTimeoutMs: 5000,
      become: false,
      becomeUser: 'root',
      becomeMethod: 'sudo',
    },
    clock: realClock,
    random: Math.random,
    emit: (event) => events.push(event),
    redactor: createRedactor(),
    store: await openFileStore(journal),
    signal: new AbortController().signal,
    forks: 5,
    check: false,
    diff: false,
    fuse: true,
    tags: { only: [], skip: [] },
    verbosity: 0,
    ...rest,
  });
  const names = new Map(
    events.flatMap((event) => (event.type === 'task-start' ? [[event.taskId, event.name] as const] : [])),
  );
  const hostResults = events.filter((event): event is HostResult => event.type === 'host-result');
  return {
    dir,
    events,
    outcome,
    diagnostics: all,
    story: hostResults.map((one) => `${names.get(one.taskId)}: ${one.host} ${one.outcome}`),
    results: (task) => hostResults.filter((one) => names.get(one.taskId) === task),
    journal: readFileSync(journal, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line)),
  };
}
