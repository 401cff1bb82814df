import type { InputOptions, OutputOptions } from '../option-values.ts';

/** What `hlb play` was given; absent where it was not. */
export interface PlayOptions extends InputOptions, OutputOptions {
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly startAtTask?: string;
  readonly listHosts?: true;
  readonly listTasks?: true;
  readonly listTags?: true;
  readonly syntaxCheck?: true;
  readonly forks: number;
  readonly check?: true;
  readonly exitCode?: true;
  readonly diff?: true;
  readonly fuse: boolean;
  readonly user?: string;
  readonly privateKey?: string;
  readonly askPass?: true;
  readonly hostKey?: 'strict' | 'accept-new' | 'off';
  readonly connection: 'auto' | 'ssh' | 'openssh' | 'local';
  /** Seconds. */
  readonly timeout: number;
  readonly become?: true;
  readonly becomeUser: string;
  readonly becomeMethod: 'sudo' | 'su' | 'doas';
  readonly askBecomePass?: true;
  readonly becomePasswordFile?: string;
  readonly view: 'auto' | 'lines' | 'terminal';
  readonly json?: true;
  readonly junit?: string;
  readonly verbose?: number;
}
