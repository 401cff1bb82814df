import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Call } from './call.ts';
import type { BatchContext } from './context.ts';
import type { HostState } from './host-state.ts';
import { createShell, findReach } from './open-shell.ts';
import type { Shell } from './shell.ts';
import type { Reach } from './target.ts';

/** The shells that the calls of a group work in: one for all of the same host, user and mode. */
export interface Shells {
  readonly of: (call: Call) => Promise<Shell>;
  /** Begins to open the connection that a call will need, while others are prepared. */
  readonly ahead: (call: Call) => void;
  /** Why nobody can know in check mode where a call would work. */
  readonly unknown: (call: Call) => Promise<string | undefined>;
  /** Whether a call works on the controller itself. */
  readonly isLocal: (call: Call) => Promise<boolean>;
}

export function createShells(host: HostState, batch: BatchContext, intend: Shell['intend']): Shells {
  const made = new Map<string, Shell>();
  let last: { readonly call: Call; readonly reach: Promise<Result<Reach, Failure>> } | undefined;
  const reachOf = (call: Call): Promise<Result<Reach, Failure>> => {
    if (last === undefined || (last.call !== call && !sameSetting(last.call, call)))
      last = { call, reach: findReach(call, host, batch) };
    return last.reach;
  };
  return {
    of: async (call) => {
      const reach = reachOf(call);
      const reached = await reach;
      const key = JSON.stringify([reached, call.context.check], (name, value: unknown) =>
        name === 'at' ? undefined : value,
      );
      const before = made.get(key);
      if (before !== undefined) return before;
      const worksOn = reached.ok ? batch.play.run.host(reached.value.target.name) : host;
      const shell = createShell(call, () => reach, worksOn, batch, intend, host.kept);
      made.set(key, shell);
      return shell;
    },
    ahead: (call) => {
      const { pool } = batch.play.run;
      reachOf(call).then(
        (reach) => reach.ok && pool.ahead(reach.value.target),
        // The call meets it as well.
        () => undefined,
      );
    },
    unknown: async (call) => {
      const reach = await reachOf(call);
      const isUnknown = call.context.check && !reach.ok && reach.error.reason === 'not-known';
      return isUnknown ? reach.error.message : undefined;
    },
    isLocal: async (call) => {
      const reach = await reachOf(call);
      return reach.ok && reach.value.target.connection === 'local';
    },
  };
}

/** Whether all that shapes a shell is the same by reference, so that nothing need be evaluated again. */
function sameSetting(one: Call, other: Call): boolean {
  const a = one.task.keywords;
  const b = other.task.keywords;
  if (one.item !== undefined || other.item !== undefined || one.task.role !== other.task.role) return false;
  return (
    a.delegateTo === undefined &&
    b.delegateTo === undefined &&
    a.become === b.become &&
    a.becomeUser === b.becomeUser &&
    a.becomeMethod === b.becomeMethod &&
    a.becomeFlags === b.becomeFlags &&
    a.becomeExe === b.becomeExe &&
    a.remoteUser === b.remoteUser &&
    a.connection === b.connection &&
    a.port === b.port &&
    a.vars.length === b.vars.length &&
    a.vars.every((layer, index) => layer === b.vars[index])
  );
}
