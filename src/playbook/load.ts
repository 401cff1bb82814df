import type { Diagnostic } from '../core/diagnostic.ts';
import { checkPlaybooks } from './check/check.ts';
import { createLoading, type LoadOptions } from './loading.ts';
import { readPlaybook } from './playbook.ts';
import type { Playbook } from './tree.ts';

export interface LoadedPlaybooks {
  readonly playbooks: readonly Playbook[];
  /** Everything that is wrong in any file that was read. With an error among them nothing may run. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads playbooks with all that they import and checks what can be known before anything runs. */
export function loadPlaybooks(paths: readonly string[], options: LoadOptions): LoadedPlaybooks {
  const texts = new Map<string, string>();
  const readFile = (path: string): string | undefined => {
    const text = options.readFile(path);
    if (text !== undefined) texts.set(path, text);
    return text;
  };
  const loading = createLoading({ ...options, readFile });
  const playbooks = paths.map((path) => readPlaybook(loading, path));
  checkPlaybooks(loading, playbooks, texts);
  return { playbooks, diagnostics: loading.report.all() };
}
