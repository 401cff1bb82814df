import type { Event, HostResult, TaskStart } from '../core/events.ts';
import { placeText } from '../core/source.ts';

/** JUnit XML of a run: a suite a play, a case for each task on each host. */
export interface Junit {
  readonly emit: (event: Event) => void;
  readonly xml: () => string;
}

interface Suite {
  readonly name: string;
  readonly startedAt: number;
  readonly cases: { readonly task: TaskStart | undefined; readonly result: HostResult }[];
}

export function createJunit(): Junit {
  const suites: Suite[] = [];
  const tasks = new Map<string, TaskStart>();
  return {
    emit: (event) => {
      if (event.type === 'play-start') suites.push({ name: event.name, startedAt: event.at, cases: [] });
      else if (event.type === 'task-start') tasks.set(event.taskId, event);
      else if (event.type === 'host-result') {
        suites.at(-1)?.cases.push({ task: tasks.get(event.taskId), result: event });
      }
    },
    xml: () => `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, suites.map(suiteXml))}\n`,
  };
}

function suiteXml({ name, startedAt, cases }: Suite): string {
  const count = (test: (result: HostResult) => boolean): number => cases.filter(({ result }) => test(result)).length;
  const attributes = {
    name,
    timestamp: new Date(startedAt).toISOString(),
    tests: String(cases.length),
    failures: String(count(isFailure)),
    errors: String(count(isError)),
    skipped: String(count((result) => result.outcome === 'skipped')),
    time: seconds(cases.reduce((sum, { result }) => sum + result.durationMs, 0)),
  };
  return element('testsuite', attributes, cases.map(caseXml));
}

/** What `ignore_errors` or a rescue let pass is no failure of the run. */
function isFailure({ outcome, ignored, rescued }: HostResult): boolean {
  return outcome === 'failed' && !ignored && !rescued;
}

function isError({ outcome, ignored }: HostResult): boolean {
  return outcome === 'unreachable' && !ignored;
}

function caseXml({ task, result }: Suite['cases'][number]): string {
  const place = task === undefined ? {} : { file: task.place.source.path, classname: placeText(task.place) };
  const attributes = {
    name: `[${result.host}] ${task?.name ?? result.taskId}`,
    ...place,
    time: seconds(result.durationMs),
  };
  return element('testcase', attributes, outcomeXml(result));
}

function outcomeXml(result: HostResult): readonly string[] {
  const { outcome, failure, note } = result;
  if (outcome === 'skipped') return [element('skipped', note === undefined ? {} : { message: note }, [])];
  if (isFailure(result) || isError(result)) {
    const details = [failure?.command, failure?.stderr, failure?.help].filter((text) => text !== undefined).join('\n');
    const attributes = { message: failure?.message ?? outcome, type: failure?.reason ?? outcome };
    return [element(isError(result) ? 'error' : 'failure', attributes, details === '' ? [] : [escaped(details)])];
  }
  const said =
    failure === undefined ? outcome : `${outcome} (${result.rescued ? 'rescued' : 'ignored'}): ${failure.message}`;
  return said === 'ok' ? [] : [element('system-out', {}, [escaped(said)])];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function element(name: string, attributes: Readonly<Record<string, string>>, children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  if (children.length === 0) return `<${name}${written.join('')}/>`;
  const isText = children.every((child) => !child.startsWith('<'));
  const inside = isText ? children.join('') : `\n${children.join('\n').replaceAll(/^/gm, '  ')}\n`;
  return `<${name}${written.join('')}>${inside}</${name}>`;
}

/** XML 1.0 has no way to write most control characters. */
function escaped(text: string): string {
  return text
    .replaceAll(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
