import type { Loader } from '../../engine/options.ts';
import { loadRole, loadTasksFile } from '../../playbook/load-include.ts';
import type { Input } from '../load.ts';

/** What dynamic includes are loaded by. */
export function loaderOf({ loadOptions }: Input): Loader {
  return {
    tasks: (path, include) => loadTasksFile(path, include, loadOptions),
    role: (name, include, from) => loadRole(name, include, loadOptions, from),
  };
}
