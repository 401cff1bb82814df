import type { Event, PlayStart, TaskStart, Warning } from '../core/events.ts';
import { excerpt } from '../core/excerpt.ts';
import type { Paint } from '../core/paint.ts';
import { unreachable } from '../core/result.ts';
import { placeText } from '../core/source.ts';
import { counted } from './counted.ts';
import { printable, printableLines } from './printable.ts';
import { createRecap, recapText } from './recap.ts';
import { hostText, type ItemCounts, isNotable, itemText } from './result-text.ts';
import { warningWord } from './warning-word.ts';

export interface PrinterOptions {
  readonly paint: Paint;
  readonly verbosity: number;
  /** Leaves out what went well: another part of the screen tells that. */
  readonly quiet: boolean;
}

/** Turns events into the lines of the plain report, remembering what is needed for the next one. */
export interface Printer {
  readonly lines: (event: Event) => readonly string[];
}

export function createPrinter({ paint, verbosity, quiet }: PrinterOptions): Printer {
  const recap = createRecap();
  const tasks = new Map<string, TaskStart>();
  /** The task whose header stands above; under `strategy: free` results of several come mixed. */
  let headed: string | undefined;
  /** Items that were told already, by task and host. */
  const items = new Map<string, ItemCounts>();

  function heading(taskId: string): readonly string[] {
    if (headed === taskId) return [];
    headed = taskId;
    const task = tasks.get(taskId);
    return task === undefined ? [] : ['', taskHeading(task, paint)];
  }

  return {
    lines: (event) => {
      recap.emit(event);
      switch (event.type) {
        case 'run-start':
          return event.check ? ['Check mode: nothing is changed'] : [];
        case 'play-start':
          headed = undefined;
          return ['', playHeading(event, paint)];
        case 'play-skipped': {
          const reason = event.reason === 'no-hosts-matched' ? 'no hosts matched' : 'no hosts are left';
          return ['', paint('bold', `PLAY [${printable(event.name)}]`), `skipping: ${reason}`];
        }
        case 'batch-start': {
          headed = undefined;
          const note = event.note === undefined ? '' : ` (${printable(event.note)})`;
          return ['', paint('bold', `BATCH ${event.index} of ${event.total}: ${event.hosts.join(', ')}${note}`)];
        }
        case 'task-start':
          tasks.set(event.taskId, event);
          return quiet ? [] : heading(event.taskId);
        case 'intent':
          if (verbosity === 0) return [];
          return [
            ...heading(event.taskId),
            ...event.changes.map((change) => paint('dim', `  [${event.host}] ${printable(change)}`)),
          ];
        case 'host-retry': {
          const left = counted(event.retriesLeft, 'retry', 'retries');
          const text = `retrying: [${event.host}] attempt ${event.attempt}, ${left} left: ${printable(event.message)}`;
          return [...heading(event.taskId), paint('yellow', text)];
        }
        case 'item-result': {
          const key = `${event.taskId} ${event.host}`;
          const { all, failed } = items.get(key) ?? { all: 0, failed: 0 };
          items.set(key, { all: all + 1, failed: failed + (event.outcome === 'failed' ? 1 : 0) });
          if (quiet && !isNotable(event, tasks.get(event.taskId))) return [];
          return [...heading(event.taskId), ...itemText(event, tasks.get(event.taskId), { paint, verbosity })];
        }
        case 'host-result': {
          const key = `${event.taskId} ${event.host}`;
          const told = items.get(key);
          items.delete(key);
          if (quiet && !isNotable(event, tasks.get(event.taskId))) return [];
          return [...heading(event.taskId), ...hostText(event, tasks.get(event.taskId), { paint, verbosity }, told)];
        }
        case 'guard-verdict': {
          const style = event.verdict === 'pass' ? 'green' : 'red';
          return [paint(style, `guard ${event.guard}: ${event.verdict}: ${printable(event.message)}`)];
        }
        case 'warning':
          return warningText(event, paint);
        case 'run-end':
          return ['', ...recapText(recap.recap(event), paint)];
        default:
          return unreachable(event);
      }
    },
  };
}

function playHeading({ name, hosts, place }: PlayStart, paint: Paint): string {
  return `${paint('bold', `PLAY [${printable(name)}]`)}  ${paint('dim', `${counted(hosts.length, 'host')}  ${placeText(place)}`)}`;
}

function taskHeading({ kind, name, place }: TaskStart, paint: Paint): string {
  const word = kind === 'handler' ? 'HANDLER' : 'TASK';
  return `${paint('bold', `${word} [${printable(name)}]`)}  ${paint('dim', placeText(place))}`;
}

function warningText(event: Warning, paint: Paint): readonly string[] {
  const { message, place } = event;
  const { word, style } = warningWord(event);
  const [first = '', ...rest] = printableLines(message);
  return [
    `${paint(style, `${word}:`)} ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...(place === undefined ? [] : [`  ${paint('bold', placeText(place))}`, ...excerpt(place, paint, style, '    ')]),
  ];
}
