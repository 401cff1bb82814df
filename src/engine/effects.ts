import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result, unreachable } from '../core/result.ts';
import { quote } from '../host/quote.ts';
import { addHost, addToGroup } from '../inventory/change.ts';
import type { Effect } from '../module/effect.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { rest } from './rest.ts';
import type { Shell } from './shell.ts';
import { knownAll } from './variables.ts';
import { variablesFromJson } from './vars-file.ts';

/** Carries out what a module asks of the controller. */
export async function carryOut(
  effect: Effect,
  host: HostState,
  batch: BatchContext,
  shell: Shell,
): Promise<Result<void, Failure>> {
  const { run } = batch.play;
  const { clock, controller, signal } = run.options;
  switch (effect.kind) {
    case 'set-facts': {
      const { facts } = effect;
      if (effect.as === 'include_vars') {
        for (const [name, variable] of variablesFromJson(facts, 'include-vars')) host.includeVars.set(name, variable);
      } else if (effect.as === 'set_fact') {
        for (const [name, variable] of knownAll(facts, 'set-fact', 'set_fact')) host.setFacts.set(name, variable);
      } else {
        for (const [name, variable] of knownAll(facts, 'fact', 'facts'))
          host.facts.set(`ansible_${name.replace(/^ansible_/, '')}`, variable);
      }
      return ok(undefined);
    }
    case 'add-host':
      run.inventory = addHost(
        run.inventory,
        effect.name,
        effect.groups,
        new Map(knownAll(effect.vars, 'inventory-host', 'add_host')),
      );
      return ok(undefined);
    case 'group-by':
      run.inventory = addToGroup(run.inventory, host.name, effect.key, effect.parents);
      return ok(undefined);
    case 'pause':
      if (effect.prompt !== undefined) {
        await controller.prompt(effect.prompt, effect.echo);
        return ok(undefined);
      }
      await rest(clock, effect.ms ?? 0, signal);
      return ok(undefined);
    case 'save-file': {
      const bytes = await readRemote(effect.remotePath, shell);
      if (!bytes.ok) return bytes;
      try {
        await mkdir(dirname(effect.localPath), { recursive: true });
        const temporary = `${effect.localPath}.hlb-${run.options.runId}`;
        await writeFile(temporary, bytes.value);
        await rename(temporary, effect.localPath);
        return ok(undefined);
      } catch (error) {
        const message = `Cannot save "${effect.localPath}" on the controller: ${error instanceof Error ? error.message : String(error)}`;
        return err({ reason: 'module-refused', message, retry: 'permanent' });
      }
    }
    default:
      return unreachable(effect);
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
