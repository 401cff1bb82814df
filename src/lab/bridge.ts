import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './run.ts';
import { labNetwork } from './shape.ts';

const interfaces = '/sys/class/net';

/** Interface names have at most 15 characters: the lab's number, not its name. */
export function bridgeName(index: number): string {
  return `hlb-lab${index}`;
}

/** The lab's name stands in the bridge's alias, so that it is found without the lab's state. */
const aliasOf = (lab: string): string => `hlb lab ${lab}`;

/** The bridges of a lab: one, or none. */
export function bridgesOf(lab: string): readonly string[] {
  return readdirSync(interfaces).filter((name) => {
    const alias = join(interfaces, name, 'ifalias');
    return name.startsWith('hlb-lab') && existsSync(alias) && readFileSync(alias, 'utf8').trim() === aliasOf(lab);
  });
}

/** The switch that the hosts of a lab hang on; the machine itself is its first address. */
export async function ensureBridge(lab: string, index: number): Promise<void> {
  const bridge = bridgeName(index);
  if (!bridgeExists(index)) await must('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await must('ip', ['link', 'set', bridge, 'alias', aliasOf(lab)]);
  await must('ip', ['addr', 'replace', `${labNetwork(index).gateway}/24`, 'dev', bridge]);
  await must('ip', ['link', 'set', bridge, 'up']);
}

export async function removeBridges(lab: string): Promise<void> {
  for (const bridge of bridgesOf(lab)) await must('ip', ['link', 'delete', bridge]);
}

export function bridgeExists(index: number): boolean {
  return existsSync(join(interfaces, bridgeName(index)));
}
