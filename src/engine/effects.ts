import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result, unreachable } from '../core/result.ts';
import type { JsonObject } from '../core/value.ts';
import { quote } from '../host/quote.ts';
import { addHost, addToGroup } from '../inventory/change.ts';
import type { Inventory } from '../inventory/model.ts';
import type { Effect } from '../module/effect.ts';
import type { BatchContext, RunContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { rest } from './rest.ts';
import type { Shell } from './shell.ts';
import { knownAll } from './variables.ts';
import { variablesFromJson } from './vars-file.ts';

/** Whom an effect concerns: the host of the task, and those that facts belong to. */
export interface Subjects {
  readonly host: HostState;
  readonly factsOf: readonly HostState[];
}

/** Carries out what a module asks of the controller. What comes of it belongs to the result, such as what an operator typed. */
export async function carryOut(
  effect: Effect,
  { host, factsOf }: Subjects,
  batch: BatchContext,
  shell: Shell,
): Promise<Result<JsonObject, Failure>> {
  const { run } = batch.play;
  const { clock, controller, signal } = run.options;
  switch (effect.kind) {
    case 'set-facts':
      for (const one of factsOf) setFacts(effect, one);
      return ok({});
    case 'add-host': {
      const vars = new Map(knownAll(effect.vars, 'inventory-host', 'add_host'));
      const { named, added } = batch.play;
      const isNew = !run.inventory.hosts.has(effect.name) && !named.some((one) => one.name === effect.name);
      if (isNew && !added.includes(effect.name)) added.push(effect.name);
      return changeInventory(run, (inventory) => addHost(inventory, effect.name, effect.groups, vars));
    }
    case 'group-by':
      return changeInventory(run, (inventory) => addToGroup(inventory, host.name, effect.key, effect.parents));
    case 'pause':
      if (effect.prompt !== undefined) {
        const answer = await controller.prompt(effect.prompt, effect.echo);
        return ok({ user_input: answer ?? '' });
      }
      await rest(clock, effect.ms ?? 0, signal);
      return ok({});
    case 'await-connection':
      return awaitConnection(effect, shell);
    case 'save-file':
      return saveFile(effect, resolve(batch.play.play.baseDir, effect.localPath), run.options.runId, shell);
    default:
      return unreachable(effect);
  }
}

function changeInventory(run: RunContext, change: (inventory: Inventory) => Inventory): Result<JsonObject, Failure> {
  run.inventoryChanges.push(change);
  run.inventory = change(run.inventory);
  return ok({});
}

function setFacts({ facts, as }: Of<'set-facts'>, host: HostState): void {
  if (as === 'include_vars') {
    for (const [name, variable] of variablesFromJson(facts, 'include-vars')) host.includeVars.set(name, variable);
    return;
  }
  if (as === 'facts') {
    for (const [name, variable] of knownAll(facts, 'fact', 'facts'))
      host.facts.set(`ansible_${name.replace(/^ansible_/, '')}`, variable);
    return;
  }
  if (as === 'named_facts') {
    for (const [name, variable] of knownAll(facts, 'fact', 'facts')) host.facts.set(name, variable);
    return;
  }
  for (const [name, variable] of knownAll(facts, 'set-fact', 'set_fact')) host.setFacts.set(name, variable);
}

type Of<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

/** A file that is there already with the same content is left alone. */
async function saveFile(
  effect: Of<'save-file'>,
  path: string,
  runId: string,
  shell: Shell,
): Promise<Result<JsonObject, Failure>> {
  const old = await readFile(path).catch(() => undefined);
  if (old !== undefined && sha256(old) === effect.sha256) return ok({ dest: path, changed: false });
  const bytes = await readRemote(effect.remotePath, shell);
  if (!bytes.ok) return bytes;
  try {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.hlb-${runId}`;
    await writeFile(temporary, bytes.value);
    await rename(temporary, path);
    return ok({ dest: path, changed: true });
  } catch (error) {
    const message = `Cannot save "${path}" on the controller: ${error instanceof Error ? error.message : String(error)}`;
    return err({ reason: 'module-refused', message, retry: 'permanent' });
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Each try is a connection of its own: the one that is open may lead to nobody. */
async function awaitConnection(effect: Of<'await-connection'>, shell: Shell): Promise<Result<JsonObject, Failure>> {
  const { clock, signal } = shell;
  const began = clock.monotonic();
  await rest(clock, effect.delayMs, signal);
  for (;;) {
    await shell.drop();
    const session = await shell.session();
    const answered = session.ok ? await session.value.run([{ script: ':', fatal: true }], { signal }) : session;
    const elapsed = clock.monotonic() - began;
    if (answered.ok) return ok({ elapsed: Math.round(elapsed / 1000) });
    if (elapsed + effect.intervalMs > effect.timeoutMs) return answered;
    if (!(await rest(clock, effect.intervalMs, signal))) return answered;
  }
}

/** Read by the task's own user, who may see what the connection's may not. */
async function readRemote(path: string, shell: Shell): Promise<Result<Uint8Array, Failure>> {
  const session = await shell.session();
  if (!session.ok) return session;
  const results = await session.value.run([{ script: `cat -- ${quote(path)}`, fatal: true }], { signal: shell.signal });
  if (!results.ok) return results;
  const [result] = results.value;
  if (result?.status === 'done' && result.code === 0) return ok(result.stdout);
  return err({ reason: 'command-failed', message: `Cannot read "${path}" on the host`, retry: 'permanent' });
}
