import { exitCodes } from '../../core/exit-codes.ts';
import type { Redactor } from '../../core/redact.ts';
import type { ClusterStatus } from '../../ha/cluster-status.ts';
import type { System } from '../system.ts';
import { statusJson } from './json.ts';
import type { StatusOptions } from './options.ts';
import { createScreen } from './screen.ts';
import { statusText } from './text.ts';

interface Showing {
  readonly options: StatusOptions;
  readonly system: System;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
}

/** Shows one look, or with --watch one after the other until a signal ends it. */
export async function show(look: () => Promise<ClusterStatus>, showing: Showing): Promise<number> {
  const { options, system, signal } = showing;
  if (options.watch === true) return watch(look, showing);
  const status = await look();
  if (signal.aborted) return exitCodes.interrupted;
  system.out.write(`${linesOf(status, showing).join('\n')}\n`);
  return codeOf(status);
}

/** On a terminal each look takes the place of the one before; elsewhere it stands under it, with the time above. */
async function watch(look: () => Promise<ClusterStatus>, showing: Showing): Promise<number> {
  const { options, system, signal } = showing;
  const { out, clock } = system;
  const onScreen = out.isTerminal && options.json !== true;
  const screen = onScreen ? createScreen(out) : undefined;
  let last: readonly string[] = [];
  try {
    while (!signal.aborted) {
      const began = clock.monotonic();
      const status = await look();
      if (signal.aborted) break;
      const time = new Date(clock.now()).toISOString();
      const lines = linesOf(status, showing);
      last = options.json === true ? lines : [`${time}  every ${options.interval} s`, '', ...lines];
      if (screen === undefined) out.write(`${last.join('\n')}\n${options.json === true ? '' : '\n'}`);
      else screen.draw(last);
      await rest(showing, options.interval * 1000 - (clock.monotonic() - began));
    }
  } finally {
    screen?.leave();
  }
  if (screen !== undefined && last.length > 0) out.write(`${last.join('\n')}\n`);
  return exitCodes.interrupted;
}

async function rest({ system, signal }: Showing, ms: number): Promise<void> {
  await system.clock.sleep(Math.max(0, ms), signal).catch(() => undefined);
}

function linesOf(status: ClusterStatus, { options, system, redactor }: Showing): readonly string[] {
  const lines =
    options.json === true
      ? [JSON.stringify(statusJson(status, system.clock.now()))]
      : statusText(status, options.color && system.out.color);
  return lines.map((line) => redactor.text(line));
}

function codeOf({ verdict }: ClusterStatus): number {
  switch (verdict) {
    case 'ok':
      return exitCodes.ok;
    case 'violated':
      return exitCodes.refused;
    case 'unknown':
      return exitCodes.unreachable;
  }
}
