import type { InputOptions, OutputOptions } from '../option-values.ts';
import type { ReachOptions } from '../reach-options.ts';

/** What `hlb play` was given; absent where it was not. */
export interface PlayOptions extends InputOptions, OutputOptions, ReachOptions {
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly startAtTask?: string;
  readonly listHosts?: true;
  readonly listTasks?: true;
  readonly listTags?: true;
  readonly syntaxCheck?: true;
  readonly check?: true;
  readonly exitCode?: true;
  readonly diff?: true;
  readonly fuse: boolean;
  readonly view: 'auto' | 'lines' | 'terminal';
  readonly json?: true;
  readonly junit?: string;
  readonly verbose?: number;
}
