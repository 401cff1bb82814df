import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, localHosts, type PlayOptions, type PlayRun, runPlay } from './run-play.ts';

type Options = PlayOptions & {
  readonly hosts?: number;
  readonly files?: Readonly<Record<string, string>>;
};

interface Plays {
  /** Runs the text of a playbook on as many hosts; `root` is each host's own folder. */
  readonly play: (yaml: string, options?: Options) => Promise<PlayRun>;
  readonly cleanUp: () => void;
}

export function createPlays(): Plays {
  const cleanups: (() => void)[] = [];
  return {
    play: (yaml, { hosts = 1, files = {}, ...rest } = {}) => {
      const made = folder({ 'site.yml': yaml, ...files });
      cleanups.push(made.remove);
      writeFileSync(join(made.dir, 'inventory'), localHosts(hosts, made.dir));
      return runPlay(made.dir, rest);
    },
    cleanUp: () => {
      for (const cleanup of cleanups.splice(0)) cleanup();
    },
  };
}

/** A play on all hosts with these tasks; `head` holds more keywords, indented by two. */
export function tasks(text: string, head = ''): string {
  return `- hosts: all\n  gather_facts: false\n${head}  tasks:\n${text.replace(/^/gm, '    ')}\n`;
}
