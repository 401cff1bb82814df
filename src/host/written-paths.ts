import { unreachable } from '../core/result.ts';
import type { Change } from './change.ts';

export interface WrittenPath {
  readonly path: string;
  /** `tree`: with all that lies below; `into`: something below, and nobody knows what. */
  readonly what: 'file' | 'tree' | 'into';
}

/** Where a change writes, replaces or removes content, as far as it says so: a command says nothing. */
export function writtenPaths(change: Change): readonly WrittenPath[] {
  switch (change.kind) {
    case 'write-file':
    case 'download':
      return [{ path: change.path, what: 'file' }];
    case 'make-link':
    case 'remove':
      return [{ path: change.path, what: 'tree' }];
    case 'rename':
      return [change.from, change.to].map((path) => ({ path, what: 'tree' }));
    case 'copy-path':
      return [{ path: change.to, what: change.recursive ? 'tree' : 'file' }];
    case 'unpack':
      return [{ path: change.into, what: 'into' }];
    case 'transaction':
      return change.do.flatMap(writtenPaths);
    case 'make-directory':
    case 'set-attributes':
    case 'touch':
    case 'systemctl':
    case 'run':
    case 'start-job':
    case 'wait-until':
    case 'reboot':
      return [];
    default:
      return unreachable(change);
  }
}
