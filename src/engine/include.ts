import { formatDiagnostics } from '../core/diagnostic-text.ts';
import type { JsonObject } from '../core/value.ts';
import { toJson } from '../core/value.ts';
import type { Include } from '../playbook/tree.ts';
import type { BatchContext, Inside, RunEntries } from './context.ts';
import { doubtHost } from './doubt.ts';
import type { Doubt, HostState } from './host-state.ts';
import { loadIncluded, type Wanted, wantedBy, withVars } from './included.ts';
import { refused } from './results.ts';
import { noteRoles } from './role-once.ts';
import { reportFailure, reportIncluded, reportSkipped, reportUnknown, startTask } from './telling.ts';

/** Evaluates a dynamic include on each host, then runs each distinct thing that was asked for on the hosts that asked for it. */
export async function runInclude(
  include: Include,
  hosts: readonly HostState[],
  batch: BatchContext,
  inside: Inside,
  runEntries: RunEntries,
): Promise<void> {
  if (hosts.length === 0) return;
  const taskId = batch.play.run.nextId('task');
  startTask(include, taskId, 'include', include.what === 'role' ? 'include_role' : 'include_tasks', batch, hosts[0]);
  const wanted: (Wanted & { readonly key: string })[] = [];
  const doubts = new Map<HostState, Doubt>();
  for (const host of hosts) {
    const found = await wantedBy(include, host, batch);
    if (found.kind === 'unknown') {
      doubtHost(host, found.note, 'run-end');
      reportUnknown(batch, taskId, host, found.note);
      continue;
    }
    if (found.kind === 'skipped') {
      reportSkipped(batch, taskId, host, found.note);
      continue;
    }
    if (found.kind === 'failed') {
      reportFailure(batch, taskId, include, host, found.failure, inside);
      continue;
    }
    for (const one of found.wanted) {
      const key = JSON.stringify([one.target, one.from, one.vars === undefined ? null : toJson(one.vars)]);
      // A host that asks for the same twice has it twice.
      const before = wanted.find((earlier) => earlier.key === key && !earlier.hosts.includes(host));
      if (before !== undefined) before.hosts.push(host);
      else wanted.push({ ...one, key, include: withVars(include, one.vars), hosts: [host] });
    }
    const result: JsonObject = { changed: false, include: found.wanted.map((one) => one.target) };
    if (found.doubt === undefined) reportIncluded(batch, taskId, host, result);
    else {
      doubts.set(host, { because: found.doubt, until: 'play-end' });
      reportUnknown(batch, taskId, host, found.doubt);
    }
  }
  const brought = wanted.flatMap((one) => {
    const loaded = loadIncluded(one, batch);
    if (loaded.ok) {
      // Ansible counts each file or role that was included, not the task.
      for (const host of one.hosts) if (!doubts.has(host)) host.counts.ok += 1;
      return [{ ...loaded.value, hosts: one.hosts }];
    }
    const message = `Cannot include "${one.target}":\n${formatDiagnostics(loaded.diagnostics, 'text', { color: false })}`;
    for (const host of one.hosts) reportFailure(batch, taskId, include, host, refused(message, include.at), inside);
    return [];
  });
  for (const { entries, handlers, roles, role, hosts: some } of brought) {
    batch.play.dynamicHandlers.push(...handlers);
    noteRoles(batch.play.roleUses, entries);
    if (role !== undefined) batch.play.includedRoles.push(role);
    batch.play.publicRoles.push(...roles, ...(role !== undefined && include.public ? [role] : []));
    const included = some.filter((host) => host.stopped === undefined);
    for (const host of included) host.doubt ??= doubts.get(host);
    await runEntries(entries, included, batch, inside);
    for (const host of included) if (host.doubt === doubts.get(host)) host.doubt = undefined;
  }
}
