import type { Clock } from '../core/clock.ts';
import type { Event, Outcome } from '../core/events.ts';
import { type Paint, painter } from '../core/paint.ts';
import { counted } from './counted.ts';
import { elapsedText } from './duration.ts';
import { createLiveArea } from './live-area.ts';
import { printable } from './printable.ts';
import { createPrinter } from './printer.ts';
import { outcomeStyles } from './result-text.ts';
import { createTaskRows, type TaskRow } from './task-rows.ts';
import type { View } from './view.ts';

export interface TerminalOptions {
  readonly write: (text: string) => void;
  readonly color: boolean;
  readonly verbosity: number;
  readonly clock: Clock;
}

/** At most ten frames a second. */
const frameMs = 100;
/** Rows of tasks under way; whatever their number, the screen does not grow. */
const maxRows = 6;

/**
 * The view for a person at a terminal: one row a task, written for good when the task is over; failures, warnings and
 * diffs in full above; what is under way at the bottom.
 */
export function createTerminalView({ write, color, verbosity, clock }: TerminalOptions): View {
  const paint = painter(color);
  const printer = createPrinter({ paint, verbosity, quiet: verbosity === 0 });
  const rows = createTaskRows();
  const live = createLiveArea();
  let above: string[] = [];
  let footer: Footer | undefined;
  let frame = 0;
  let isSuspended = false;
  let drawing = Promise.resolve();

  async function draw(): Promise<void> {
    if (isSuspended) return;
    frame += 1;
    if (above.length > 0) await flush();
    if (footer !== undefined) live.draw(frameLines(rows.running(), footer, { paint, clock, frame }));
  }

  async function flush(): Promise<void> {
    await live.clear();
    if (above.length > 0) write(`${above.join('\n')}\n`);
    above = [];
  }

  const timer = setInterval(() => {
    drawing = drawing.then(draw);
  }, frameMs);

  return {
    emit: (event) => {
      footer = footerAfter(footer, event, clock);
      const lines = printer.lines(event);
      const over = rows.emit(event).map((row) => rowText(row, paint));
      // What went wrong stands above the row that counts it; a new play below the last row of the one before.
      above.push(...(event.type === 'host-result' ? [...lines, ...over] : [...over, ...lines]));
    },
    suspend: async () => {
      isSuspended = true;
      await drawing;
      await flush();
    },
    resume: () => {
      isSuspended = false;
    },
    end: async () => {
      clearInterval(timer);
      await drawing;
      await flush();
    },
  };
}

const symbols = {
  failed: '✖',
  unreachable: '✖',
  unknown: '?',
  changed: '●',
  ok: '✔',
  skipped: '↷',
} as const satisfies Record<Outcome, string>;
/** The worst first: it gives the row its symbol. */
const outcomes = ['failed', 'unreachable', 'unknown', 'changed', 'ok', 'skipped'] as const;

function rowText({ task, counts }: TaskRow, paint: Paint): string {
  const present = outcomes.filter((outcome) => counts.has(outcome));
  const [worst = 'ok'] = present;
  return `${paint(outcomeStyles[worst], symbols[worst])} ${printable(task.name)}  ${countsText(counts, paint)}`;
}

function countsText(counts: TaskRow['counts'], paint: Paint): string {
  return outcomes
    .flatMap((outcome) => {
      const count = counts.get(outcome);
      return count === undefined ? [] : [paint(outcomeStyles[outcome], `${count} ${outcome}`)];
    })
    .join(paint('dim', ' · '));
}

interface Footer {
  readonly play: string;
  readonly hosts: number;
  readonly tasks: number;
  readonly since: number;
}

function footerAfter(footer: Footer | undefined, event: Event, clock: Clock): Footer | undefined {
  if (event.type === 'play-start') {
    const since = footer?.since ?? clock.monotonic();
    return { play: event.name, hosts: event.hosts.length, tasks: footer?.tasks ?? 0, since };
  }
  if (event.type === 'task-start' && footer !== undefined) return { ...footer, tasks: footer.tasks + 1 };
  return event.type === 'run-end' ? undefined : footer;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

function frameLines(
  running: readonly TaskRow[],
  { play, hosts, tasks, since }: Footer,
  { paint, clock, frame }: { readonly paint: Paint; readonly clock: Clock; readonly frame: number },
): readonly string[] {
  const spin = paint('cyan', spinner[frame % spinner.length] ?? '');
  const shown = running.slice(0, maxRows).map(({ task, counts, busy }) => {
    const on =
      busy.size === 0 ? '' : paint('dim', busy.size > 3 ? `on ${busy.size} hosts` : `on ${[...busy].join(', ')}`);
    return `${spin} ${printable(task.name)}  ${[countsText(counts, paint), on].filter((text) => text !== '').join('  ')}`;
  });
  const more = running.length - shown.length;
  const time = elapsedText(Math.floor((clock.monotonic() - since) / 1000));
  return [
    ...shown,
    ...(more > 0 ? [paint('dim', `  and ${counted(more, 'more task', 'more tasks')}`)] : []),
    `${spin} ${paint('dim', `${printable(play)} · ${counted(hosts, 'host')} · ${counted(tasks, 'task')} · ${time}`)}`,
  ];
}
