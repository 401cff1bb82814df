import { isList } from '../../core/value.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import { listTags, listTasks } from '../../playbook/select.ts';
import type { Play } from '../../playbook/tree.ts';
import { constantOf } from '../../vars/constant.ts';
import type { Input } from '../load.ts';
import type { PlayOptions } from './options.ts';

/** What `--list-hosts`, `--list-tasks` and `--list-tags` print, in Ansible's shape; absent where none of them was asked for. */
export function listing(
  { playbooks, inventory }: Input,
  options: PlayOptions,
  limit: ReadonlySet<string> | undefined,
): string | undefined {
  const { listHosts, listTasks: tasks, listTags: tags } = options;
  if (listHosts === undefined && tasks === undefined && tags === undefined) return undefined;
  const choice = { only: options.tags ?? [], skip: options.skipTags ?? [] };
  const lines = playbooks.flatMap((playbook) => {
    const tagsOf = new Map(listTags(playbook, choice).map((one) => [one.play, one.tags]));
    const plays = listTasks(playbook, choice).flatMap((one, index) => {
      const pattern = patternOf(one.play);
      return [
        '',
        `  play #${index + 1} (${pattern ?? '{{ … }}'}): ${one.name}`,
        ...(listHosts === undefined ? [] : hostLines(pattern, inventory, limit)),
        ...(tasks === undefined
          ? []
          : [
              '    tasks:',
              ...one.tasks.map(({ name, role, tags: own }) => {
                const full = role === undefined ? name : `${role} : ${name}`;
                return `      ${full}\tTAGS: [${own.join(', ')}]`;
              }),
            ]),
        ...(tags === undefined ? [] : [`    TASK TAGS: [${(tagsOf.get(one.play) ?? []).join(', ')}]`]),
      ];
    });
    return ['', `playbook: ${playbook.path}`, ...plays];
  });
  return `${lines.join('\n')}\n`;
}

function hostLines(
  pattern: string | undefined,
  inventory: Input['inventory'],
  limit: ReadonlySet<string> | undefined,
): readonly string[] {
  if (pattern === undefined) return ['    hosts: known when the play begins'];
  const hosts = matchHosts(pattern, inventory).hosts.filter((host) => limit?.has(host) !== false);
  return [`    hosts (${hosts.length}):`, ...hosts.map((host) => `      ${host}`)];
}

/** The pattern of a play, where it is no template. */
function patternOf(play: Play): string | undefined {
  const value = constantOf(play.hosts);
  const parts = isList(value) ? value : [value];
  return parts.every((part) => typeof part === 'string') ? parts.join(',') : undefined;
}
