import { setImmediate } from 'node:timers/promises';
import { tasksBefore } from '../playbook/select.ts';
import { createConnectionPool } from './connections.ts';
import type { RunContext } from './context.ts';
import { type HostState, newHostState } from './host-state.ts';
import { createInputCache } from './inputs.ts';
import type { RunOptions } from './options.ts';

/** What a run shares from its start; whoever made it closes the pool. */
export function createRunContext(options: RunOptions): RunContext {
  const states = new Map<string, HostState>();
  const inventoryChanges: RunContext['inventoryChanges'] = [];
  return {
    inventoryChanges,
    refreshInventory: async () => {
      const read = (await options.readInventory?.()) ?? options.inventory;
      return inventoryChanges.reduce((now, change) => change(now), read);
    },
    options,
    pool: createConnectionPool(options.transport, options.signal),
    inputs: createInputCache(),
    inventory: options.inventory,
    states,
    host: (name) => {
      const before = states.get(name);
      if (before !== undefined) return before;
      const state = newHostState(name);
      states.set(name, state);
      return state;
    },
    takeTurn: createTurns(),
    nextId: createIds(),
    before: options.startAtTask === undefined ? new Set() : tasksBefore(options.playbooks, options.startAtTask),
    halted: undefined,
  };
}

/** One turn for each round of the event loop, in the order that they were asked for. */
function createTurns(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => setImmediate());
    return last;
  };
}

function createIds(): (prefix: string) => string {
  let last = 0;
  return (prefix) => {
    last += 1;
    return `${prefix}-${last}`;
  };
}
