import type { Change } from '../host/change.ts';
import { writtenPaths } from '../host/written-paths.ts';

/** Whether a change may leave another configuration where a service of haproxy reads it. Packages leave what is configured. */
export function mayChangeBalancer(change: Change): boolean {
  if (change.kind === 'run') return change.touches === undefined && !isOfPackages(change.command);
  if (change.kind === 'start-job') return true;
  return writtenPaths(change).some(({ path, what }) => what === 'into' || path.includes('haproxy'));
}

function isOfPackages(command: Extract<Change, { kind: 'run' }>['command']): boolean {
  const [program = ''] = 'argv' in command ? command.argv : [];
  return /(^|\/)(apt-get|dnf)$/.test(program);
}
