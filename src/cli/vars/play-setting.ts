import type { Diagnostic } from '../../core/diagnostic.ts';
import { placeText } from '../../core/source.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { Inventory } from '../../inventory/model.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import { type SetByRun, setByRun } from '../../playbook/check/set-by-run.ts';
import type { Loading } from '../../playbook/loading.ts';
import { variablesOfFiles } from '../../playbook/play-variables.ts';
import { literalOfTerm } from '../../playbook/text.ts';
import type { Entry, Play, Playbook, Task } from '../../playbook/tree.ts';
import type { Variables } from '../../vars/term.ts';
import { problem } from '../problem.ts';

/** The place of a playbook at which the variables of a host are asked for. */
export interface PlaySetting {
  readonly play: Play;
  readonly task: Task | undefined;
  readonly files: readonly Variables[];
  /** Where the plays that the host is in set a variable while they run. */
  readonly setByRun: (name: string) => readonly SetByRun[];
}

/** The first play that the host is in, at a task where one is named; what else could be meant is said. */
export function findSetting(
  playbooks: readonly Playbook[],
  loading: Loading,
  inventory: Inventory,
  host: string,
  taskName: string | undefined,
): { readonly setting: PlaySetting | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const plays = playbooks.flatMap((playbook) => playbook.plays).filter((play) => isIn(play, inventory, host));
  const found = plays.flatMap((play): readonly Pick<PlaySetting, 'play' | 'task'>[] => {
    const tasks = play.sections.flatMap((section) => tasksIn(section.entries));
    if (taskName === undefined) return [{ play, task: undefined }];
    return tasks.filter((task) => nameOf(task) === taskName).map((task) => ({ play, task }));
  });
  const [first, ...others] = found;
  if (first === undefined) {
    const tasks = plays.flatMap((play) => play.sections.flatMap((section) => tasksIn(section.entries)));
    const names = tasks.flatMap((task) => nameOf(task) ?? []);
    const missing =
      taskName === undefined
        ? problem('cli/unknown-play', `No play of the playbook is for "${host}"`)
        : problem('cli/unknown-task', `No play for "${host}" has a task "${taskName}"`, didYouMean(taskName, names));
    return { setting: undefined, diagnostics: [missing] };
  }
  const { play, task } = first;
  const from = { file: play.at.source.path, role: undefined, baseDir: play.baseDir };
  const places = others.map((one) => placeText((one.task ?? one.play).at));
  return {
    setting: {
      play,
      task,
      files: variablesOfFiles(loading, play.varsFiles, from),
      setByRun: (name) => setByRun(name, plays, loading),
    },
    diagnostics:
      places.length === 0
        ? []
        : [
            {
              ...problem('cli/several-places', `These are the variables at ${placeText((task ?? play).at)}`),
              severity: 'warning',
              help: `They may be others at ${places.join(', ')}`,
            },
          ],
  };
}

function isIn(play: Play, inventory: Inventory, host: string): boolean {
  const terms = play.hosts.kind === 'list' ? play.hosts.items : [play.hosts];
  const patterns = terms.flatMap((term) => literalOfTerm(term) ?? []);
  // Hosts that are only known when the play runs may be any.
  return patterns.length < terms.length || matchHosts(patterns, inventory).hosts.includes(host);
}

function nameOf(task: Task): string | undefined {
  return literalOfTerm(task.name);
}

function tasksIn(entries: readonly Entry[]): readonly Task[] {
  return entries.flatMap((entry) => {
    if (entry.kind === 'task') return [entry];
    return entry.kind === 'block' ? tasksIn([...entry.entries, ...entry.rescue, ...entry.always]) : [];
  });
}
