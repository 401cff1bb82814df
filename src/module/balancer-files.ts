import type { Change } from '../host/change.ts';

/** Whether a change may leave another configuration where a service of haproxy reads it. Packages leave what is configured. */
export function mayChangeBalancer(change: Change): boolean {
  switch (change.kind) {
    case 'write-file':
    case 'download':
    case 'make-link':
    case 'remove':
      return isOfBalancer(change.path);
    case 'rename':
      return isOfBalancer(change.from) || isOfBalancer(change.to);
    case 'copy-path':
      return isOfBalancer(change.to);
    case 'run':
      return change.touches === undefined && !isOfPackages(change.command);
    case 'transaction':
      return change.do.some(mayChangeBalancer);
    case 'unpack':
    case 'start-job':
      return true;
    default:
      return false;
  }
}

const isOfBalancer = (path: string): boolean => path.includes('haproxy');

function isOfPackages(command: Extract<Change, { kind: 'run' }>['command']): boolean {
  const [program = ''] = 'argv' in command ? command.argv : [];
  return /(^|\/)(apt-get|dnf|dpkg)$/.test(program);
}
