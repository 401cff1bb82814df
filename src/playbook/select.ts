import type { Location } from '../core/source.ts';
import type { Term } from '../vars/term.ts';
import { literalOfTerm } from './text.ts';
import type { Entry, Include, Play, Playbook, Task } from './tree.ts';

/** What `--tags` and `--skip-tags` ask for. Nothing in `only` asks for all. */
export interface TagChoice {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/**
 * Ansible's rule: `always` runs unless it is skipped by name (`--skip-tags always`), `never` only where one of the tags is
 * asked for by name; `tagged`, `untagged` and `all` stand for what they say.
 */
export function isSelected(tags: readonly string[], choice: TagChoice): boolean {
  const own = tags.length === 0 ? ['untagged'] : tags;
  return isAskedFor(own, choice.only) && !isSkipped(own, choice.skip);
}

function isAskedFor(own: readonly string[], only: readonly string[]): boolean {
  const wanted = only.length === 0 ? ['all'] : only;
  if (own.includes('always') || own.some((tag) => wanted.includes(tag))) return true;
  if (own.includes('never')) return false;
  return wanted.includes('all') || (wanted.includes('tagged') && !own.includes('untagged'));
}

function isSkipped(own: readonly string[], skip: readonly string[]): boolean {
  if (skip.includes('all')) return !own.includes('always') || skip.includes('always');
  return own.some((tag) => skip.includes(tag)) || (skip.includes('tagged') && !own.includes('untagged'));
}

/** A task or include as `--list-tasks` prints it. */
export interface ListedTask {
  readonly at: Location;
  readonly name: string;
  readonly tags: readonly string[];
  readonly role?: string;
}

export interface ListedPlay {
  readonly play: Play;
  readonly name: string;
  readonly tasks: readonly ListedTask[];
}

/** The tasks that a choice leaves, in their order; what dynamic includes bring is not known yet. */
export function listTasks(playbook: Playbook, choice: TagChoice): readonly ListedPlay[] {
  return playbook.plays.map((play) => ({
    play,
    name: termText(play.name) ?? termText(play.hosts) ?? '',
    tasks: play.sections
      .flatMap((section) => leaves(section.entries))
      .filter((entry) => isSelected(entry.keywords.tags, choice))
      .map((entry) => ({
        at: entry.at,
        name: entryName(entry),
        tags: entry.keywords.tags,
        ...(entry.role === undefined ? {} : { role: entry.role.name }),
      })),
  }));
}

/** All tags of the tasks that a choice leaves, for each play, sorted. */
export function listTags(
  playbook: Playbook,
  choice: TagChoice,
): readonly { readonly play: Play; readonly tags: readonly string[] }[] {
  return listTasks(playbook, choice).map(({ play, tasks }) => ({
    play,
    tags: [...new Set(tasks.flatMap((task) => task.tags))].sort(),
  }));
}

/** Tasks and includes of a list with those in its blocks, in the order they stand. */
export function leaves(entries: readonly Entry[]): readonly (Task | Include)[] {
  return entries.flatMap((entry) =>
    entry.kind === 'block' ? leaves([...entry.entries, ...entry.rescue, ...entry.always]) : [entry],
  );
}

/** The name of a task as `--list-tasks` and `--start-at-task` have it; templates stay as written. */
export function entryName(entry: Task | Include): string {
  const own = termText(entry.name);
  if (own !== undefined) return own;
  if (entry.kind === 'task') return entry.action;
  return entry.what === 'role'
    ? `include_role : ${termText(entry.target) ?? ''}`
    : `include_tasks ${termText(entry.target) ?? ''}`;
}

/**
 * The id of the first task whose name `--start-at-task` gives: the name itself, `role : name`, or a pattern with `*`
 * and `?`. Absent where no static task has it.
 */
export function startTask(playbooks: readonly Playbook[], name: string): string | undefined {
  const pattern = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const all = playbooks
    .flatMap((playbook) => playbook.plays)
    .flatMap((play) => play.sections)
    .flatMap((section) => leaves(section.entries));
  const names = (entry: Task | Include): readonly string[] => {
    const own = entryName(entry);
    return entry.role === undefined ? [own] : [own, `${entry.role.name} : ${own}`];
  };
  return all.find((entry) => names(entry).some((one) => one === name || pattern.test(one)))?.id;
}

/** The ids of what stands before the task that `--start-at-task` names, with the gathering of facts of earlier plays. */
export function tasksBefore(playbooks: readonly Playbook[], name: string): ReadonlySet<string> {
  const start = startTask(playbooks, name);
  const ids = playbooks
    .flatMap((playbook) => playbook.plays)
    .flatMap((play) => [
      gatherId(play),
      ...leaves(play.sections.flatMap((section) => section.entries)).map(({ id }) => id),
    ]);
  const before = new Set(ids.slice(0, start === undefined ? 0 : ids.indexOf(start)));
  // The play that it stands in begins as a play does.
  for (const play of playbooks.flatMap((playbook) => playbook.plays)) {
    if (start?.startsWith(`${play.id}/`) === true) before.delete(gatherId(play));
  }
  return before;
}

/** The id of the task that gathers a play's facts. */
export function gatherId(play: Pick<Play, 'id'>): string {
  return `${play.id}#gather_facts`;
}

function termText(term: Term | undefined): string | undefined {
  if (term?.kind === 'template') return term.template.text;
  if (term?.kind === 'list') return term.items.map(termText).join(',');
  return literalOfTerm(term);
}
