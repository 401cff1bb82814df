import type { Term } from '../vars/term.ts';
import type { Loading } from './loading.ts';

/** Ansible has no background for what its controller has a part in. */
const attended = new Set([
  'add_host',
  'assemble',
  'assert',
  'async_status',
  'copy',
  'debug',
  'fail',
  'fetch',
  'group_by',
  'include_vars',
  'pause',
  'raw',
  'reboot',
  'script',
  'set_fact',
  'template',
  'unarchive',
  'validate_argument_spec',
  'wait_for_connection',
]);

export function supportsBackground(module: string): boolean {
  return !attended.has(module);
}

/** A task that asks for it fails whenever it runs, so that it is refused before. */
export function checkBackground(loading: Loading, action: string, module: string, async: Term | undefined): void {
  if (async?.kind !== 'constant' || supportsBackground(module)) return;
  const { value } = async;
  const isAsked = typeof value === 'bigint' || typeof value === 'number' ? value > 0 : Number(value) > 0;
  if (!isAsked) return;
  loading.report.error(
    'playbook/no-background',
    async.at,
    `"${action}" cannot run in the background`,
    'The controller has a part in what this module does; take "async" away',
  );
}
