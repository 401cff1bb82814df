import type { Task } from '../playbook/tree.ts';
import type { Doubt, HostState } from './host-state.ts';
import { isTakenAtItsWord } from './planning.ts';
import { anything, onlyReads } from './pretended.ts';

/** What nobody can know of a host behind a task that nobody can foresee. */
export function raiseDoubt(task: Task, host: HostState, because: string): void {
  const { module, args, at } = task;
  if (module.name === 'set_fact' && args.kind === 'mapping') {
    for (const name of args.entries.keys()) {
      if (name.includes('{{')) doubtHost(host, because, 'run-end');
      else host.setFacts.set(name, { term: { kind: 'unknown', because, at }, level: 'set-fact', origin: 'set_fact' });
    }
  } else if (module.name === 'set_fact' || module.name === 'include_vars') {
    doubtHost(host, because, 'run-end');
  } else if (!onlyReads(module) && !isTakenAtItsWord(task)) host.pretended.push({ change: anything, task });
}

/** From here on nobody knows of any task on the host whether it would run, or with what. */
export function doubtHost(host: HostState, because: string, until: Doubt['until']): void {
  if (host.doubt?.until !== 'run-end') host.doubt = { because, until };
}
