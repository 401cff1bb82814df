import type { Event, HostCounts, RunEnd, TaskStart } from '../core/events.ts';
import type { Paint, Style } from '../core/paint.ts';
import { placeText } from '../core/source.ts';
import { textWidth } from '../core/width.ts';
import { counted } from './counted.ts';
import { durationText } from './duration.ts';

/** What a run came to, gathered while it goes. */
export interface Recap {
  readonly check: boolean;
  readonly durationMs: number;
  readonly hosts: Readonly<Record<string, HostCounts>>;
  /** Tasks that ran on at least one host. */
  readonly tasks: number;
  readonly changed: number;
  /** Longest first, by the host that took longest. */
  readonly slowest: readonly SlowTask[];
  readonly roundTrips: number;
}

export interface SlowTask {
  readonly task: TaskStart;
  readonly host: string;
  readonly durationMs: number;
}

const slowFromMs = 1000;
const slowShown = 5;

export interface RecapGatherer {
  readonly emit: (event: Event) => void;
  readonly recap: (end: RunEnd) => Recap;
}

export function createRecap(): RecapGatherer {
  let check = false;
  const tasks = new Map<string, TaskStart>();
  const named = new Set<string>();
  const slowest = new Map<string, SlowTask>();
  return {
    emit: (event) => {
      if (event.type === 'run-start') check = event.check;
      else if (event.type === 'play-start') for (const host of event.hosts) named.add(host);
      else if (event.type === 'task-start') tasks.set(event.taskId, event);
      else if (event.type === 'host-result') {
        const task = tasks.get(event.taskId);
        if (task === undefined || event.durationMs <= (slowest.get(event.taskId)?.durationMs ?? slowFromMs)) return;
        slowest.set(event.taskId, { task, host: event.host, durationMs: event.durationMs });
      }
    },
    recap: ({ durationMs, hosts }) => {
      const sum = (field: keyof HostCounts): number =>
        Object.values(hosts).reduce((total, counts) => total + counts[field], 0);
      return {
        check,
        durationMs,
        // Who only did what others delegated has no row, as with Ansible.
        hosts: Object.fromEntries(
          Object.entries(hosts).filter(([name, counts]) => named.has(name) || hasResults(counts)),
        ),
        tasks: tasks.size,
        changed: sum('changed'),
        slowest: [...slowest.values()].sort((a, b) => b.durationMs - a.durationMs).slice(0, slowShown),
        roundTrips: sum('roundTrips'),
      };
    },
  };
}

function hasResults(counts: HostCounts): boolean {
  return [...columns.map(([field]) => field), 'unknown' as const].some((field) => counts[field] > 0);
}

const columns = [
  ['ok', 'green'],
  ['changed', 'yellow'],
  ['unreachable', 'red'],
  ['failed', 'red'],
  ['skipped', 'cyan'],
  ['rescued', 'yellow'],
  ['ignored', 'yellow'],
] as const satisfies readonly (readonly [keyof HostCounts, Style])[];

/** The last lines of a report: counts a host in Ansible's words, the slowest tasks, the time and the round trips. */
export function recapText(recap: Recap, paint: Paint): readonly string[] {
  const names = Object.keys(recap.hosts);
  const widest = Math.max(0, ...names.map(textWidth));
  const hasUnknown = Object.values(recap.hosts).some((counts) => counts.unknown > 0);
  const shown = hasUnknown ? [...columns, ['unknown', 'yellow'] as const] : columns;
  const width = (field: keyof HostCounts): number =>
    Math.max(0, ...Object.values(recap.hosts).map((counts) => String(counts[field]).length));
  const row = (name: string, counts: HostCounts): string => {
    const cells = shown.map(([field, style]) => {
      const text = `${field}=${counts[field]}`.padEnd(field.length + 1 + width(field));
      return counts[field] === 0 ? paint('dim', text) : paint(style, text);
    });
    const trips = `round-trips=${counts.roundTrips}`;
    const isBad = counts.failed > 0 || counts.unreachable > 0;
    const label = `${name}${' '.repeat(widest - textWidth(name))}`;
    return `${isBad ? paint('red', label) : label} : ${cells.join('  ')}  ${paint('dim', trips)}`;
  };
  return [
    paint('bold', recap.check ? 'RECAP (check mode: nothing was changed)' : 'RECAP'),
    ...names.map((name) => {
      const counts = recap.hosts[name];
      return counts === undefined ? name : row(name, counts);
    }),
    ...slowestText(recap.slowest, paint),
    '',
    totals(recap),
  ];
}

function slowestText(slowest: readonly SlowTask[], paint: Paint): readonly string[] {
  if (slowest.length === 0) return [];
  const times = slowest.map((one) => durationText(one.durationMs));
  const widest = Math.max(...times.map((time) => time.length));
  return [
    '',
    paint('bold', 'SLOWEST TASKS'),
    ...slowest.map(({ task, host }, index) => {
      const time = (times[index] ?? '').padStart(widest);
      return `${time}  ${task.name}  ${paint('dim', `${placeText(task.place)} on ${host}`)}`;
    }),
  ];
}

function totals({ check, hosts, tasks, changed, durationMs, roundTrips }: Recap): string {
  const most = Math.max(0, ...Object.values(hosts).map((counts) => counts.roundTrips));
  const trips = roundTrips === 0 ? '' : `, ${counted(roundTrips, 'round trip')} (at most ${most} a host)`;
  const changes = `${changed} ${check ? 'would change' : 'changed'}`;
  return `${counted(Object.keys(hosts).length, 'host')}, ${counted(tasks, 'task')}, ${changes}, ${durationText(durationMs)}${trips}`;
}
