import { existsSync } from 'node:fs';
import { must, run } from './run.ts';
import { labNetwork } from './shape.ts';

/** Interface names have at most 15 characters: the lab's number, not its name. */
export function bridgeName(index: number): string {
  return `hlb-lab${index}`;
}

const exists = (bridge: string): boolean => existsSync(`/sys/class/net/${bridge}`);

/** The switch that the hosts of a lab hang on; the machine itself is its first address. */
export async function ensureBridge(index: number): Promise<void> {
  const bridge = bridgeName(index);
  if (!exists(bridge)) await must('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await must('ip', ['addr', 'replace', `${labNetwork(index).gateway}/24`, 'dev', bridge]);
  await must('ip', ['link', 'set', bridge, 'up']);
}

export async function removeBridge(index: number): Promise<void> {
  if (exists(bridgeName(index))) await run('ip', ['link', 'delete', bridgeName(index)]);
}

export function bridgeExists(index: number): boolean {
  return exists(bridgeName(index));
}
