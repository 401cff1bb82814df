import type { ModeSpec } from './mode.ts';

/** What the `file` module is asked for, whatever its state. */
export interface PathWish {
  readonly path: string;
  readonly state: string | undefined;
  readonly src: string | undefined;
  readonly recurse: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly modification_time: string | undefined;
  readonly modification_time_format: string;
  readonly access_time: string | undefined;
  readonly access_time_format: string;
  readonly mode: ModeSpec | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
}

/** For `file`'s result and `plan`'s refusals: what is there, in Ansible's words. */
export function stateWord(type: string): string {
  return type === 'directory' || type === 'link' ? type : 'file';
}
