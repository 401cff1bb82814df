import { type Paint, painter } from '../../core/paint.ts';
import { placeText } from '../../core/source.ts';
import type { Judged } from '../../engine/guarding.ts';
import type { PaperBatch, PaperRoll } from '../../engine/rehearsal.ts';
import type { Stopping } from '../../engine/stoppings.ts';

/** A roll on paper, for a person. */
export function planText(roll: PaperRoll, color: boolean): readonly string[] {
  const paint = painter(color);
  const begin = roll.begin.length === 0 ? [] : ['', 'before the first change', ...verdicts(roll.begin, paint)];
  return [
    `${paint('bold', `PLAN [${roll.name}]`)}  ${counted(roll.hosts.length, 'host')}  ${placeText(roll.place)}`,
    `guards: ${roll.guards.join(', ') || 'none, so nothing but failed hosts would stop it'}; hosts that may fail: ${roll.maxFailed}`,
    ...begin,
    ...roll.batches.flatMap((batch, index) => ['', ...batchLines(batch, index, paint)]),
    '',
    ...(roll.refused ? refusalLines(roll, paint) : stoppingLines(roll, paint)),
  ];
}

function batchLines(batch: PaperBatch, index: number, paint: Paint): readonly string[] {
  const lists = batch.work.flatMap(({ host, lists: all }) =>
    all.length === 0 ? [] : [`  ${host} loads ${all.map(listText).join(', then ')}`],
  );
  const away = batch.work.flatMap(({ host, disrupts }) =>
    disrupts.length === 0 ? [] : [`  ${host} is without ${disrupts.map(awayText).join(' and ')} for a while`],
  );
  return [
    `${paint('bold', `batch ${index + 1}`)}: ${batch.hosts.join(', ')}`,
    ...(batch.note === undefined ? [] : [`  ${paint('yellow', batch.note)}`]),
    ...lists,
    ...away,
    ...verdicts(batch.judged, paint),
  ];
}

const listText = (list: readonly string[] | 'unknown'): string =>
  list === 'unknown' ? 'a list that cannot be told ahead' : list.join(', ');

/** The words of `disrupts`, for a sentence. */
function awayText(what: string): string {
  return (
    { api_server: 'its API server', etcd: 'its etcd', balancer: 'its balancer', node: 'all that runs on it' }[what] ??
    what
  );
}

function verdicts(judged: readonly Judged[], paint: Paint): readonly string[] {
  return judged.map(({ guard, verdict, message, help }) => {
    const word = verdict === 'pass' ? paint('green', 'passes') : paint('red', 'refuses');
    return `  ${guard} ${word}: ${message}${help === undefined || verdict === 'pass' ? '' : `. ${help}`}`;
  });
}

function refusalLines({ batches, untouched }: PaperRoll, paint: Paint): readonly string[] {
  const done = batches.filter((one) => !one.refused).flatMap((one) => one.hosts);
  const where = done.length === 0 ? 'before the first change' : `before batch ${batches.length}`;
  return [
    paint('red', `It would be refused ${where}`),
    `  done by then: ${done.join(', ') || 'no host'}; not touched: ${untouched.join(', ')}`,
  ];
}

function stoppingLines({ stoppings, batches }: PaperRoll, paint: Paint): readonly string[] {
  if (stoppings.length === 0)
    return ['No failure of one API server, one member of etcd or one host alone would stop it'];
  const lines = grouped(stoppings).flatMap(([first, hosts]) => [
    `  ${failureText(first, hosts)}, ${momentText(first.batches, batches.length)}: ${first.guard} refuses: ${first.message}`,
    `    done by then: ${first.done.join(', ') || 'no host'}; not touched: ${first.untouched.join(', ')}`,
  ]);
  return [paint('yellow', 'What would stop it, each alone:'), ...lines];
}

/** Hosts whose failure stops it at the same batches, in the same way, are told together. */
function grouped(stoppings: readonly Stopping[]): readonly (readonly [Stopping, readonly string[]])[] {
  const groups = new Map<string, [Stopping, string[]]>();
  for (const stopping of stoppings) {
    const key = JSON.stringify([stopping.failure.kind, stopping.batches, stopping.guard]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [stopping, [stopping.failure.host]]);
    else group[1].push(stopping.failure.host);
  }
  return [...groups.values()];
}

function failureText({ failure }: Stopping, hosts: readonly string[]): string {
  const name = hosts.length === 1 ? hosts.join('') : `one of ${hosts.join(', ')}`;
  if (failure.kind === 'api-down') return `the API server of ${name} dies`;
  if (failure.kind === 'etcd-down') return `the etcd member of ${name} dies`;
  return `${name} cannot be asked`;
}

function momentText(indices: readonly number[], total: number): string {
  if (indices.length === total) return total === 1 ? 'before batch 1' : 'before any batch';
  const numbers = indices.map((index) => index + 1);
  return `before batch${numbers.length === 1 ? '' : 'es'} ${numbers.join(', ')}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
